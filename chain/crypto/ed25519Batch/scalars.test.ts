import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sharedBatchKernel } from '../kernels/loadKernels.ts';
import { BatchMemory } from './batchMemory.ts';
import { GROUP_ORDER } from './curve.ts';
import { ELEMENT_BYTES } from './fieldSizes.ts';
import { DIGIT_BYTES, FREE_AT, PLACES, TABLES } from './layout.ts';

const { functions, words } = new BatchMemory(sharedBatchKernel(), 4096);
/** Room for 32 words each. */
const [LEFT, RIGHT, OUTPUT] = [FREE_AT, FREE_AT + 128, FREE_AT + 256];

const setWords = (at: number, value: bigint, count: number): void => {
  for (let i = 0; i < count; i++) {
    words[at / 4 + i] = Number((value >> BigInt(32 * i)) & 0xffff_ffffn);
  }
};

const wordsAt = (at: number, count: number): bigint => {
  let value = 0n;
  for (let i = count - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[at / 4 + i]!);
  return value;
};

describe('the scalars of the batch kernel', () => {
  const extremes = [
    0n,
    1n,
    GROUP_ORDER - 1n,
    GROUP_ORDER,
    GROUP_ORDER + 1n,
    2n * GROUP_ORDER - 1n,
    3n * GROUP_ORDER,
    2n ** 224n,
    2n ** 252n,
    2n ** 256n - 1n,
    2n ** 288n - 1n,
    2n ** 512n - 1n,
    2n ** 512n - (2n ** 512n % GROUP_ORDER),
    2n ** 512n - (2n ** 512n % GROUP_ORDER) - 1n,
  ];
  const number = (bits: bigint) =>
    fc.oneof(
      fc.constantFrom(...extremes.filter((value) => value < 2n ** bits)),
      fc.bigInt({ min: 0n, max: 2n ** bits - 1n }),
      // Words of zeros and ones only, where carries go wrong.
      fc
        .array(fc.constantFrom(0n, 1n, 0xffff_ffffn, 0x8000_0000n), {
          minLength: Number(bits / 32n),
          maxLength: Number(bits / 32n),
        })
        .map((parts) => parts.reduce<bigint>((sum, part) => (sum << 32n) | part, 0n)),
      fc.bigInt({ min: 0n, max: 2n ** bits / GROUP_ORDER }).map((times) => times * GROUP_ORDER),
    );

  it('are taken modulo the group order', () => {
    const check = (value: bigint): void => {
      setWords(LEFT, value, 16);
      words.fill(0xffff_ffff, OUTPUT / 4, OUTPUT / 4 + 10);
      functions.modOrder(OUTPUT, LEFT);
      assert.equal(wordsAt(OUTPUT, 10), value % GROUP_ORDER, `${value}`);
    };
    for (const value of extremes) check(value);
    fc.assert(fc.property(number(512n), check), { numRuns: 1000 });
  });

  it('are multiplied and added', () => {
    const sums = fc.bigInt({ min: 0n, max: 2n ** 600n });
    fc.assert(
      fc.property(number(128n), number(256n), sums, (z, s, before) => {
        setWords(LEFT, z, 4);
        setWords(RIGHT, s, 8);
        setWords(OUTPUT, before, 20);
        functions.multiplyWords(OUTPUT, LEFT, 4, RIGHT, 8);
        assert.equal(wordsAt(OUTPUT, 20), before + z * s);
      }),
      { numRuns: 1000 },
    );
  });

  it('are compared by their difference', () => {
    fc.assert(
      fc.property(number(256n), number(256n), fc.boolean(), (a, b, isSame) => {
        const right = isSame ? a : b;
        setWords(LEFT, a, 8);
        setWords(RIGHT, right, 8);
        assert.equal(functions.subtractWords(OUTPUT, LEFT, RIGHT, 8), a < right ? 1 : 0);
        assert.equal(wordsAt(OUTPUT, 8), BigInt.asUintN(256, a - right));
      }),
      { numRuns: 1000 },
    );
  });

  it('are written as digits that add up to them', () => {
    const addends = 1 << 20;
    fc.assert(
      fc.property(number(256n), fc.constantFrom(4, 5, 8), fc.boolean(), (scalar, width, negate) => {
        words.fill(0, TABLES.heads / 4, TABLES.heads / 4 + PLACES);
        setWords(LEFT, scalar, 10);
        const sign = negate ? 1 : 0;
        const end = functions.recode(LEFT, width, addends, sign, PLACES, TABLES.digits);
        let [sum, next, count] = [0n, 0, 0];
        for (let place = 0; place < PLACES; place++) {
          const at = words[TABLES.heads / 4 + place]!;
          if (at === 0) continue;
          const [addend, before] = [words[at / 4]!, words[at / 4 + 1]!];
          assert.equal(before, 0);
          const size = 2 * Math.floor((addend - addends) / ELEMENT_BYTES) + 1;
          assert.ok(size < 2 ** (width - 1) && place >= next);
          const isNegative = ((addend & 1) === 1) !== negate;
          sum += (isNegative ? -1n : 1n) * BigInt(size) * 2n ** BigInt(place);
          next = place + width;
          count += 1;
        }
        assert.equal(sum, scalar);
        assert.equal(end, TABLES.digits + count * DIGIT_BYTES);
      }),
      { numRuns: 1000 },
    );
    words.fill(0, TABLES.heads / 4, TABLES.heads / 4 + PLACES);
  });
});
