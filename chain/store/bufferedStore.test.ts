import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareBytes, toHex } from '../../wire/bytes.ts';
import { BufferedStore } from './bufferedStore.ts';
import type { KeyRange, KeyValue, KVStore } from './kvStore.ts';
import { Tree } from './testing/tree.ts';

/** The model: a plain map, sorted each time it is asked for an order. */
class ModelStore {
  readonly entries: ReadonlyMap<string, KeyValue>;

  constructor(entries: ReadonlyMap<string, KeyValue> = new Map()) {
    this.entries = entries;
  }

  set(key: Uint8Array, value: Uint8Array): ModelStore {
    return new ModelStore(new Map(this.entries).set(toHex(key), [key, value]));
  }

  delete(key: Uint8Array): ModelStore {
    const entries = new Map(this.entries);
    entries.delete(toHex(key));
    return new ModelStore(entries);
  }

  iterate({ start, end, reverse }: KeyRange): KeyValue[] {
    const found = [...this.entries.values()]
      .filter(([key]) => start === undefined || compareBytes(key, start) >= 0)
      .filter(([key]) => end === undefined || compareBytes(key, end) < 0)
      .sort((a, b) => compareBytes(a[0], b[0]));
    return reverse ? found.reverse() : found;
  }
}

const key = fc
  .array(fc.constantFrom(0, 1, 127, 128, 255), { minLength: 1, maxLength: 3 })
  .map((bytes) => Uint8Array.from(bytes));
const value = fc.uint8Array({ maxLength: 2 });
const bound = fc.option(key, { nil: undefined });
const range = fc.record({ start: bound, end: bound, reverse: fc.boolean() });
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('set' as const), key, value }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('iterate' as const), range }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'push',
        'write',
        'goOn',
        'drop',
        'mark',
        'undo',
        'forget',
      ) as fc.Arbitrary<'push' | 'write' | 'goOn' | 'drop' | 'mark' | 'undo' | 'forget'>,
    }),
  },
);

function newTree(): Tree {
  return new Tree(() => assert.fail('nothing is saved'));
}

function checkSame(store: KVStore, model: ModelStore, asked: KeyRange): void {
  assert.deepEqual([...store.iterate(asked)], model.iterate(asked));
}

describe('BufferedStore', () => {
  it('equals a map through nested buffers, writes, drops and iterations', () => {
    const run = (
      commands: readonly (typeof command extends fc.Arbitrary<infer C> ? C : never)[],
    ) => {
      const stores: [KVStore, ...KVStore[]] = [newTree()];
      const models = [new ModelStore()];
      /** Places of the topmost store to go back to, with what it held there. */
      let marks: { place: number; model: ModelStore }[] = [];
      for (const step of commands) {
        const top = stores[stores.length - 1]!;
        const model = models[models.length - 1]!;
        if (step.do === 'set') {
          top.set(step.key, step.value);
          models[models.length - 1] = model.set(step.key, step.value);
          assert.deepEqual(top.get(step.key), step.value);
        } else if (step.do === 'delete') {
          top.delete(step.key);
          models[models.length - 1] = model.delete(step.key);
          assert.equal(top.has(step.key), false);
        } else if (step.do === 'iterate') {
          checkSame(top, model, step.range);
        } else if (step.do === 'push') {
          stores.push(new BufferedStore(top));
          models.push(model);
          marks = [];
        } else if (!(top instanceof BufferedStore)) {
          // A tree cannot go back.
        } else if (step.do === 'mark') {
          marks.push({ place: top.mark(), model });
        } else if (step.do === 'undo') {
          const mark = marks.pop();
          if (mark === undefined) continue;
          top.undo(mark.place);
          models[models.length - 1] = mark.model;
        } else if (step.do === 'forget') {
          top.forget();
          marks = [];
        } else if (step.do === 'goOn') {
          top.write();
          models[models.length - 2] = model;
          marks = [];
        } else {
          if (step.do === 'write') {
            top.write();
            models[models.length - 2] = model;
          }
          stores.pop();
          models.pop();
          marks = [];
        }
      }
      for (const [level, store] of stores.entries()) {
        checkSame(store, models[level]!, {});
        checkSame(store, models[level]!, { reverse: true });
        for (const [text, [written, content]] of models[level]!.entries) {
          assert.deepEqual(store.get(written), content, text);
        }
      }
    };
    fc.assert(fc.property(fc.array(command, { maxLength: 60 }), run), { numRuns: 400 });
  });

  it('goes back over many keys, and iterates them in order before and after', () => {
    const store = new BufferedStore(newTree());
    const keyOf = (i: number): Uint8Array => Uint8Array.of(i >> 8, i & 255, 1);
    for (let i = 0; i < 300; i += 2) store.set(keyOf(i), Uint8Array.of(1));
    const before = [...store.iterate({})];
    const outer = store.mark();
    for (let i = 0; i < 300; i += 3) store.set(keyOf(i), Uint8Array.of(2));
    const between = [...store.iterate({ reverse: true })];
    const inner = store.mark();
    for (let i = 0; i < 300; i += 5) store.delete(keyOf(i));
    assert.equal([...store.iterate({})].length, 160);
    store.undo(inner);
    assert.deepEqual([...store.iterate({ reverse: true })], between);
    store.undo(outer);
    assert.deepEqual([...store.iterate({})], before);
  });

  it('keeps what is written, and the answers of as many reads as it likes', () => {
    const buffer = new BufferedStore(newTree());
    const keyOf = (i: number): Uint8Array => Uint8Array.of(i >> 16, (i >> 8) & 255, i & 255);
    buffer.set(keyOf(1), Uint8Array.of(1));
    assert.equal([...buffer.iterate({})].length, 1);
    const mark = buffer.mark();
    buffer.set(keyOf(2), Uint8Array.of(2));
    buffer.delete(keyOf(1));
    for (let i = 0; i < 60_000; i++) buffer.get(keyOf(3 + i));
    assert.equal(buffer.get(keyOf(1)), undefined);
    assert.deepEqual([...buffer.iterate({})], [[keyOf(2), Uint8Array.of(2)]]);
    buffer.undo(mark);
    for (let i = 0; i < 60_000; i++) buffer.get(keyOf(3 + i));
    assert.deepEqual([...buffer.iterate({})], [[keyOf(1), Uint8Array.of(1)]]);
    assert.equal(buffer.get(keyOf(2)), undefined);
  });

  it('shows an iteration the entries of its beginning, whatever is written meanwhile', () => {
    const parent = newTree();
    for (const byte of [1, 3, 5]) parent.set(Uint8Array.of(byte), Uint8Array.of(byte));
    const buffer = new BufferedStore(new BufferedStore(parent));
    buffer.set(Uint8Array.of(2), Uint8Array.of(2));
    buffer.delete(Uint8Array.of(3));
    const seen: number[] = [];
    const entries = buffer.iterate({});
    buffer.set(Uint8Array.of(9), Uint8Array.of(9));
    for (const [found] of entries) {
      seen.push(found[0]!);
      buffer.delete(found);
      buffer.set(Uint8Array.of(4), Uint8Array.of(4));
    }
    assert.deepEqual(seen, [1, 2, 5]);
    assert.deepEqual(
      [...buffer.iterate({})].map(([found]) => found[0]),
      [4, 9],
    );
  });

  it('gives its writes to the parent in key order and is empty afterwards', () => {
    const calls: string[] = [];
    const tree = newTree();
    const parent: KVStore = {
      get: (asked) => tree.get(asked),
      has: (asked) => tree.has(asked),
      iterate: (asked) => tree.iterate(asked),
      set: (written) => calls.push(`set ${toHex(written)}`),
      delete: (written) => calls.push(`delete ${toHex(written)}`),
    };
    const buffer = new BufferedStore(parent);
    for (const byte of [200, 7, 100]) buffer.set(Uint8Array.of(byte), Uint8Array.of(1));
    buffer.delete(Uint8Array.of(7, 1));
    buffer.write();
    buffer.write();
    assert.deepEqual(calls, ['set 07', 'delete 0701', 'set 64', 'set c8']);
  });

  for (const [name, length] of [
    ['an empty key', 0],
    ['a key of 131,072 bytes', 131_072],
  ] as const) {
    it(`refuses ${name}`, () => {
      const buffer = new BufferedStore(newTree());
      const bad = new Uint8Array(length);
      const expected = {
        name: 'TypeError',
        message: new RegExp(`1 to 131071 bytes, got ${length}$`),
      };
      assert.throws(() => buffer.get(bad), expected);
      assert.throws(() => buffer.has(bad), expected);
      assert.throws(() => buffer.set(bad, Uint8Array.of(1)), expected);
      assert.throws(() => buffer.delete(bad), expected);
    });
  }

  it('takes a key of 131,071 bytes and an empty value', () => {
    const buffer = new BufferedStore(newTree());
    buffer.set(new Uint8Array(131_071), new Uint8Array(0));
    assert.deepEqual(buffer.get(new Uint8Array(131_071)), new Uint8Array(0));
  });
});
