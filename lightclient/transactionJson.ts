/** Reading the answers of the RPC methods tx and block_results. */
import { MAX_BLOCK_ITEMS, MAX_BLOCK_SIZE } from '../wire/block.ts';
import {
  mismatch,
  type Read,
  readBase64,
  readInt64,
  readInteger,
  readList,
  readObject,
  readOptional,
  readSmallInteger,
} from '../wire/json/read.ts';
import { MAX_MERKLE_AUNTS, type MerkleProof } from '../wire/merkle.ts';
import type { DeterministicTxResult } from '../wire/types.ts';
import type { ServedTransaction } from './provider.ts';

const NO_BYTES = new Uint8Array(0);

const readHeight = readInteger(1n, (1n << 63n) - 1n);
const readPlace = readInteger(0n, BigInt(MAX_BLOCK_ITEMS));
const readHash = readBase64(32);

const readFullHash: Read<Uint8Array> = (json, path) => {
  const hash = readHash(json, path);
  if (hash.length === 32) return hash;
  throw mismatch(path, '32 bytes in base64', json);
};

const readMerkleProof: Read<MerkleProof> = (json, path) => {
  const field = readObject(json, path);
  return {
    index: Number(field('index', readPlace)),
    total: Number(field('total', readPlace)),
    leafHash: field('leaf_hash', readFullHash),
    aunts: field('aunts', readOptional(readList(readFullHash, MAX_MERKLE_AUNTS), [])),
  };
};

const readProof: Read<MerkleProof> = (json, path) =>
  readObject(json, path)('proof', readMerkleProof);

/** The answer of tx with `prove`. */
export const servedTransactionFromJson: Read<ServedTransaction> = (json, path) => {
  const field = readObject(json, path);
  return {
    height: field('height', readHeight),
    transaction: field('tx', readBase64(MAX_BLOCK_SIZE)),
    proof: field('proof', readProof),
  };
};

const readTxResult: Read<DeterministicTxResult> = (json, path) => {
  const field = readObject(json, path);
  return {
    code: field('code', readOptional(readSmallInteger(0, 0xffff_ffff), 0)),
    data: field('data', readOptional(readBase64(MAX_BLOCK_SIZE), NO_BYTES)),
    gasWanted: field('gas_wanted', readOptional(readInt64, 0n)),
    gasUsed: field('gas_used', readOptional(readInt64, 0n)),
  };
};

/** Of the answer of block_results, what LastResultsHash covers; the height is that of the answer. */
export const txResultsFromJson: Read<{ height: bigint; results: DeterministicTxResult[] }> = (
  json,
  path,
) => {
  const field = readObject(json, path);
  const readResults = readOptional(readList(readTxResult, MAX_BLOCK_ITEMS), []);
  return { height: field('height', readHeight), results: field('txs_results', readResults) };
};
