/** Blocks: protobuf form, the hashes of their content, and the parts that they travel in. */
import { equalBytes } from './bytes.ts';
import { decodeCommit, encodeCommit } from './commit.ts';
import { sha256 } from './hash.ts';
import { decodeHeader, encodeHeader, hashHeader } from './header.ts';
import { merkleRoot } from './merkle.ts';
import {
  type MessageShape,
  type ProtoField,
  ProtoReader,
  ProtoWriter,
  readFields,
} from './protobuf.ts';
import type { Block, BlockId, PartSetHeader } from './types.ts';

/** Bytes of each part of a block but the last. */
export const BLOCK_PART_SIZE = 65_536;
/** Largest encoded block that any chain may have: 100 MiB. */
export const MAX_BLOCK_SIZE = 104_857_600;
/** Most transactions or pieces of evidence that are read from one block. */
export const MAX_BLOCK_ITEMS = 1_000_000;

// The room that CometBFT 0.38.26 keeps free around the transactions, in bytes. Since that release
// each signature counts as one of ML-DSA-65 (3309 bytes); before, it was 111 bytes a validator.
const MAX_BLOCK_OVERHEAD = 11n;
const MAX_HEADER_SIZE = 626n;
const MAX_COMMIT_OVERHEAD = 94n;
const MAX_COMMIT_SIG_SIZE = 3309n + 20n + 1n + 14n + 11n + 3n;

const BLOCK_SHAPE: MessageShape = {
  1: { name: 'header', wireType: 2 },
  2: { name: 'data', wireType: 2 },
  3: { name: 'evidence', wireType: 2 },
  4: { name: 'last_commit', wireType: 2 },
};

/** Both kinds of evidence: duplicate_vote_evidence and light_client_attack_evidence. */
const EVIDENCE_SHAPE: MessageShape = {
  1: { name: 'duplicate_vote_evidence', wireType: 2 },
  2: { name: 'light_client_attack_evidence', wireType: 2 },
};

/** A tendermint.types.Block. */
export function encodeBlock(block: Block): Uint8Array {
  return new ProtoWriter()
    .message(1, encodeHeader(block.header))
    .message(2, encodeList(block.transactions))
    .message(3, encodeList(block.evidence))
    .message(4, encodeCommit(block.lastCommit))
    .finish();
}

/**
 * The block that canonical bytes hold. Transactions and evidence stay as they are.
 * @throws TypeError for bytes over `MAX_BLOCK_SIZE`, unknown, repeated, mistyped or missing fields,
 * and for any other encoding of the same.
 */
export function decodeBlock(bytes: Uint8Array, title = 'block'): Block {
  if (bytes.length > MAX_BLOCK_SIZE) {
    throw new TypeError(`${title}: expected up to ${MAX_BLOCK_SIZE} bytes, got ${bytes.length}`);
  }
  const fields = new Map(readFields(bytes, title, BLOCK_SHAPE).map((f) => [f.number, f]));
  const block: Block = {
    header: decodeHeader(mustHave(fields, 1, title), `${title}.header`),
    transactions: decodeList(mustHave(fields, 2, title), `${title}.data.txs`),
    evidence: decodeList(mustHave(fields, 3, title), `${title}.evidence.evidence`),
    lastCommit: decodeCommit(mustHave(fields, 4, title), `${title}.last_commit`),
  };
  for (const [index, item] of block.evidence.entries()) {
    evidenceContent(item, `${title}.evidence.evidence[${index}]`);
  }
  if (!equalBytes(encodeBlock(block), bytes)) {
    throw new TypeError(`${title}: expected the canonical encoding`);
  }
  return block;
}

function mustHave(fields: ReadonlyMap<number, ProtoField>, number: number, title: string) {
  const field = fields.get(number);
  if (field) return field.bytes;
  throw new TypeError(`${title}.${BLOCK_SHAPE[number]!.name}: expected a message, got none`);
}

/** Data and EvidenceList have the same form: field 1, repeated. */
function encodeList(items: readonly Uint8Array[]): Uint8Array {
  const writer = new ProtoWriter();
  for (const item of items) writer.message(1, item);
  return writer.finish();
}

/** Reads item by item, so that a flood of empty ones ends at the limit. */
function decodeList(bytes: Uint8Array, title: string): Uint8Array[] {
  const reader = new ProtoReader(bytes, title);
  const items: Uint8Array[] = [];
  while (!reader.done) {
    const field = reader.field();
    if (field.number !== 1 || field.wireType !== 2) {
      throw reader.fail(`field ${field.number} of wire type ${field.wireType} is unknown`);
    }
    if (items.length === MAX_BLOCK_ITEMS) throw reader.fail(`over ${MAX_BLOCK_ITEMS} items`);
    items.push(field.bytes);
  }
  return items;
}

/** The hash that names a transaction in queries and trees: sha256, 32 bytes. */
export function txHash(tx: Uint8Array): Uint8Array {
  return sha256(tx);
}

/** DataHash, 32 bytes: the Merkle root whose leaves are the hashes of the transactions. */
export function hashTransactions(txs: readonly Uint8Array[]): Uint8Array {
  return merkleRoot(txs.map(txHash));
}

/**
 * EvidenceHash, 32 bytes, over encoded tendermint.types.Evidence messages: its leaves are their
 * content, without the wrapper that says which kind it is.
 * @throws TypeError for an item that does not hold exactly one piece of evidence.
 */
export function hashEvidence(list: readonly Uint8Array[]): Uint8Array {
  return merkleRoot(list.map((item, index) => evidenceContent(item, `evidence[${index}]`)));
}

function evidenceContent(item: Uint8Array, title: string): Uint8Array {
  const fields = readFields(item, title, EVIDENCE_SHAPE);
  if (fields.length === 1) return fields[0]!.bytes;
  throw new TypeError(`${title}: expected one piece of evidence, got ${fields.length}`);
}

/** The parts of an encoded block and the header that names them; views, not copies. */
export function splitParts(blockBytes: Uint8Array): { header: PartSetHeader; parts: Uint8Array[] } {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < blockBytes.length; start += BLOCK_PART_SIZE) {
    parts.push(blockBytes.subarray(start, start + BLOCK_PART_SIZE));
  }
  return { header: { total: parts.length, hash: merkleRoot(parts) }, parts };
}

/** The id of a block and its encoded size in bytes. Cost: encodes and hashes the whole block. */
export function blockIdOf(block: Block): { blockId: BlockId; size: number } {
  const bytes = encodeBlock(block);
  const { header: parts } = splitParts(bytes);
  return { blockId: { hash: hashHeader(block.header), parts }, size: bytes.length };
}

/**
 * Bytes left for transactions in a block of `maxBytes` with so much evidence and so many validators
 * in its last commit. @throws RangeError when the rest alone does not fit.
 */
export function maxDataBytes(
  maxBytes: bigint,
  evidenceBytes: bigint,
  validatorCount: number,
): bigint {
  const commit = MAX_COMMIT_OVERHEAD + MAX_COMMIT_SIG_SIZE * BigInt(validatorCount);
  const left = maxBytes - MAX_BLOCK_OVERHEAD - MAX_HEADER_SIZE - commit - evidenceBytes;
  if (left >= 0n) return left;
  throw new RangeError(`maxBytes: expected at least ${maxBytes - left}, got ${maxBytes}`);
}
