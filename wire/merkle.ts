/**
 * Merkle trees of RFC 6962 §2.1 over SHA-256, as CometBFT builds them: leaves and inner nodes hash
 * under different prefixes, a tree of n leaves splits at the largest power of two below n, and the
 * root of no leaves is sha256("").
 */
import { sha256, sha256OfParts } from './hash.ts';

const LEAF_PREFIX = Uint8Array.of(0);
const INNER_PREFIX = Uint8Array.of(1);
const HASH_LENGTH = 32;

/** Most leaves a proof may speak of; keeps every index exact and every depth small. */
export const MAX_MERKLE_TOTAL = 2 ** 32;
/** Most aunts a proof may hold (CometBFT crypto/merkle, MaxAunts). */
export const MAX_MERKLE_AUNTS = 100;

/** The place of one leaf in a tree, and the sibling hashes from the leaf up to the root. */
export interface MerkleProof {
  readonly index: number;
  readonly total: number;
  readonly leafHash: Uint8Array;
  readonly aunts: readonly Uint8Array[];
}

/** sha256(0x00 ‖ leaf). */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256OfParts(LEAF_PREFIX, leaf);
}

/** sha256(0x01 ‖ left ‖ right). */
export function innerHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256OfParts(INNER_PREFIX, left, right);
}

/** The root, 32 bytes, over leaves in the given order. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return merkleRootOfHashes(leaves.map(leafHash));
}

/** The root over leaves that are hashed already. */
export function merkleRootOfHashes(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.length === 0 ? sha256(new Uint8Array(0)) : rootOfLevels(levelsOf(hashes));
}

/**
 * The proof that `leaves[index]` stands at that place.
 * Cost: hashes the whole tree; for proofs of every leaf use `merkleProofs`.
 * @throws RangeError when there is no leaf at `index`.
 */
export function merkleProof(leaves: readonly Uint8Array[], index: number): MerkleProof {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`index: expected 0 to ${leaves.length - 1}, got ${index}`);
  }
  return proofAt(levelsOf(leaves.map(leafHash)), index);
}

/** The proofs of all leaves, hashing the tree once. */
export function merkleProofs(leaves: readonly Uint8Array[]): MerkleProof[] {
  if (leaves.length === 0) return [];
  const levels = levelsOf(leaves.map(leafHash));
  return leaves.map((_, index) => proofAt(levels, index));
}

/**
 * The root that a proof leads to, or undefined when it cannot be a proof of leaf `index` of `total`:
 * numbers out of range, a hash that is not 32 bytes, too few or too many aunts.
 */
export function merkleRootFromProof(
  leaf: Uint8Array,
  index: number,
  total: number,
  aunts: readonly Uint8Array[],
): Uint8Array | undefined {
  if (!isPlace(index, total) || leaf.length !== HASH_LENGTH) return undefined;
  if (aunts.length > MAX_MERKLE_AUNTS || aunts.some((aunt) => aunt.length !== HASH_LENGTH)) {
    return undefined;
  }
  let hash = leaf;
  let used = 0;
  let place = index;
  for (let width = total; width > 1; width = Math.ceil(width / 2)) {
    const isPaired = place % 2 === 1 || place + 1 < width;
    if (isPaired) {
      const aunt = aunts[used++];
      if (aunt === undefined) return undefined;
      hash = place % 2 === 1 ? innerHash(aunt, hash) : innerHash(hash, aunt);
    }
    place = Math.floor(place / 2);
  }
  return used === aunts.length ? hash : undefined;
}

function isPlace(index: number, total: number): boolean {
  const isTotal = Number.isInteger(total) && total > 0 && total <= MAX_MERKLE_TOTAL;
  return isTotal && Number.isInteger(index) && index >= 0 && index < total;
}

/**
 * Every level of the tree from the leaves to the root. Pairing neighbours and carrying an odd last
 * node up gives the same tree as splitting at the largest power of two (RFC 9162 §2.1.2).
 */
function levelsOf(hashes: readonly Uint8Array[]): (readonly Uint8Array[])[] {
  const levels = [hashes];
  for (let level = hashes; level.length > 1; ) {
    const above: Uint8Array[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) above.push(innerHash(level[i]!, level[i + 1]!));
    if (level.length % 2 === 1) above.push(level[level.length - 1]!);
    levels.push(above);
    level = above;
  }
  return levels;
}

function rootOfLevels(levels: readonly (readonly Uint8Array[])[]): Uint8Array {
  return levels[levels.length - 1]![0]!;
}

function proofAt(levels: readonly (readonly Uint8Array[])[], index: number): MerkleProof {
  const aunts: Uint8Array[] = [];
  let place = index;
  for (const level of levels) {
    const aunt = level[place % 2 === 1 ? place - 1 : place + 1];
    if (aunt !== undefined) aunts.push(aunt);
    place = Math.floor(place / 2);
  }
  return { index, total: levels[0]!.length, leafHash: levels[0]![index]!, aunts };
}
