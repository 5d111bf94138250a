/** Choices among several. */
import type { SimulationRandom } from '../chain/testing/simulation.ts';

/** One of the items, each as likely as its weight, a whole number. */
export function weighted<T>(
  random: SimulationRandom,
  items: readonly T[],
  weigh: (item: T) => number,
): T {
  let rest = random.integer(
    1,
    items.reduce((sum, item) => sum + weigh(item), 0),
  );
  for (const item of items) {
    rest -= weigh(item);
    if (rest <= 0) return item;
  }
  return items.at(-1)!;
}

/** The items in another order. */
export function shuffled<T>(random: SimulationRandom, items: readonly T[]): T[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}
