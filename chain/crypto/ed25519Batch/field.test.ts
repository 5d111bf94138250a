import assert from 'node:assert/strict';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { sharedBatchKernel } from '../kernels/loadKernels.ts';
import { BatchMemory } from './batchMemory.ts';
import { FIELD_PRIME, ROOT_OF_MINUS_ONE } from './curve.ts';
import { ELEMENT_BYTES, LIMB_BITS, LIMB_BOUND, LIMBS } from './fieldSizes.ts';
import { FREE_AT, LANES, SCRATCH } from './layout.ts';

const memory = new BatchMemory(sharedBatchKernel(), 64 * ELEMENT_BYTES);
const { functions, bytes } = memory;
const halves = new Int16Array(bytes.buffer);
const view = new DataView(bytes.buffer);
const [LEFT, RIGHT, OUTPUT] = [0, 1, 2].map((i) => FREE_AT + i * ELEMENT_BYTES) as [
  number,
  number,
  number,
];

const halfOf = (at: number, lane: number, limb: number): number =>
  at / 2 + (limb >> 1) * 8 + 2 * lane + (limb & 1);

const valueAt = (at: number, lane: number): bigint => {
  let value = 0n;
  for (let limb = LIMBS - 1; limb >= 0; limb--) {
    value = (value << BigInt(LIMB_BITS)) + BigInt(halves[halfOf(at, lane, limb)]!);
  }
  return ((value % FIELD_PRIME) + FIELD_PRIME) % FIELD_PRIME;
};

const setValue = (at: number, lane: number, value: bigint): void => {
  for (let limb = 0, rest = value; limb < LIMBS; limb++, rest >>= BigInt(LIMB_BITS)) {
    const isLast = limb === LIMBS - 1;
    halves[halfOf(at, lane, limb)] = Number(isLast ? rest : rest & 0x1fffn);
  }
};

describe('the field of the batch kernel', () => {
  const limb = fc.oneof(fc.constantFrom(1, -1, 0), fc.double({ min: -1, max: 1, noNaN: true }));
  const limbs = fc.array(limb, { minLength: LANES * LIMBS, maxLength: LANES * LIMBS });
  const same = limb.map((value) => new Array<number>(LANES * LIMBS).fill(value));
  const numbers = fc.oneof(limbs, same);
  const setLimbs = (at: number, parts: readonly number[], size: number): void => {
    parts.forEach((part, i) => {
      const half = halfOf(at, Math.floor(i / LIMBS), i % LIMBS);
      halves[half] = Math.trunc(part * size * LIMB_BOUND);
    });
  };
  const isSmall = (at: number): boolean => {
    for (let i = 0; i < LANES * LIMBS; i++) {
      if (Math.abs(halves[at / 2 + i]!) > LIMB_BOUND) return false;
    }
    return true;
  };

  it('multiplies numbers whose limbs are as large as they may be', () => {
    const sizes = fc.constantFrom([1, 6], [2, 3], [3, 2], [6, 1], [1, 1]);
    fc.assert(
      fc.property(numbers, numbers, sizes, (a, b, [sizeA, sizeB]) => {
        setLimbs(LEFT, a, sizeA!);
        setLimbs(RIGHT, b, sizeB!);
        functions.multiply(OUTPUT, LEFT, RIGHT);
        for (let lane = 0; lane < LANES; lane++) {
          const expected = (valueAt(LEFT, lane) * valueAt(RIGHT, lane)) % FIELD_PRIME;
          assert.equal(valueAt(OUTPUT, lane), expected);
        }
        assert.ok(isSmall(OUTPUT));
      }),
      { numRuns: 1000 },
    );
  });

  it('squares numbers up to two products, also in place', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom(1, 2), (a, size) => {
        setLimbs(LEFT, a, size);
        const values = Array.from({ length: LANES }, (_, lane) => valueAt(LEFT, lane));
        functions.square(LEFT, LEFT);
        values.forEach((value, lane) => {
          assert.equal(valueAt(LEFT, lane), (value * value) % FIELD_PRIME);
        });
        assert.ok(isSmall(LEFT));
      }),
      { numRuns: 1000 },
    );
  });

  const maskAt = (at: number, lane: number): boolean => {
    const mask = view.getInt32(at + 4 * lane, true);
    assert.ok(mask === 0 || mask === -1, `a mask of ${mask}`);
    return mask === -1;
  };
  const judged = (value: bigint): void => {
    for (let lane = 0; lane < LANES; lane++) {
      const number = valueAt(LEFT, lane);
      assert.equal(maskAt(SCRATCH.zero, lane), number === 0n, `zero: ${value}`);
      assert.equal(maskAt(SCRATCH.odd, lane), number % 2n === 1n, `odd: ${value}`);
    }
  };

  it('knows numbers that are zero, and odd ones, however they are written', () => {
    const around = [0n, 1n, 2n, 18n, 19n, 20n, 2n ** 13n, 8173n, 2n ** 254n, 2n ** 255n - 1n];
    for (const multiple of [-3n, -1n, 0n, 1n, 2n, 31n]) {
      for (const offset of around.flatMap((value) => [value, -value])) {
        const value = multiple * FIELD_PRIME + offset;
        for (let lane = 0; lane < LANES; lane++) setValue(LEFT, lane, value + BigInt(lane % 2));
        functions.judge(LEFT);
        judged(value);
      }
    }
    fc.assert(
      fc.property(numbers, fc.constantFrom(1, 2, 6), (a, size) => {
        setLimbs(LEFT, a, size);
        functions.judge(LEFT);
        judged(BigInt(size));
      }),
      { numRuns: 1000 },
    );
  });

  it('reads points as noble does by the rules of ZIP-215', () => {
    const root = (value: bigint): Uint8Array =>
      Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
    const edges = [
      0n,
      1n,
      2n,
      3n,
      FIELD_PRIME - 1n,
      FIELD_PRIME,
      FIELD_PRIME + 1n,
      ROOT_OF_MINUS_ONE,
    ]
      .flatMap((y) => [y, y + 2n ** 255n])
      .concat([2n ** 255n - 1n, 2n ** 256n - 1n])
      .map(root);
    const encodings = fc.oneof(
      fc.constantFrom(...edges),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
    );
    const pointOf = (encoding: Uint8Array) => {
      try {
        return ed25519.Point.fromBytes(encoding, true);
      } catch {
        return undefined;
      }
    };
    const four = fc.array(encodings, { minLength: LANES, maxLength: LANES });
    let [good, bad] = [0, 0];
    fc.assert(
      fc.property(four, fc.boolean(), (given, areGood) => {
        const isGood = (encoding: Uint8Array) => pointOf(encoding) !== undefined;
        const fallback = edges.find(isGood)!;
        const all = areGood ? given.map((each) => (isGood(each) ? each : fallback)) : given;
        all.forEach((encoding, lane) => {
          bytes.set(encoding, LEFT + 32 * lane);
        });
        const points = all.map(pointOf);
        const expected = points.every((point) => point !== undefined);
        assert.equal(functions.decompress(LEFT, RIGHT), expected ? 1 : 0);
        if (expected) good += 1;
        else bad += 1;
        if (!expected) return;
        points.forEach((point, i) => {
          const { x, y } = point!.toAffine();
          const at = RIGHT + i * ELEMENT_BYTES;
          const got = Array.from({ length: LANES }, (_, lane) => valueAt(at, lane));
          assert.deepEqual(got, [x, y, 1n, (x * y) % FIELD_PRIME]);
        });
      }),
      { numRuns: 300 },
    );
    assert.ok(good > 50 && bad > 50);
  });
});
