import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { toUtf8 } from '../../wire/bytes.ts';
import { fromBase45, toBase45 } from './base45.ts';

describe('base45', () => {
  // RFC 9285, sections 4.3 and 4.4.
  for (const [text, encoded] of [
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
    ['', ''],
  ] as const) {
    it(`writes and reads "${text}" as the RFC does`, () => {
      assert.equal(toBase45(toUtf8(text)), encoded);
      assert.deepEqual(fromBase45(encoded, 'text'), toUtf8(text));
    });
  }

  // 65,536 and 256 are one more than two bytes and one hold.
  for (const text of ['GGW', ':::', 'B', 'AB8B', 'bb8', 'B_8', 'V5', '::', 'é00']) {
    it(`refuses "${text}"`, () => {
      assert.throws(() => fromBase45(text, 'proof'), /^TypeError: proof: expected base45, got/);
    });
  }

  it('is the same both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        assert.deepEqual(fromBase45(toBase45(bytes), 'text'), bytes);
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), (text) => {
        try {
          assert.equal(toBase45(fromBase45(text, 'text')), text);
        } catch (error) {
          assert.ok(error instanceof TypeError, String(error));
        }
      }),
    );
  });
});
