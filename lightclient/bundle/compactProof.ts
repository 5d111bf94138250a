/**
 * Existence proofs of the two trees of a Cosmos SDK chain without what follows from their form: a third shorter.
 * A store's step is its numbers, its side and its sibling; a step over the stores is side and sibling.
 */
import { concatBytes, joinBytes } from '../../wire/bytes.ts';
import {
  decodeCommitmentProof,
  encodeExistenceProof,
  type InnerOp,
  iavlSpec,
  tendermintSpec,
} from '../../wire/ics23/index.ts';
import { ProtoReader } from '../../wire/protobuf.ts';

/** More levels than a tree of 2^64 leaves has (AVL height is at most 1.44 times its logarithm). */
const MAX_STEPS = 93;
const HASH_LENGTH = 32;
const LENGTH_BYTE = Uint8Array.of(HASH_LENGTH);
const INNER_BYTE = Uint8Array.of(1);
const NO_BYTES = new Uint8Array(0);

/** Which tree a proof is of. */
export type Tree = 'iavl' | 'simple';

/** What a compact proof leaves out. */
export interface ProvenKey {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A proof of existence, shorter. It must have been verified. @throws TypeError for another kind. */
export function compactProof(tree: Tree, bytes: Uint8Array): Uint8Array {
  const proof = decodeCommitmentProof(bytes);
  if (proof.kind !== 'exist' || proof.exist.leaf === undefined) {
    throw new TypeError(`proof: expected one of existence, got ${proof.kind}`);
  }
  const { leaf, path } = proof.exist;
  const numbers = tree === 'iavl' ? leaf.prefix.subarray(1) : NO_BYTES;
  const head = Uint8Array.of(path.length, numbers.length);
  return joinBytes([head, numbers, ...path.map((step) => compactStep(tree, step))]);
}

/** The proof that a compact one stands for. @throws TypeError when it stands for none. */
export function expandProof(tree: Tree, bytes: Uint8Array, { key, value }: ProvenKey): Uint8Array {
  const reader = new ProtoReader(bytes, `${tree} proof`);
  const steps = byteOf(reader);
  if (steps > MAX_STEPS) throw reader.fail(`${steps} steps, expected at most ${MAX_STEPS}`);
  const numbers = reader.take(byteOf(reader));
  const { leaf } = tree === 'iavl' ? iavlSpec : tendermintSpec;
  const path: InnerOp[] = [];
  while (path.length < steps) path.push(expandStep(tree, reader));
  if (!reader.done) throw reader.fail('expected the end');
  const prefix = concatBytes(leaf.prefix, numbers);
  return encodeExistenceProof({ key, value, leaf: { ...leaf, prefix }, path });
}

function byteOf(reader: ProtoReader): number {
  return reader.take(1)[0]!;
}

/** The left sibling stands in the prefix, the right one in the suffix; the first bit says which there is. */
function compactStep(tree: Tree, { prefix, suffix }: InnerOp): Uint8Array {
  const isLeft = suffix.length > 0;
  const sibling = (isLeft ? suffix : prefix.subarray(0, tree === 'iavl' ? -1 : undefined)).slice(
    -HASH_LENGTH,
  );
  if (tree === 'simple') return concatBytes(Uint8Array.of(isLeft ? 1 : 0), sibling);
  const numbers = prefix.subarray(0, isLeft ? -1 : -1 - HASH_LENGTH - 1);
  return concatBytes(Uint8Array.of((numbers.length << 1) | (isLeft ? 1 : 0)), numbers, sibling);
}

function expandStep(tree: Tree, reader: ProtoReader): InnerOp {
  const head = byteOf(reader);
  const isLeft = (head & 1) === 1;
  const { hash } = iavlSpec.inner;
  if (tree === 'simple') {
    if (head > 1) throw reader.fail('expected a side');
    const sibling = reader.take(HASH_LENGTH);
    const prefix = isLeft ? INNER_BYTE : concatBytes(INNER_BYTE, sibling);
    return { hash, prefix, suffix: isLeft ? sibling : NO_BYTES };
  }
  const numbers = reader.take(head >> 1);
  const sibling = reader.take(HASH_LENGTH);
  if (isLeft) {
    const prefix = concatBytes(numbers, LENGTH_BYTE);
    return { hash, prefix, suffix: concatBytes(LENGTH_BYTE, sibling) };
  }
  const prefix = concatBytes(numbers, LENGTH_BYTE, sibling, LENGTH_BYTE);
  return { hash, prefix, suffix: NO_BYTES };
}
