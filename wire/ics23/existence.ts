/** Checking an existence proof: first its form against the spec, then the root that it leads to. */
import { equalBytes } from '../bytes.ts';
import { applyHash, applyLength, applyPrehash } from './ops.ts';
import {
  checkIavlInnerPrefix,
  checkIavlLeafPrefix,
  checkTendermintInnerPrefix,
} from './prefixRules.ts';
import { ProofError, type ProofRefusal, shown } from './proofError.ts';
import type { ProofSpec } from './spec.ts';
import type { ExistenceProof, InnerOp, LeafOp } from './types.ts';

/**
 * The root that the proof's own key, value and path lead to, with no rule about their form.
 * @throws ProofError when it cannot be computed: no leaf, empty key, unsupported operation, empty value unless allowed.
 */
export function existenceRoot(proof: ExistenceProof, mayBeEmpty = false): Uint8Array {
  let hash = leafHashOf(proof, mayBeEmpty);
  for (const step of proof.path) hash = applyStep(step, hash);
  return hash;
}

/**
 * That the proof is of the form `spec` and leads from its own key and value to `root`.
 * @throws ProofError with the first rule broken.
 */
export function checkExistence(spec: ProofSpec, root: Uint8Array, proof: ExistenceProof): void {
  checkForm(spec, proof);
  let hash = leafHashOf(proof, spec.allowsEmptyValues === true);
  for (const step of proof.path) {
    hash = applyStep(step, hash);
    checkHashLength(spec, hash);
  }
  if (!equalBytes(root, hash)) throw new ProofError('root', shown(hash), shown(root));
}

/** A hash wider than the slot of a child would let its tail pass for other data. */
function checkHashLength(spec: ProofSpec, hash: Uint8Array): void {
  const { childSize } = spec.inner;
  if (childSize >= 32 && hash.length > childSize) {
    throw new ProofError('childSize', `a hash of ${hash.length} bytes`, `at most ${childSize}`);
  }
}

function leafHashOf({ leaf, key, value }: ExistenceProof, mayBeEmpty: boolean): Uint8Array {
  if (leaf === undefined) throw new ProofError('leafMissing', 'no leaf op', 'a leaf op');
  if (key.length === 0) throw new ProofError('emptyKey', 'an empty key', 'a key');
  if (value.length === 0 && !mayBeEmpty)
    throw new ProofError('emptyValue', 'an empty value', 'a value');
  const keyData = applyLength(leaf.length, applyPrehash(leaf.prehashKey, key));
  const valueData = applyLength(leaf.length, applyPrehash(leaf.prehashValue, value));
  return applyHash(leaf.hash, leaf.prefix, keyData, valueData);
}

/** The node above `child`. @throws ProofError without a child, or when the hash cannot be computed. */
export function applyStep(step: InnerOp, child: Uint8Array): Uint8Array {
  if (child.length === 0) throw new ProofError('childSize', 'no child', 'a child');
  return applyHash(step.hash, step.prefix, child, step.suffix);
}

function checkForm(spec: ProofSpec, { leaf, path }: ExistenceProof): void {
  if (leaf === undefined) throw new ProofError('leafMissing', 'no leaf op', 'a leaf op');
  checkLeafOp(spec, leaf);
  if (path.length < spec.minDepth || path.length > spec.maxDepth) {
    const expected = `${spec.minDepth} to ${spec.maxDepth} steps`;
    throw new ProofError('depth', `${path.length} steps`, expected);
  }
  path.forEach((step, i) => {
    checkInnerOp(spec, step, i + 1);
  });
}

function checkLeafOp(spec: ProofSpec, leaf: LeafOp): void {
  for (const field of ['hash', 'prehashKey', 'prehashValue', 'length'] as const) {
    checkOp('leafOp', field, leaf[field], spec.leaf[field]);
  }
  if (!startsWith(leaf.prefix, spec.leaf.prefix)) {
    throw new ProofError('leafPrefix', shown(leaf.prefix), `${shown(spec.leaf.prefix)}…`);
  }
  if (spec.prefixRule === 'iavl') checkIavlLeafPrefix(leaf);
}

function checkInnerOp(spec: ProofSpec, step: InnerOp, layer: number): void {
  const { inner } = spec;
  checkOp('innerOp', 'hash', step.hash, inner.hash);
  if (startsWith(step.prefix, spec.leaf.prefix)) {
    const expected = `not the leaf prefix ${shown(spec.leaf.prefix)}`;
    throw new ProofError('innerPrefix', shown(step.prefix), expected);
  }
  const longest = inner.maxPrefixLength + (inner.childOrder.length - 1) * inner.childSize;
  if (step.prefix.length < inner.minPrefixLength || step.prefix.length > longest) {
    const expected = `${inner.minPrefixLength} to ${longest} bytes`;
    throw new ProofError('innerPrefix', `${step.prefix.length} bytes`, expected);
  }
  if (inner.childSize <= 0) {
    throw new ProofError(
      'childSize',
      `${inner.childSize}`,
      'a spec with a child size of 1 or more',
    );
  }
  if (step.suffix.length % inner.childSize !== 0) {
    const expected = `a multiple of ${inner.childSize} bytes`;
    throw new ProofError('innerSuffix', `${step.suffix.length} bytes`, expected);
  }
  if (spec.prefixRule === 'iavl') checkIavlInnerPrefix(step, layer);
  if (spec.prefixRule === 'tendermint') checkTendermintInnerPrefix(step);
}

function checkOp(reason: ProofRefusal, field: string, got: number, expected: number): void {
  if (got !== expected) throw new ProofError(reason, `${field} ${got}`, `${field} ${expected}`);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  for (let i = 0; i < start.length; i++) if (bytes[i] !== start[i]) return false;
  return true;
}
