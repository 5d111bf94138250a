/** The roots of all stores at one version, and the AppHash over them (store/types/commit_info.go). */
import { compareBytes, concatBytes, fromUtf8, toUtf8 } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import type { InnerOp, SingleProof } from '../../wire/ics23/index.ts';
import { merkleProof, merkleRoot } from '../../wire/merkle.ts';
import { ByteReader } from './byteReader.ts';
import { ByteWriter } from './byteWriter.ts';
import { innerOp, leafOp } from './proofOps.ts';

/** Most stores one application may have. */
export const MAX_STORES = 1000;

const HASH_BYTES = 32;

/** A store's name and root hash, 32 bytes. */
export interface StoreHash {
  readonly name: string;
  readonly hash: Uint8Array;
}

/** Names in the order of the AppHash: by their bytes. */
export function sortedNames(names: readonly string[]): string[] {
  return [...names].sort((a, b) => compareBytes(toUtf8(a), toUtf8(b)));
}

/** The AppHash, 32 bytes, over stores sorted by name. */
export function appHashOf(stores: readonly StoreHash[]): Uint8Array {
  return merkleRoot(stores.map(leafOf));
}

/** uv(length) ‖ name ‖ uv(32) ‖ sha256(root hash) (store/internal/maps, KVPair.Bytes). */
function leafOf({ name, hash }: StoreHash): Uint8Array {
  return new ByteWriter().bytes(toUtf8(name)).bytes(sha256(hash)).take();
}

/**
 * The proof that the store `name` has its root hash under the AppHash.
 * @throws RangeError when there is no such store.
 */
export function proveStore(stores: readonly StoreHash[], name: string): SingleProof {
  const index = stores.findIndex((store) => store.name === name);
  const { aunts, total } = merkleProof(stores.map(leafOf), index);
  const path = pathOps(aunts, index, total);
  const leaf = leafOp(Uint8Array.of(0));
  return {
    kind: 'exist',
    exist: { key: toUtf8(name), value: stores[index]!.hash, leaf, path },
  };
}

function pathOps(aunts: readonly Uint8Array[], index: number, total: number): InnerOp[] {
  const ops: InnerOp[] = [];
  let place = index;
  for (let width = total; width > 1; width = Math.ceil(width / 2)) {
    const isRight = place % 2 === 1;
    if (isRight || place + 1 < width) ops.push(stepPast(aunts[ops.length]!, isRight));
    place = Math.floor(place / 2);
  }
  return ops;
}

/** sha256(0x01 ‖ left ‖ right) around a child on one side. */
function stepPast(aunt: Uint8Array, isRight: boolean): InnerOp {
  const prefix = Uint8Array.of(1);
  return isRight ? innerOp(concatBytes(prefix, aunt), new Uint8Array(0)) : innerOp(prefix, aunt);
}

/** What is on record of a version: its stores in the order of the AppHash, and where its changes are. */
export interface CommitInfo {
  readonly stores: readonly StoreHash[];
  /** Chunks of changes that this version has in the log. */
  readonly logChunks: number;
  /** Bytes of the log from the first version up to and with this one, also of what is gone by now. */
  readonly logBytes: number;
}

/** The content of a version's record: count of stores, then name and root hash of each; the figures of the log. */
export function encodeCommitInfo({ stores, logChunks, logBytes }: CommitInfo): Uint8Array {
  const writer = new ByteWriter().unsigned(stores.length);
  for (const { name, hash } of stores) writer.bytes(toUtf8(name)).raw(hash);
  return writer.unsigned(logChunks).unsigned(logBytes).take();
}

/** @throws TypeError when the content is not what `encodeCommitInfo` writes. */
export function decodeCommitInfo(content: Uint8Array): CommitInfo {
  const reader = new ByteReader(content, 'commit record');
  const count = reader.unsigned();
  if (count > MAX_STORES) throw reader.fail(`${count} stores, expected at most ${MAX_STORES}`);
  const stores: StoreHash[] = [];
  for (let i = 0; i < count; i++) {
    const name = fromUtf8(reader.bytes(), 'store name');
    stores.push({ name, hash: reader.take(HASH_BYTES).slice() });
  }
  const logChunks = reader.unsigned();
  const logBytes = reader.unsigned();
  reader.end();
  return { stores, logChunks, logBytes };
}
