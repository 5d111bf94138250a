/** How the time of a block grows with the keys of the tree. */
import type { ArenaView } from '../../chain/store/arena/index.ts';
import { LEFT, RIGHT } from '../../chain/store/arena/layout.ts';
import { heightOf, versionOf } from '../../chain/store/arena/nodes.ts';
import { type Figure, median } from './figure.ts';
import { type BlockTimes, totals } from './treeWork.ts';

/** What blocks of one size of tree took, and how many nodes each of them made. */
export interface GrowthRun {
  readonly times: BlockTimes;
  readonly nodes: number;
}

/**
 * Of each number of keys the nodes that a block changes and the time that each takes; of each two neighbouring numbers what
 * is added to a block for ten times as many keys: equal figures are a straight line over log n.
 */
export function growthFigures(runs: ReadonlyMap<number, GrowthRun>): Figure[] {
  const figures: Figure[] = [];
  let before: { readonly keys: number; readonly ms: number } | undefined;
  for (const [keys, { times, nodes }] of runs) {
    const ms = median(totals(times));
    const of = `10,000 updates of ${keys.toLocaleString('en-US')} keys, in memory`;
    figures.push({ name: `${of}: nodes changed`, value: nodes, unit: '', better: 'lower' });
    const each = (1000 * ms) / nodes;
    figures.push({ name: `${of}: time a node`, value: each, unit: 'µs', better: 'lower' });
    if (before !== undefined) {
      const name = `growth a tenfold, ${before.keys.toLocaleString('en-US')} to ${keys.toLocaleString('en-US')} keys`;
      const value = (ms - before.ms) / Math.log10(keys / before.keys);
      figures.push({ name, value, unit: 'ms', better: 'lower' });
    }
    before = { keys, ms };
  }
  return figures;
}

/** Nodes that a version made: under one that is older there are only older ones. */
export function changedNodes(view: ArenaView): number {
  const { arena, root, version } = view.nodes();
  const rest = root === 0 ? [] : [root];
  let count = 0;
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (versionOf(arena.words, node) !== version) continue;
    count++;
    if (heightOf(arena.words, node) === 0) continue;
    rest.push(arena.words[node + LEFT] as number, arena.words[node + RIGHT] as number);
  }
  return count;
}
