/**
 * Where a path runs in its tree, read off the lengths of its prefixes and suffixes: whether it is the
 * outermost one, and whether two paths have nothing between them.
 */
import { equalBytes } from '../bytes.ts';
import type { InnerSpec } from './spec.ts';
import type { InnerOp } from './types.ts';

/** Whether no leaf lies left of this path; a side with nothing but empty children does not count. */
export function isLeftmost(spec: InnerSpec, path: readonly InnerOp[]): boolean {
  return path.every((step) => isBranch(spec, step, 0) || areLeftChildrenEmpty(spec, step));
}

/** Whether no leaf lies right of this path; a side with nothing but empty children does not count. */
export function isRightmost(spec: InnerSpec, path: readonly InnerOp[]): boolean {
  const last = spec.childOrder.length - 1;
  return path.every((step) => isBranch(spec, step, last) || areRightChildrenEmpty(spec, step));
}

/**
 * Whether `right` is the next path after `left`: below their common steps near the root they leave
 * the same node by branches side by side, then run rightmost and leftmost.
 */
export function isLeftNeighbour(
  spec: InnerSpec,
  left: readonly InnerOp[],
  right: readonly InnerOp[],
): boolean {
  let common = 0;
  while (common < Math.min(left.length, right.length)) {
    const fromLeft = left[left.length - 1 - common]!;
    const fromRight = right[right.length - 1 - common]!;
    if (!isSameStep(fromLeft, fromRight)) break;
    common++;
  }
  const leftFork = left[left.length - 1 - common];
  const rightFork = right[right.length - 1 - common];
  if (leftFork === undefined || rightFork === undefined) return false;
  const leftBranch = branchOf(spec, leftFork);
  const rightBranch = branchOf(spec, rightFork);
  if (leftBranch === undefined || rightBranch !== leftBranch + 1) return false;
  return (
    isRightmost(spec, left.slice(0, left.length - 1 - common)) &&
    isLeftmost(spec, right.slice(0, right.length - 1 - common))
  );
}

function isSameStep(a: InnerOp, b: InnerOp): boolean {
  return equalBytes(a.prefix, b.prefix) && equalBytes(a.suffix, b.suffix);
}

/** Whether the step's lengths are those of a child at this branch. */
function isBranch(spec: InnerSpec, step: InnerOp, branch: number): boolean {
  const position = spec.childOrder.indexOf(branch);
  if (position < 0) return false;
  const before = position * spec.childSize;
  const after = (spec.childOrder.length - 1 - position) * spec.childSize;
  return (
    step.prefix.length >= before + spec.minPrefixLength &&
    step.prefix.length <= before + spec.maxPrefixLength &&
    step.suffix.length === after
  );
}

function branchOf(spec: InnerSpec, step: InnerOp): number | undefined {
  for (let branch = 0; branch < spec.childOrder.length; branch++) {
    if (isBranch(spec, step, branch)) return branch;
  }
  return undefined;
}

/** Whether there are children left of this path at this step, and all are empty. */
export function areLeftChildrenEmpty(spec: InnerSpec, step: InnerOp): boolean {
  const count = branchOf(spec, step) ?? 0;
  const bytes = step.prefix.subarray(Math.max(0, step.prefix.length - count * spec.childSize));
  return areEmptyChildren(spec, bytes, count);
}

/** The same to the right. */
export function areRightChildrenEmpty(spec: InnerSpec, step: InnerOp): boolean {
  const branch = branchOf(spec, step);
  if (branch === undefined) return false;
  return areEmptyChildren(spec, step.suffix, spec.childOrder.length - 1 - branch);
}

/** Whether `bytes` is `count` empty children, at least one. A spec without empty children has none. */
function areEmptyChildren(spec: InnerSpec, bytes: Uint8Array, count: number): boolean {
  if (count === 0 || bytes.length !== count * spec.childSize) return false;
  for (let from = 0; from < bytes.length; from += spec.childSize) {
    if (!equalBytes(spec.emptyChild, bytes.subarray(from, from + spec.childSize))) return false;
  }
  return true;
}
