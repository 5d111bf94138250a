/** The roots of all stores at one version, and the AppHash over them (store/types/commit_info.go). */
import { compareBytes, concatBytes, fromUtf8, toUtf8 } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import type { CommitmentProof, InnerOp } from '../../wire/ics23/index.ts';
import { merkleProof, merkleRoot } from '../../wire/merkle.ts';
import { ProtoReader } from '../../wire/protobuf.ts';
import { ByteWriter } from './byteWriter.ts';
import type { StoredNode } from './node.ts';
import { readBytes, readNumber, readStoredNode, writeStoredNode } from './nodeRecord.ts';
import { innerOp, leafOp } from './treeProof.ts';

/** Most stores one application may have. */
export const MAX_STORES = 1000;

/** The saved root of one store; undefined when the store has no keys. */
export interface StoreRoot {
  readonly name: string;
  readonly root: StoredNode | undefined;
}

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
export function proveStore(stores: readonly StoreHash[], name: string): CommitmentProof {
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

/** The content of a version's record: count, then name, 0 or 1, and the root, store by store. */
export function encodeCommitInfo(stores: readonly StoreRoot[]): Uint8Array {
  const writer = new ByteWriter().unsigned(stores.length);
  for (const { name, root } of stores) {
    writer.bytes(toUtf8(name)).unsigned(root === undefined ? 0 : 1);
    if (root !== undefined) writeStoredNode(writer, root);
  }
  return writer.take();
}

/** @throws TypeError when the content is not what `encodeCommitInfo` writes. */
export function decodeCommitInfo(content: Uint8Array): StoreRoot[] {
  const reader = new ProtoReader(content, 'commit record');
  const count = readNumber(reader);
  if (count > MAX_STORES) throw reader.fail(`${count} stores, expected at most ${MAX_STORES}`);
  const stores: StoreRoot[] = [];
  for (let i = 0; i < count; i++) {
    const name = fromUtf8(readBytes(reader), 'store name');
    const root = readNumber(reader) === 0 ? undefined : readStoredNode(reader);
    stores.push({ name, root });
  }
  if (!reader.done) throw reader.fail('bytes are left over');
  return stores;
}
