import assert from 'node:assert/strict';
import { EMPTY_STORE } from '../store/emptyStore.ts';
import { BufferedStore } from '../store/index.ts';
import { ChainError } from './errors.ts';
import { GasMeter, GasStore } from './gas.ts';

/** Expected costs worked out by hand from the SDK's KVGasConfig. */
describe('gas', () => {
  const key = new Uint8Array(10).fill(1);
  const value = new Uint8Array(20);
  const cost = (action: (store: GasStore) => void): bigint => {
    const inner = new BufferedStore(EMPTY_STORE);
    inner.set(key, value);
    const meter = new GasMeter();
    action(new GasStore(inner, { gas: meter }));
    return meter.used;
  };

  it('prices every operation of a store by the table', () => {
    assert.equal(
      cost((store) => store.get(key)),
      1000n + 3n * 30n,
    );
    assert.equal(
      cost((store) => store.get(Uint8Array.of(9))),
      1000n + 3n,
    );
    assert.equal(
      cost((store) => store.has(key)),
      1000n,
    );
    assert.equal(
      cost((store) => store.set(key, value)),
      2000n + 30n * 30n,
    );
    assert.equal(
      cost((store) => store.delete(key)),
      1000n,
    );
  });

  it('prices walking as the iterator of the SDK: at the first entry, and at each that is left', () => {
    const entry = 30n + 3n * 30n;
    const first = (store: GasStore): void => {
      for (const _ of store.iterate({})) return;
    };
    assert.equal(cost(first), entry);
    assert.equal(
      cost((store) => void [...store.iterate({})]),
      2n * entry,
    );
    assert.equal(
      cost((store) => void [...store.iterate({ start: Uint8Array.of(9) })]),
      30n,
      'nothing is found',
    );
  });

  it('stops at the limit exactly, naming limit and use', () => {
    const meter = new GasMeter(100n);
    meter.consume(100n, 'all');
    assert.throws(
      () => meter.consume(1n, 'one more'),
      (error) =>
        error instanceof ChainError &&
        error.code === 11 &&
        error.message ===
          'out of gas in location: one more; gasWanted: 100, gasUsed: 101: out of gas',
    );
  });

  it('counts single operations and sums of any size together', () => {
    const meter = new GasMeter((1n << 60n) + 7n);
    meter.consumeNumber(3, 'read');
    meter.consume(1n << 60n, 'much');
    meter.consumeNumber(4, 'read');
    assert.equal(meter.used, (1n << 60n) + 7n);
    assert.throws(() => meter.consumeNumber(1, 'one more'), /gasUsed: 1152921504606846984/);
    assert.equal(meter.used, (1n << 60n) + 8n);
    const free = new GasMeter();
    free.consumeNumber(5, 'read');
    free.consume(1n << 70n, 'much');
    assert.equal(free.used, (1n << 70n) + 5n);
  });

  it('that ran out stays so, whoever catches it', () => {
    const meter = new GasMeter(1_000n);
    meter.check();
    assert.throws(() => meter.consumeNumber(1_001, 'Write'), /out of gas in location: Write/);
    assert.throws(() => meter.check(), /gasWanted: 1000, gasUsed: 1001/);
  });
});
