/** Accounts of which several keys sign: what a simulation of gas has among the others. */
import { accountKeyOf, addressOfKey } from '../chain/app/accountKeys.ts';
import { formatAddress } from '../wire/address.ts';
import { LegacyAminoPubKey } from '../wire/gen/cosmos/crypto/multisig/keys.ts';
import { MultiSignature } from '../wire/gen/cosmos/crypto/multisig/v1beta1/multisig.ts';
import { SignMode } from '../wire/gen/cosmos/tx/signing/v1beta1/signing.ts';
import { anyKey, keyOf, type SimulatedAccount } from './accounts.ts';

/** How many keys an account has, at most 7, and how many of them sign. */
export interface MultisigSize {
  readonly keys: number;
  readonly signers: number;
}

const AMINO = { single: { mode: SignMode.SIGN_MODE_LEGACY_AMINO_JSON } };

/** The account of that number with that many keys, of which the first ones sign. */
export function multisigAt(
  index: number,
  prefix: string,
  { keys: count, signers: threshold }: MultisigSize,
): SimulatedAccount {
  const keys = Array.from({ length: count }, (_, i) => keyOf(`simulated account ${index}/${i}`));
  const publicKey = {
    typeUrl: '/cosmos.crypto.multisig.LegacyAminoPubKey',
    value: LegacyAminoPubKey.encode({ threshold, publicKeys: keys.map(anyKey) }).finish(),
  };
  const addressBytes = addressOfKey(accountKeyOf(publicKey));
  const signing = keys.slice(0, threshold);
  // The first key has the highest bit.
  const elems = Uint8Array.of((0xff << (8 - threshold)) & 0xff);
  const bitarray = { extraBitsStored: count, elems };
  return {
    address: formatAddress(prefix, addressBytes),
    addressBytes,
    publicKey,
    modeInfo: { multi: { bitarray, modeInfos: signing.map(() => AMINO) } },
    sign: (tx) => {
      const message = tx.amino();
      const signatures = signing.map((key) => key.sign(message));
      return MultiSignature.encode({ signatures }).finish();
    },
  };
}
