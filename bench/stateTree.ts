/** A block's work on the state tree alone: ten thousand updates of a hundred thousand keys. */
import { createHash } from 'node:crypto';
import { MultiStore } from '../chain/store/index.ts';
import { toUtf8 } from '../wire/bytes.ts';
import { iavlSpec, tendermintSpec, verifyMembership } from '../wire/ics23/index.ts';
import { type Bench, type BenchOptions, type Figure, figureOf, timed } from './support/figure.ts';

const KEYS = 100_000;
const UPDATES = 10_000;
const VALUE_BYTES = 40;
const STORE = 'bench';

/** In memory: what the disk takes shows in the localnet's figures. */
export const stateTree: Bench = {
  name: 'stateTree',
  async run(options) {
    const store = await MultiStore.open({
      memory: true,
      storeNames: [STORE],
      pruning: 'everything',
    });
    try {
      const figures = await updates(store, options);
      return [...figures, ...(await proofs(store, options))];
    } finally {
      await store.close();
    }
  },
};

const keyOf = (index: number): Uint8Array => createHash('sha256').update(`${index}`).digest();

async function updates(store: MultiStore, { quick, progress }: BenchOptions): Promise<Figure[]> {
  const tree = store.store(STORE);
  for (let i = 0; i < KEYS; i++) tree.set(keyOf(i), new Uint8Array(VALUE_BYTES));
  await store.commit();
  progress(`${KEYS} keys are in the tree`);
  const times = { set: [] as number[], hash: [] as number[], commit: [] as number[] };
  for (let block = 1; block <= (quick ? 3 : 9); block++) {
    // Keys spread over the tree, made before the clock runs.
    const keys = Array.from({ length: UPDATES }, (_, i) => keyOf((i * 7919 + block) % KEYS));
    const value = new Uint8Array(VALUE_BYTES).fill(block);
    times.set.push(
      await timed(() => {
        for (const key of keys) tree.set(key, value);
      }),
    );
    times.hash.push(await timed(() => store.workingHash()));
    times.commit.push(await timed(() => store.commit()));
  }
  const inMs = (what: string, values: readonly number[]): Figure =>
    figureOf(
      { name: `10,000 updates of 100,000 keys: ${what}`, unit: 'ms', better: 'lower' },
      values,
    );
  return [
    inMs('set', times.set),
    inMs('root hash', times.hash),
    inMs('commit in memory', times.commit),
  ];
}

async function proofs(store: MultiStore, { quick }: BenchOptions): Promise<Figure[]> {
  const count = quick ? 100 : 300;
  const height = store.version;
  const keys = Array.from({ length: count }, (_, i) => keyOf(i));
  const made: number[] = [];
  const checked: number[] = [];
  let size = 0;
  for (const key of keys) {
    const begin = performance.now();
    const { value, ops } = store.prove(height, STORE, key);
    made.push((performance.now() - begin) * 1000);
    const [ofKey, ofStore] = ops;
    const root = store.at(height).store(STORE).rootHash;
    const claim = { spec: iavlSpec, root, proof: ofKey!.data, key, value: value! };
    const app = { spec: tendermintSpec, root: store.appHash, proof: ofStore!.data };
    checked.push(
      1000 *
        (await timed(() => {
          const inTree = verifyMembership(claim);
          const inApp = verifyMembership({ ...app, key: toUtf8(STORE), value: root });
          if (!inTree.ok || !inApp.ok) throw new Error('the proof does not hold');
        })),
    );
    size += ofKey!.data.length + ofStore!.data.length;
  }
  const inMicroseconds = (name: string, values: readonly number[]): Figure =>
    figureOf({ name, unit: 'µs', better: 'lower' }, values);
  return [
    inMicroseconds('ICS23 proof over 100,000 keys: make', made),
    inMicroseconds('ICS23 proof over 100,000 keys: verify', checked),
    {
      name: 'ICS23 proof over 100,000 keys: size',
      value: size / count,
      unit: 'bytes',
      better: 'lower',
    },
  ];
}
