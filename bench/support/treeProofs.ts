/** ICS23 proofs out of a committed store: making them, verifying them, how large they are. */
import { MultiStore } from '../../chain/store/index.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import { iavlSpec, tendermintSpec, verifyMembership } from '../../wire/ics23/index.ts';
import { type BenchOptions, type Figure, figureOf, timed } from './figure.ts';
import { keyOf, VALUE_BYTES } from './treeWork.ts';

const KEYS = 100_000;
export const STORE = 'bench';

/** The figures of proofs over a hundred thousand keys. */
export async function measureProofs(options: BenchOptions): Promise<Figure[]> {
  const memory = true;
  const store = await MultiStore.open({ memory, storeNames: [STORE], pruning: 'everything' });
  try {
    const tree = store.store(STORE);
    for (let i = 0; i < KEYS; i++) tree.set(keyOf(i), new Uint8Array(VALUE_BYTES));
    await store.commit();
    return await proofs(store, options);
  } finally {
    await store.close();
  }
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
