/** Cuts a failing plan down to what it needs to fail: delta debugging over its operations (Zeller, Hildebrandt 2002). */
import type { BlockPlan, Operation } from './operation.ts';

export interface ShrinkOptions {
  /** Whether a plan still fails in the same way. */
  readonly fails: (plan: readonly BlockPlan[]) => Promise<boolean>;
  /** Runs of a plan that may be spent. @default 400 */
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
  const budget = { runs: options.budget ?? 400 };
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
    options.onProgress?.(kept.length, (options.budget ?? 400) - budget.runs);
  const kept = await minimal(all, async (some) => {
    const isFailing = await fails(assemble(times, some));
    if (isFailing) report(some);
    return isFailing;
  });
  const merged = mergeEmptyBlocks(assemble(times, kept));
  if (await fails(merged)) return merged;
  return assemble(times, kept);
}

/** The least part of a list that the classic algorithm finds for which `fails` holds. */
async function minimal<T>(
  items: readonly T[],
  fails: (some: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  if (await fails([])) return [];
  let kept = items;
  let parts = 2;
  while (kept.length >= 2) {
    const reduced = await withoutOnePart(kept, parts, fails);
    if (reduced !== undefined) {
      kept = reduced;
      parts = Math.max(2, parts - 1);
    } else if (parts < kept.length) parts = Math.min(kept.length, parts * 2);
    else break;
  }
  return kept;
}

async function withoutOnePart<T>(
  items: readonly T[],
  parts: number,
  fails: (some: readonly T[]) => Promise<boolean>,
): Promise<readonly T[] | undefined> {
  const size = Math.ceil(items.length / parts);
  // What matters stands mostly at the end, so the early parts are left out first.
  for (let start = 0; start < items.length; start += size) {
    const rest = [...items.slice(0, start), ...items.slice(start + size)];
    if (rest.length < items.length && (await fails(rest))) return rest;
  }
  return undefined;
}

function assemble(times: readonly number[], placed: readonly Placed[]): BlockPlan[] {
  return times.map((afterMs, block) => ({
    afterMs,
    operations: placed.filter((each) => each.block === block).map(({ operation }) => operation),
  }));
}

/** Blocks without operations give their time to the next one; the last block stays. */
function mergeEmptyBlocks(plan: readonly BlockPlan[]): BlockPlan[] {
  const merged: BlockPlan[] = [];
  let waitedMs = 0;
  for (const [i, { afterMs, operations }] of plan.entries()) {
    if (operations.length === 0 && i < plan.length - 1) {
      waitedMs += afterMs;
      continue;
    }
    merged.push({ afterMs: waitedMs + afterMs, operations });
    waitedMs = 0;
  }
  return merged;
}
