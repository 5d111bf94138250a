/**
 * A node on disk. Leaf: 0, key and value with their lengths. Inner: 1, key with length, then of either child its
 * version, nonce, height and size as varints and its hash. Unlike in IAVL v1 a parent knows its
 * children's hash and shape, so edits and proofs need not read the siblings of a path.
 */
import { ProtoReader } from '../../../wire/protobuf.ts';
import { ByteWriter } from '../byteWriter.ts';
import { Inner, Leaf, StoredNode, storedForm, type TreeNode } from './node.ts';

const LEAF_TAG = 0;
const INNER_TAG = 1;
const HASH_BYTES = 32;
const writer = new ByteWriter();

/** The content of a saved node's record. */
export function encodeNode(node: TreeNode): Uint8Array {
  if (node instanceof Leaf) {
    return writer.unsigned(LEAF_TAG).bytes(node.key).bytes(node.value).take();
  }
  writer.unsigned(INNER_TAG).bytes(node.key);
  writeStoredNode(writer, storedForm(node.left));
  writeStoredNode(writer, storedForm(node.right));
  return writer.take();
}

/** The node of a record, saved as `stored` says. @throws TypeError when it is another. */
export function decodeNode(content: Uint8Array, stored: StoredNode): TreeNode {
  const reader = new ProtoReader(content, 'node record');
  const tag = readNumber(reader);
  if (tag !== LEAF_TAG && tag !== INNER_TAG) throw reader.fail(`tag ${tag} is unknown`);
  const key = readBytes(reader);
  const node = tag === LEAF_TAG ? new Leaf(key, readBytes(reader)) : readFork(reader, key);
  if (!reader.done) throw reader.fail('bytes are left over');
  if (node.height !== stored.height || node.size !== stored.size) {
    throw reader.fail(
      `height ${node.height} and size ${node.size}, expected ${stored.height} and ${stored.size}`,
    );
  }
  node.id = stored.id;
  node.hash = stored.hash;
  return node;
}

function readFork(reader: ProtoReader, key: Uint8Array): Inner {
  const left = readStoredNode(reader);
  return new Inner(key, left, readStoredNode(reader));
}

/** Appends what finds a saved node again. */
export function writeStoredNode(to: ByteWriter, { id, height, size, hash }: StoredNode): void {
  to.unsigned(id.version).unsigned(id.nonce).unsigned(height).unsigned(size).raw(hash);
}

/** Reads what `writeStoredNode` wrote. @throws TypeError when it is cut short. */
export function readStoredNode(reader: ProtoReader): StoredNode {
  const id = { version: readNumber(reader), nonce: readNumber(reader) };
  const shape = { height: readNumber(reader), size: readNumber(reader) };
  return new StoredNode(id, reader.take(HASH_BYTES), shape);
}

/** A varint that is a safe integer. @throws TypeError when it is larger. */
export function readNumber(reader: ProtoReader): number {
  const value = Number(reader.varint());
  if (!Number.isSafeInteger(value)) throw reader.fail(`number ${value} is too large`);
  return value;
}

/** Bytes behind their length. */
export function readBytes(reader: ProtoReader): Uint8Array {
  return reader.take(readNumber(reader));
}
