/**
 * Cuts a failing plan down to what it needs to fail: delta debugging (Zeller, Hildebrandt 2002) over its operations, and
 * then over the messages inside those that are left, their fields, and the values of these.
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
  const left = assemble(times, kept);
  const merged = mergeEmptyBlocks(left);
  return smallerOperations((await fails(merged)) ? merged : left, fails);
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
 * Blocks without operations give their time to the next one. The last block stays, and so does the first: before it
 * nobody can be asked for the number of an account.
 */
function mergeEmptyBlocks(plan: readonly BlockPlan[]): BlockPlan[] {
  const merged: BlockPlan[] = [];
  let waitedMs = 0;
  for (const [i, { afterMs, operations }] of plan.entries()) {
    if (operations.length === 0 && i > 0 && i < plan.length - 1) {
      waitedMs += afterMs;
      continue;
    }
    merged.push({ afterMs: waitedMs + afterMs, operations });
    waitedMs = 0;
  }
  return merged;
}
