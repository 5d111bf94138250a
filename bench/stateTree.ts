/** A block's work on the state tree alone, in memory and on disk, beside cosmos/iavl in Go. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Arena, ArenaTree, imageOf, treeFromImage } from '../chain/store/arena/index.ts';
import { arenaTrees, MultiStore, nobleArenaTrees, type TreeKind } from '../chain/store/index.ts';
import { toHex } from '../wire/bytes.ts';
import { type Bench, type BenchOptions, type Figure, figureOf, median } from './support/figure.ts';
import { changedNodes, growthFigures } from './support/growth.ts';
import { buildIavlRace, type GoRun, runIavlRace } from './support/iavlRace.ts';
import { measureProofs, STORE } from './support/treeProofs.ts';
import {
  type BlockTimes,
  fillTree,
  type MeasuredTree,
  runBlocks,
  runInTurns,
  totals,
} from './support/treeWork.ts';

/** Versions that stay readable beside the newest, as a node keeps them. */
const KEPT_VERSIONS = 2;

/** With noble alone more keys show nothing else. */
const MOST_NOBLE_KEYS = 1_000_000;

interface Size {
  readonly keys: number;
  readonly blocks: number;
}

/** What one way of keeping the tree gave. */
interface TreeRun {
  readonly times: BlockTimes;
  /** Nodes that the last block made; 0 when they were not counted. */
  readonly nodes: number;
  /** The last root, hex. */
  readonly root: string;
  readonly figures: readonly Figure[];
}

/** The tree in memory at several sizes, then one of them beside Go, then on disk, then proofs. */
export const stateTree: Bench = {
  name: 'stateTree',
  async run(options) {
    const { quick } = options;
    const keys = quick ? 100_000 : 1_000_000;
    const [blocks, blocksOnDisk] = quick ? [3, 3] : [15, 9];
    const hasGo = await buildIavlRace();
    if (!hasGo) options.progress('there is no Go here: no rival');
    const growth = [10_000, 100_000, ...(quick ? [] : [1_000_000, 5_000_000])];
    const runs = await inMemory(growth, blocks, options);
    const figures: Figure[] = [...runs.values()].flatMap((run) => run.figures);
    figures.push(...growthFigures(runs));
    for (const each of growth.filter((number) => number <= MOST_NOBLE_KEYS)) {
      figures.push(...(await inMemoryByNoble({ keys: each, blocks: blocksOnDisk }, options)));
    }
    const ours = runs.get(keys) as TreeRun;
    if (hasGo) {
      const inMemoryRace = { where: 'in memory', ours } as const;
      figures.push(...(await race({ keys, blocks }, options, inMemoryRace)));
    }
    const size: Size = { keys, blocks: blocksOnDisk };
    const stored = await onDisk(size, options);
    figures.push(...stored.figures);
    if (hasGo) figures.push(...(await race(size, options, { where: 'on disk', ours: stored })));
    figures.push(...(await onDisk(size, options, true)).figures);
    return [...figures, ...(await measureProofs(options))];
  },
};

const name = (keys: number, what: string): string =>
  `10,000 updates of ${keys.toLocaleString('en-US')} keys, ${what}`;

const inMs = (keys: number, what: string, values: readonly number[]): Figure =>
  figureOf({ name: name(keys, what), unit: 'ms', better: 'lower' }, values);

function measuredTree(tree: ArenaTree): MeasuredTree {
  return {
    set: (key, value) => tree.set(key, value),
    root: () => tree.rootHash(tree.version + 1),
    save() {
      tree.saveVersion(tree.version + 1);
      const [oldest] = tree.versions();
      if (tree.versions().length > KEPT_VERSIONS) tree.release(oldest as number);
    },
  };
}

/** Arena trees alone, of so many keys each, in one process. */
async function inMemory(
  sizes: readonly number[],
  blocks: number,
  options: BenchOptions,
): Promise<Map<number, TreeRun>> {
  const filled = [];
  for (const keys of sizes) filled.push(await filledTree(keys, options));
  const measured = filled.map(({ tree, keys }) => ({ tree: measuredTree(tree), keys }));
  const times = await runInTurns(measured, blocks);
  const runs = filled.map(({ tree, keys, memory }, i): [number, TreeRun] => {
    const newest = tree.view(tree.version);
    const [nodes, root] = [changedNodes(newest), toHex(newest.rootHash)];
    const figures = [...partsOf(keys, 'in memory', times[i]!), ...memory];
    return [keys, { times: times[i]!, nodes, root, figures }];
  });
  return new Map(runs);
}

async function filledTree(keys: number, options: BenchOptions) {
  const arena = new Arena();
  const tree = new ArenaTree(arena);
  const before = residentBytes();
  await fillTree({ tree: measuredTree(tree), keys }, 'in memory', options);
  const bytes = (what: string, value: number): Figure => ({
    name: `memory a key at ${keys.toLocaleString('en-US')} keys, ${what}`,
    value: value / keys,
    unit: 'bytes',
    better: 'lower',
  });
  const memory = [
    bytes('counted', arena.usedBytes),
    bytes('taken from the system', arena.reservedBytes),
  ];
  // Below a million keys this is what the engine has not collected yet.
  if (keys >= 1_000_000) memory.push(bytes('more in the process', residentBytes() - before));
  return { tree, keys, memory };
}

const partsOf = (keys: number, how: string, times: BlockTimes): Figure[] => [
  ...(['set', 'root', 'save'] as const).map((part) => inMs(keys, `${how}: ${part}`, times[part])),
  inMs(keys, `${how}: all`, totals(times)),
];

/** The same with noble alone. The keys are put in as above: noble would take minutes. */
async function inMemoryByNoble(size: Size, options: BenchOptions): Promise<Figure[]> {
  const filled = new ArenaTree(new Arena());
  await fillTree({ tree: measuredTree(filled), keys: size.keys }, 'in memory', options);
  const image = imageOf(filled.view(filled.version));
  const tree = treeFromImage(new Arena({ scalar: true }), image);
  const times = await runBlocks({ tree: measuredTree(tree), keys: size.keys }, size.blocks);
  return partsOf(size.keys, 'in memory, noble', times);
}

/** Bytes of the process, without what the engine holds for new objects: up to 40 MB, however many keys there are. */
function residentBytes(): number {
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - heapTotal + heapUsed;
}

/** The whole store on disk, as a node has it. The keys are put in by the fastest trees in any case. */
async function onDisk(size: Size, options: BenchOptions, scalar = false): Promise<TreeRun> {
  const { keys } = size;
  const path = await mkdtemp(join(tmpdir(), 'depind-tree-'));
  const kind = scalar ? nobleArenaTrees : arenaTrees;
  const open = (trees: TreeKind) =>
    MultiStore.open({ path, storeNames: [STORE], pruning: 'everything', trees });
  try {
    const filled = await open(arenaTrees);
    await fillTree({ tree: measuredStore(filled), keys }, 'on disk', options);
    if (scalar) await filled.close();
    const store = scalar ? await open(kind) : filled;
    const times = await runBlocks({ tree: measuredStore(store), keys }, size.blocks);
    const root = toHex(store.at(store.version).storeRoots.get(STORE) as Uint8Array);
    await store.close();
    const begin = performance.now();
    await (await open(kind)).close();
    const reopen = performance.now() - begin;
    const how = scalar ? 'on disk, noble' : 'on disk';
    const figures = [
      inMs(keys, `${how}: set`, times.set),
      inMs(keys, `${how}: root`, times.root),
      inMs(keys, `${how}: commit`, times.save),
      inMs(keys, `${how}: all`, totals(times)),
      restart(keys, scalar ? 'depind, noble' : 'depind', reopen),
    ];
    return { times, nodes: 0, root, figures };
  } finally {
    await rm(path, { recursive: true });
  }
}

function measuredStore(store: MultiStore): MeasuredTree {
  const tree = store.store(STORE);
  return {
    set: (key, value) => tree.set(key, value),
    root: () => store.workingHash(),
    save: () => store.commit(),
  };
}

const restart = (keys: number, who: string, value: number): Figure => ({
  name: `opening ${keys.toLocaleString('en-US')} keys on disk, ${who}`,
  value,
  unit: 'ms',
  better: 'lower',
});

/** Where the trees of a race are kept, and how ours did. */
interface Race {
  readonly where: 'in memory' | 'on disk';
  readonly ours: TreeRun;
}

/**
 * Go beside ours, without fast nodes: the faster of its two ways, but for runs in memory in which both took as long within
 * some 3 %. To fill the other takes minutes more. @throws Error when a root differs.
 */
async function race(size: Size, options: BenchOptions, { where, ours }: Race): Promise<Figure[]> {
  const how = `Go ${where}, no fast nodes`;
  const run = await goRun(size, where);
  options.progress(`${how}: done`);
  if (run.root !== ours.root) {
    throw new Error(`${how} came to root ${run.root}, this tree to ${ours.root}`);
  }
  const figures = [inMs(size.keys, `${how}: all`, totals(run.times))];
  if (where === 'on disk') figures.push(restart(size.keys, how, run.reopenMs));
  const value = median(totals(run.times)) / median(totals(ours.times));
  const title = name(size.keys, `${where}: faster than Go`);
  return [...figures, { name: title, value, unit: 'times', better: 'higher' }];
}

async function goRun(size: Size, where: Race['where']): Promise<GoRun> {
  if (where === 'in memory') return runIavlRace(size);
  const path = await mkdtemp(join(tmpdir(), 'depind-iavl-'));
  try {
    return await runIavlRace({ ...size, path });
  } finally {
    await rm(path, { recursive: true });
  }
}
