/** Where a key lies among those that are stored. */
import { compareBytes, equalBytes } from '../bytes.ts';
import { applyPrehash } from './ops.ts';
import type { ProofSpec } from './spec.ts';
import type { NonExistenceProof } from './types.ts';

/** What the keys of this kind of tree are ordered by: themselves or their hashes. */
export function orderKeyOf(spec: ProofSpec, key: Uint8Array): Uint8Array {
  return spec.prehashKeyBeforeComparison ? applyPrehash(spec.leaf.prehashKey, key) : key;
}

/** Whether `a` is stored before `b`. */
export function isBefore(spec: ProofSpec, a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(orderKeyOf(spec, a), orderKeyOf(spec, b)) < 0;
}

/** Whether a proof of absence names the key, which trees that are ordered by hashes also do by its hash. */
export function isNamed(
  spec: ProofSpec,
  { key: name }: NonExistenceProof,
  key: Uint8Array,
): boolean {
  return equalBytes(name, key) || equalBytes(name, orderKeyOf(spec, key));
}
