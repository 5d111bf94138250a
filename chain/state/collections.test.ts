import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareBytes } from '../../wire/bytes.ts';
import {
  addressKey,
  hexKey,
  type KeyCodec,
  lengthPrefixedAddressKey,
  pair,
  partPrefix,
  textKey,
  uint32Key,
  uint64Key,
} from '../../wire/keys.ts';
import { ChainError } from '../module/errors.ts';
import { EMPTY_STORE } from '../store/emptyStore.ts';
import { BufferedStore, type KVStore } from '../store/index.ts';
import { index, item, keySet, map, sequence } from './collections.ts';
import { checkPrefixes } from './declarations.ts';
import { paginate } from './pagination.ts';
import { prefixEnd } from './prefix.ts';
import { integerValue, uint64Value } from './values.ts';

const open = (): KVStore => new BufferedStore(EMPTY_STORE);

const uint64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((each) => !each.includes('\0'));
const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });

describe('key codecs', () => {
  const cases: [string, KeyCodec<unknown>, fc.Arbitrary<unknown>][] = [
    ['uint64', uint64Key as KeyCodec<unknown>, uint64],
    ['uint32', uint32Key as KeyCodec<unknown>, fc.nat(0xffffffff)],
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
        }),
      );
    });
  }

  it('numbers sort as they count', () => {
    fc.assert(
      fc.property(uint64, uint64, (a, b) => {
        const order = compareBytes(uint64Key.encode(a), uint64Key.encode(b));
        assert.equal(Math.sign(order), a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

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
