/** Which `.proto` texts there are, and what tells them from others. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { packageRoot, protoFiles } from './protoPath.ts';
import { SDK_050_ADDITIONS } from './sdk050.ts';

/** Texts of the packages that are taken, with all that they import. */
export const COSMOS_FILES: readonly string[] = [
  'google/protobuf/empty.proto',
  'cosmos/auth/v1beta1/query.proto',
  'cosmos/auth/v1beta1/genesis.proto',
  'cosmos/bank/v1beta1/tx.proto',
  'cosmos/bank/v1beta1/query.proto',
  'cosmos/bank/v1beta1/genesis.proto',
  'cosmos/bank/v1beta1/authz.proto',
  'cosmos/feegrant/v1beta1/tx.proto',
  'cosmos/feegrant/v1beta1/query.proto',
  'cosmos/feegrant/v1beta1/genesis.proto',
  'cosmos/staking/v1beta1/tx.proto',
  'cosmos/staking/v1beta1/query.proto',
  'cosmos/staking/v1beta1/genesis.proto',
  'cosmos/upgrade/v1beta1/tx.proto',
  'cosmos/upgrade/v1beta1/query.proto',
  'cosmos/tx/v1beta1/tx.proto',
  'cosmos/tx/v1beta1/service.proto',
  'cosmos/base/tendermint/v1beta1/query.proto',
  'cosmos/base/abci/v1beta1/abci.proto',
  'cosmos/crypto/secp256k1/keys.proto',
  'cosmos/crypto/ed25519/keys.proto',
  'cosmos/crypto/secp256r1/keys.proto',
  'cosmos/crypto/multisig/keys.proto',
];

/** The folder of depind's own texts. */
export function ownFolder(): string {
  return join(packageRoot(), 'proto');
}

/**
 * The checksum of all texts that a change of this project can change: its own, what it adds to those of the packages, and
 * which of those it takes. The packages themselves are pinned.
 */
export function checksumOfTexts(): number {
  const folder = ownFolder();
  const texts = protoFiles(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  return crc32(JSON.stringify([COSMOS_FILES, SDK_050_ADDITIONS, texts]));
}
