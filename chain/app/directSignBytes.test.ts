import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SignDoc } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { directSignBytes } from './directSignBytes.ts';

describe('what SIGN_MODE_DIRECT signs', () => {
  it('has the bytes of the generated codec', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 10 }),
      fc.nat(40_000).map((length) => new Uint8Array(length).fill(7)),
    );
    const document = fc.record({
      bodyBytes: bytes,
      authInfoBytes: bytes,
      chainId: fc.string({ maxLength: 60 }),
      accountNumber: fc.oneof(
        fc.constantFrom(0n, 1n, 127n, 128n),
        fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
      ),
    });
    fc.assert(
      fc.property(document, (given) => {
        assert.deepEqual(directSignBytes(given), SignDoc.encode(given).finish());
      }),
      { numRuns: 200 },
    );
  });

  it('refuses an account number that is no uint64', () => {
    const rest = { bodyBytes: new Uint8Array(1), authInfoBytes: new Uint8Array(1), chainId: 'a' };
    for (const accountNumber of [-1n, 1n << 64n]) {
      assert.throws(() => directSignBytes({ ...rest, accountNumber }), RangeError);
    }
  });
});
