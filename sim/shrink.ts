/**
 * Cuts a failing plan down to what it needs to fail: delta debugging (Zeller, Hildebrandt 2002) over its operations, then
 * blocks and times, and then the messages inside the operations that are left, their fields, and the values of these.
 */

import { minimal } from './minimal.ts';
import type { BlockPlan, Operation } from './operation.ts';
import { smallerOperation } from './shrinkOperation.ts';

const MOST_RUNS = 1000;

export interface ShrinkOptions {
  /** Whether a plan still fails in the same way. */
  readonly fails: (plan: readonly BlockPlan[]) => Promise<boolean>;
  /** Runs of a plan that may be spent. @default 1000 */
  readonly budget?: number;
  /** Whether it has taken long enough; what was found until then is given. */
  readonly isOver?: () => boolean;
  readonly onProgress?: (operations: number, runs: number) => void;
}

/** An operation with the block it stands in. */
interface Placed {
  readonly block: number;
  readonly operation: Operation;
}

/** A plan that fails and of which no operation that was tried can be left out; the plan itself when nothing can. */
export async function shrink(
  plan: readonly BlockPlan[],
  options: ShrinkOptions,
): Promise<readonly BlockPlan[]> {
  const { budget: most = MOST_RUNS } = options;
  const budget = { runs: most };
  const fails = async (candidate: readonly BlockPlan[]): Promise<boolean> => {
    if (budget.runs <= 0 || options.isOver?.() === true) return false;
    budget.runs--;
    return options.fails(candidate);
  };
  const times = plan.map(({ afterMs }) => afterMs);
  const all = plan.flatMap(({ operations }, block) =>
    operations.map((operation) => ({ block, operation })),
  );
  const report = (kept: readonly unknown[]) =>
    options.onProgress?.(kept.length, most - budget.runs);
  const kept = await minimal(all, async (some) => {
    const isFailing = await fails(assemble(times, some));
    if (isFailing) report(some);
    return isFailing;
  });
  const blocks = await withoutEmptyBlocks(assemble(times, kept), fails);
  return smallerOperations(await shorterTimes(blocks, fails), fails);
}

/** The pace of most blocks, milliseconds: a reader sees by any other one that the failure takes it. */
const PACE_MS = 1000;

/** Blocks at an even pace, but for those before which more or less time must pass. */
async function shorterTimes(
  plan: readonly BlockPlan[],
  fails: (plan: readonly BlockPlan[]) => Promise<boolean>,
): Promise<readonly BlockPlan[]> {
  const even = plan.map((block) => ({ ...block, afterMs: PACE_MS }));
  if (await fails(even)) return even;
  let blocks = plan;
  for (const [i, block] of even.entries()) {
    const other = blocks.with(i, block);
    if (plan[i]!.afterMs !== PACE_MS && (await fails(other))) blocks = other;
  }
  return blocks;
}

/**
 * Without the blocks that hold nothing: their time passes with the next one, or does not pass; or without as many as a
 * failure does not take, such as one that hangs on the height.
 */
async function withoutEmptyBlocks(
  plan: readonly BlockPlan[],
  fails: (plan: readonly BlockPlan[]) => Promise<boolean>,
): Promise<readonly BlockPlan[]> {
  const merged = mergeEmptyBlocks(plan);
  if (await fails(merged)) return merged;
  const empty = plan.filter((block, i) => isSpare(plan, block, i));
  const withEmpty = (some: readonly BlockPlan[]): BlockPlan[] =>
    plan.filter((block) => !empty.includes(block) || some.includes(block));
  return withEmpty(await minimal(empty, (some) => fails(withEmpty(some))));
}

/** The plan with every operation cut down, one after the other. */
async function smallerOperations(
  plan: readonly BlockPlan[],
  fails: (plan: readonly BlockPlan[]) => Promise<boolean>,
): Promise<readonly BlockPlan[]> {
  let blocks = plan;
  for (const [block, { operations }] of plan.entries()) {
    for (const [at, operation] of operations.entries()) {
      const withOther = (other: Operation): BlockPlan[] =>
        blocks.map((each, i) =>
          i === block ? { ...each, operations: each.operations.with(at, other) } : each,
        );
      const smaller = await smallerOperation(operation, (other) => fails(withOther(other)));
      if (smaller !== operation) blocks = withOther(smaller);
    }
  }
  return blocks;
}

function assemble(times: readonly number[], placed: readonly Placed[]): BlockPlan[] {
  return times.map((afterMs, block) => ({
    afterMs,
    operations: placed.filter((each) => each.block === block).map(({ operation }) => operation),
  }));
}

/**
 * Whether a block holds nothing and could be left out. The last block stays, and so does the first: before it nobody
 * can be asked for the number of an account.
 */
function isSpare(plan: readonly BlockPlan[], { operations }: BlockPlan, i: number): boolean {
  return operations.length === 0 && i > 0 && i < plan.length - 1;
}

/** Blocks without operations give their time to the next one. */
function mergeEmptyBlocks(plan: readonly BlockPlan[]): BlockPlan[] {
  const merged: BlockPlan[] = [];
  let waitedMs = 0;
  for (const [i, block] of plan.entries()) {
    const { afterMs, operations } = block;
    if (isSpare(plan, block, i)) {
      waitedMs += afterMs;
      continue;
    }
    merged.push({ afterMs: waitedMs + afterMs, operations });
    waitedMs = 0;
  }
  return merged;
}
