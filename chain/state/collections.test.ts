import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareBytes, fromUtf8, toHex, toUtf8 } from '../../wire/bytes.ts';
import {
  addressKey,
  hexKey,
  int64Key,
  type KeyCodec,
  lengthPrefixedAddressKey,
  pair,
  partPrefix,
  prefixEnd,
  textKey,
  uint32Key,
  uint64Key,
} from '../../wire/keys.ts';
import { ChainError } from '../module/errors.ts';
import { EMPTY_STORE } from '../store/emptyStore.ts';
import { BufferedStore, type KVStore } from '../store/index.ts';
import { index, item, keySet, map, sequence, unique } from './collections.ts';
import { checkPrefixes } from './declarations.ts';
import { paginate } from './pagination.ts';
import { integerValue, uint64Value, type ValueCodec } from './values.ts';

const namesValue: ValueCodec<{ readonly name: string }> = {
  encode: ({ name }) => toUtf8(name),
  decode: (bytes) => ({ name: fromUtf8(bytes, 'name') }),
};

const open = (): KVStore => new BufferedStore(EMPTY_STORE);

const uint64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const int64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((each) => !each.includes('\0'));
const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });

/** What is written is what is encoded, wherever there is room for it; a codec may leave a key to `encode`. */
function checkWritten(write: KeyCodec<unknown>['write'], key: unknown, expected: Uint8Array): void {
  if (write === undefined) return;
  const out = new Uint8Array(100);
  const end = write(key, out, 3);
  if (end < 0) {
    assert.ok(expected.some((byte) => byte > 0x7f));
    return;
  }
  assert.deepEqual(out.subarray(3, end), expected);
  assert.equal(write(key, out.subarray(0, end), 3), end);
  if (expected.length > 0) assert.ok(write(key, out.subarray(0, end - 1), 3) < 0);
}

describe('key codecs', () => {
  const cases: [string, KeyCodec<unknown>, fc.Arbitrary<unknown>][] = [
    ['uint64', uint64Key as KeyCodec<unknown>, uint64],
    ['uint32', uint32Key as KeyCodec<unknown>, fc.nat(0xffffffff)],
    ['int64', int64Key as KeyCodec<unknown>, int64],
    ['text', textKey as KeyCodec<unknown>, text],
    ['address', addressKey as KeyCodec<unknown>, bytes],
    ['length-prefixed address', lengthPrefixedAddressKey as KeyCodec<unknown>, bytes],
    ['pair', pair(textKey, uint64Key) as KeyCodec<unknown>, fc.tuple(text, uint64)],
    [
      'pair of addresses',
      pair(lengthPrefixedAddressKey, addressKey) as KeyCodec<unknown>,
      fc.tuple(bytes, bytes),
    ],
  ];
  for (const [name, codec, values] of cases) {
    it(`${name}: decodes what it encodes, as the last part and in front of another`, () => {
      fc.assert(
        fc.property(values, (value) => {
          assert.deepEqual(codec.decode(codec.encode(value)), value);
          const part = codec.encodePart(value);
          const padded = new Uint8Array([9, ...part, 7]);
          assert.deepEqual(codec.decodePart(padded, 1), [value, 1 + part.length]);
          checkWritten(codec.write, value, codec.encode(value));
          checkWritten(codec.writePart, value, part);
        }),
      );
    });
  }

  it('writes text in front of another part only without a zero byte', () => {
    assert.ok(textKey.writePart!('a\0b', new Uint8Array(10), 0) < 0);
    assert.ok(lengthPrefixedAddressKey.write!(new Uint8Array(256), new Uint8Array(300), 0) < 0);
  });

  const byCount = <T extends bigint | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
  const byBytes = (a: string, b: string): number => compareBytes(toUtf8(a), toUtf8(b));
  const byPart = (a: readonly [string, bigint], b: readonly [string, bigint]): number =>
    byBytes(a[0], b[0]) || byCount(a[1], b[1]);
  const hex = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex);
  const ordered: [string, KeyCodec<never>, fc.Arbitrary<never>, (a: never, b: never) => number][] =
    [
      ['uint64', uint64Key as never, uint64 as never, byCount],
      ['uint32', uint32Key as never, fc.nat(0xffffffff) as never, byCount],
      ['int64', int64Key as never, int64 as never, byCount],
      ['text', textKey as never, text as never, byBytes],
      ['hex', hexKey(20) as never, hex as never, byCount],
      ['address', addressKey as never, bytes as never, compareBytes],
      ['pair', pair(textKey, uint64Key) as never, fc.tuple(text, uint64) as never, byPart],
    ];
  for (const [name, codec, values, order] of ordered) {
    it(`${name}: keys sort as their values do`, () => {
      fc.assert(
        fc.property(values, values, (a, b) => {
          const found = Math.sign(compareBytes(codec.encode(a), codec.encode(b)));
          assert.equal(found, Math.sign(order(a, b)));
        }),
      );
    });
  }

  it('pairs never share bytes with other pairs', () => {
    const codec = pair(textKey, textKey);
    assert.notDeepEqual(codec.encode(['hello', 'world']), codec.encode(['hell', 'oworld']));
  });

  it('refuse keys of the wrong form', () => {
    assert.throws(() => uint64Key.encode(-1n), RangeError);
    assert.throws(() => uint64Key.decode(new Uint8Array(7)), /expected 8 bytes, got 7/);
    assert.throws(() => hexKey(20).encode('00'), /expected 20 bytes, got 1/);
    assert.throws(() => pair(textKey, textKey).encode(['a\0', 'b']), /zero byte/);
  });
});

const PAGE = {
  key: new Uint8Array(0),
  offset: 0n,
  limit: 0n,
  countTotal: false,
  reverse: false,
};

const textValue = { encode: toUtf8, decode: (bytes: Uint8Array) => fromUtf8(bytes, 'text') };

describe('collections', () => {
  const accounts = map(1, textKey, integerValue, {
    indexes: { parity: index(2, uint64Key, (amount: bigint) => amount % 2n) },
  });

  it('a map with an index behaves as a Map of its entries', () => {
    const action = fc.tuple(
      fc.constantFrom('set', 'delete'),
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.bigInt({ min: 0n, max: 9n }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const opened = accounts.open(open());
        const model = new Map<string, bigint>();
        for (const [what, key, amount] of actions) {
          if (what === 'set') {
            opened.set(key, amount);
            model.set(key, amount);
          } else {
            opened.delete(key);
            model.delete(key);
          }
        }
        const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
        assert.deepEqual([...opened.entries()], sorted);
        assert.deepEqual([...opened.entries({ reverse: true })], [...sorted].reverse());
        for (const parity of [0n, 1n]) {
          assert.deepEqual(
            [...opened.by.parity(parity)],
            sorted.filter(([, amount]) => amount % 2n === parity),
          );
        }
      }),
    );
  });

  it('pages through the entries that share a value in an index', () => {
    const opened = accounts.open(open());
    for (const [i, key] of ['a', 'b', 'c', 'd', 'e'].entries()) opened.set(key, BigInt(2 * i));
    opened.set('x', 1n);
    const even = opened.by.parity(0n);
    const first = paginate(even, { ...PAGE, limit: 2n });
    assert.deepEqual(
      first.entries.map(([key]) => key),
      ['a', 'b'],
    );
    const rest = paginate(even, { ...PAGE, key: first.pagination.nextKey, limit: 9n });
    assert.deepEqual(
      rest.entries.map(([key]) => key),
      ['c', 'd', 'e'],
    );
    assert.deepEqual(
      [...even.entries({ from: 'd' })].map(([key]) => key),
      ['d', 'e'],
    );
    const back = paginate(even, { ...PAGE, limit: 3n, reverse: true });
    assert.deepEqual(
      back.entries.map(([key]) => key),
      ['e', 'd', 'c'],
    );
    const before = paginate(even, {
      ...PAGE,
      key: back.pagination.nextKey,
      limit: 9n,
      reverse: true,
    });
    assert.deepEqual(
      before.entries.map(([key]) => key),
      ['b', 'a'],
    );
    assert.deepEqual([...opened.by.parity.keys.entries()].at(-1)?.[0], [1n, 'x']);
  });

  it('a unique index finds one entry, and gives its value to no other', () => {
    const names = map(1, uint64Key, textValue, {
      indexes: { name: unique(2, textKey, (name: string) => name || undefined) },
    });
    const store = open();
    const opened = names.open(store);
    opened.set(1n, 'ada');
    opened.set(2n, 'bob');
    opened.set(3n, '');
    opened.set(4n, '');
    assert.deepEqual(opened.by.name('bob'), [2n, 'bob']);
    assert.throws(() => opened.set(2n, 'ada'), /name: ada belongs to 1/);
    assert.deepEqual([opened.get(2n), opened.by.name('bob')], ['bob', [2n, 'bob']]);
    opened.set(1n, 'eve');
    opened.set(2n, 'ada');
    opened.set(2n, 'ada');
    assert.deepEqual([opened.by.name('ada')?.[0], opened.by.name('bob')], [2n, undefined]);
    opened.delete(2n);
    assert.equal(opened.by.name('ada'), undefined);
    assert.equal(names.invariant?.(store), true);
  });

  it('a refused write leaves a map with several indexes as it was', () => {
    const names = map(1, uint64Key, textValue, {
      indexes: {
        initial: index(2, textKey, (name: string) => name.slice(0, 1)),
        length: unique(3, uint64Key, (name: string) => BigInt(name.length)),
        name: unique(4, textKey, (name: string) => name.toLowerCase()),
      },
    });
    const store = open();
    const opened = names.open(store);
    opened.set(1n, 'ada');
    opened.set(2n, 'emma');
    const before = [...store.iterate({})];
    assert.throws(() => opened.set(2n, 'Ada'), /length: 3 belongs to 1/);
    assert.throws(() => opened.set(3n, 'eve'), /length: 3 belongs to 1/);
    assert.deepEqual([...store.iterate({})], before);
    assert.equal(names.invariant?.(store), true);
  });

  it('knows an index that does not agree with its map', () => {
    const store = open();
    accounts.open(store).set('a', 4n);
    assert.equal(accounts.invariant?.(store), true);
    keySet(2, pair(uint64Key, textKey)).open(store).add([1n, 'b']);
    assert.equal(accounts.invariant?.(store), 'the index parity holds 2 entries, expected 1');
    keySet(2, pair(uint64Key, textKey)).open(store).remove([0n, 'a']);
    assert.equal(accounts.invariant?.(store), 'a is not in the index parity');
  });

  it('names the key that is missing', () => {
    assert.throws(
      () => accounts.open(open()).must('nobody'),
      (error) => error instanceof ChainError && /nobody: not found/.test(error.message),
    );
    assert.throws(() => item(1, uint64Value).open(open()).must(), /not found/);
  });

  it('a sequence counts from one, or from where it is told', () => {
    const store = open();
    const numbers = sequence(1).open(store);
    assert.deepEqual([numbers.next(), numbers.next(), numbers.peek()], [1n, 2n, 3n]);
    assert.equal(sequence(2, 0n).open(store).next(), 0n);
  });

  it('a walk within a first part sees nothing of its neighbours', () => {
    const set = keySet(1, pair(textKey, uint64Key)).open(open());
    for (const key of [
      ['a', 1n],
      ['ab', 2n],
      ['b', 3n],
    ] as const)
      set.add(key);
    const found = [...set.entries({ within: partPrefix(textKey, 'a') })].map(([key]) => key);
    assert.deepEqual(found, [['a', 1n]]);
  });

  it('a walk within a first part sees nothing else, wherever it begins', () => {
    const pairs = keySet(1, pair(textKey, uint64Key)).open(open());
    for (const name of ['a', 'b', 'c']) for (const n of [1n, 2n]) pairs.add([name, n]);
    const within = partPrefix(textKey, 'b');
    const walk = (from: readonly [string, bigint], reverse: boolean): string =>
      [...pairs.entries({ within, from, reverse })].map(([[name, n]]) => `${name}${n}`).join(' ');
    assert.equal(walk(['a', 2n], false), 'b1 b2');
    assert.equal(walk(['b', 2n], false), 'b2');
    assert.equal(walk(['c', 1n], false), '');
    assert.equal(walk(['a', 2n], true), '');
    assert.equal(walk(['b', 1n], true), 'b1');
    assert.equal(walk(['c', 2n], true), 'b2 b1');
  });

  it('a unique index takes values that only stand last: with zero bytes, and longer than 255 bytes', () => {
    const store = open();
    const byName = { name: unique(2, textKey, ({ name }: { name: string }) => name) };
    const rows = map(1, textKey, namesValue, { indexes: byName });
    const opened = rows.open(store);
    opened.set('k\0', { name: 'a\0b' });
    opened.set('k\0', { name: 'a\0b' });
    assert.deepEqual(opened.by.name('a\0b'), ['k\0', { name: 'a\0b' }]);
    assert.equal(rows.invariant?.(store), true);
    opened.delete('k\0');
    assert.equal(opened.by.name('a\0b'), undefined);
  });

  it('takes no prefix that is not one to be told from others', () => {
    for (const prefix of [256, -1, 1.5, Number.NaN, new Uint8Array(0)]) {
      assert.throws(() => item(prefix, uint64Value), /^TypeError: prefix: expected/);
      assert.throws(() => map(prefix, textKey, uint64Value), /^TypeError: prefix: expected/);
    }
    assert.deepEqual(item(255, uint64Value).prefixes, [Uint8Array.of(255)]);
  });

  it('knows the end of a prefix', () => {
    assert.deepEqual(prefixEnd(Uint8Array.of(1, 2)), Uint8Array.of(1, 3));
    assert.deepEqual(prefixEnd(Uint8Array.of(1, 255)), Uint8Array.of(2));
    assert.equal(prefixEnd(Uint8Array.of(255, 255)), undefined);
  });

  it('checks prefixes of indexes as well', () => {
    assert.throws(
      () => checkPrefixes('m', { a: accounts, b: item(2, uint64Value) }),
      /m: prefixes of a and b overlap/,
    );
  });
});

describe('pagination', () => {
  const numbers = map(1, uint64Key, uint64Value);
  const filled = (count: number) => {
    const opened = numbers.open(open());
    for (let i = 0; i < count; i++) opened.set(BigInt(i), BigInt(i));
    return opened;
  };
  const request = {
    key: new Uint8Array(0),
    offset: 0n,
    limit: 0n,
    countTotal: false,
    reverse: false,
  };

  it('walks all entries by key, whatever the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 25 }),
        fc.bigInt({ min: 1n, max: 7n }),
        fc.boolean(),
        (count, limit, reverse) => {
          const opened = filled(count);
          const seen: bigint[] = [];
          let key: Uint8Array = new Uint8Array(0);
          do {
            const page = paginate(opened, { ...request, key, limit, reverse });
            seen.push(...page.entries.map(([number]) => number));
            assert.ok(page.entries.length <= Number(limit));
            key = page.pagination.nextKey;
          } while (key.length > 0);
          const all = Array.from({ length: count }, (_, i) => BigInt(i));
          assert.deepEqual(seen, reverse ? all.reverse() : all);
        },
      ),
    );
  });

  it('counts when asked, and skips by offset', () => {
    const page = paginate(filled(20), { ...request, offset: 15n, limit: 3n, countTotal: true });
    assert.deepEqual(
      page.entries.map(([number]) => number),
      [15n, 16n, 17n],
    );
    assert.equal(page.pagination.total, 20n);
    assert.equal(paginate(filled(5), undefined).pagination.total, 5n);
  });

  it('looks at a bounded number of entries that it leaves out, and goes on behind them', () => {
    let lookedAt = 0;
    const many = {
      keyBytes: (key: bigint) => uint64Key.encode(key),
      *entries({ fromBytes }: { readonly fromBytes?: Uint8Array } = {}) {
        const from = fromBytes?.length ? uint64Key.decode(fromBytes) : 0n;
        for (let key = from; key < 150_000n; key++) {
          lookedAt++;
          yield [key, key] as const;
        }
      },
    };
    const where = (value: bigint): boolean => value === 149_999n;
    const page = paginate(many, { ...request, limit: 1n }, { where });
    assert.deepEqual([page.entries.length, lookedAt], [0, 100_000]);
    const rest = paginate(many, { ...request, limit: 1n, key: page.pagination.nextKey }, { where });
    assert.deepEqual(rest.entries, [[149_999n, 149_999n]]);
  });

  it('bounds the limit and the offset', () => {
    assert.equal(paginate(filled(1100), { ...request, limit: 1n << 60n }).entries.length, 1000);
    assert.throws(
      () => paginate(filled(1), { ...request, offset: 10_001n }),
      /pagination.offset: expected at most 10000/,
    );
    assert.throws(
      () => paginate(filled(1), { ...request, offset: 1n, key: Uint8Array.of(1) }),
      /either key or offset/,
    );
  });
});
