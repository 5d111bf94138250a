import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromBase64, fromHex, toBase64, toHex } from './bytes.ts';

/** Characters around the digits, and some whose low bits are those of digits. */
const STRANGE = [...'AZaz09+/=-_ \n@[`{G', '\u0141', '\uff10', '\u0000'];
const texts = fc
  .array(fc.constantFrom(...STRANGE), { maxLength: 9 })
  .map((characters) => characters.join(''));

describe('texts of bytes', () => {
  it('are those of Node, both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        assert.equal(toHex(bytes), buffer.toString('hex'));
        assert.equal(toBase64(bytes), buffer.toString('base64'));
        assert.deepEqual(fromHex(toHex(bytes).toUpperCase()), bytes);
        assert.deepEqual(fromHex(toHex(bytes)), bytes);
        assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
      }),
    );
  });

  it('are read in their one form, or refused by their title', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const hex = Buffer.from(text, 'hex');
        if (hex.toString('hex') === text.toLowerCase())
          assert.deepEqual(Buffer.from(fromHex(text)), hex);
        else assert.throws(() => fromHex(text, 'app_hash'), /^TypeError: app_hash: expected hex/);
        const base64 = Buffer.from(text, 'base64');
        if (base64.toString('base64') === text) {
          assert.deepEqual(Buffer.from(fromBase64(text)), base64);
        } else assert.throws(() => fromBase64(text, 'tx'), /^TypeError: tx: /);
      }),
      { numRuns: 5_000 },
    );
  });

  it('say when base64 has bits to spare that are not zero', () => {
    assert.deepEqual(fromBase64('AA=='), Uint8Array.of(0));
    assert.throws(() => fromBase64('AB=='), /non-zero spare bits/);
    assert.throws(() => fromBase64('AAB='), /non-zero spare bits/);
    for (const text of ['A', 'AA', 'AAA', 'A===', '====', 'AA=A', 'AA==AAAA', '=']) {
      assert.throws(() => fromBase64(text), /expected standard base64/, text);
    }
  });
});
