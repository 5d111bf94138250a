import assert from 'node:assert/strict';
import { fromBech32, toBech32 } from '@cosmjs/encoding';
import fc from 'fast-check';
import { decodeBech32, encodeBech32, MAX_BECH32_LENGTH } from './bech32.ts';
import { toHex } from './bytes.ts';

/** BIP-173, "Test vectors": checksums hold in all; those here also hold whole bytes. */
const VALID = [
  ['A12UEL5L', 'a', ''],
  ['a12uel5l', 'a', ''],
  [
    'an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs',
    'an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio',
    '',
  ],
  [
    'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw',
    'abcdef',
    '00443214c74254b635cf84653a56d7c675be77df',
  ],
  [
    'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w',
    'split',
    'c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d',
  ],
] as const;

/** BIP-173, "invalid", and the checksum of bech32m. */
const INVALID = [
  ['\x201nwldj5', 'printable'],
  ['\x7f1axkwrx', 'printable'],
  ['\x801eym55h', 'printable'],
  ['pzry9x0s0muk', 'a prefix'],
  ['1pzry9x0s0muk', 'a prefix'],
  ['x1b4n0q5v', 'digits'],
  ['li1dgmt3', 'a checksum of 6'],
  ['de1lg7wt\xff', 'printable'],
  ['A1G7SGD8', 'right checksum'],
  ['10a06t8', 'a prefix'],
  ['1qzzfhee', 'a prefix'],
  ['A1LQFN3A', 'right checksum'],
  ['a12UEL5L', 'one case'],
  ['', 'printable'],
] as const;

describe('bech32', () => {
  for (const [text, prefix, hex] of VALID) {
    it(`reads ${text}`, () => {
      const decoded = decodeBech32(text);
      assert.deepEqual([decoded.prefix, toHex(decoded.bytes)], [prefix, hex]);
      assert.equal(encodeBech32(prefix, decoded.bytes), text.toLowerCase());
    });
  }

  for (const [text, reason] of INVALID) {
    it(`refuses ${JSON.stringify(text)}: ${reason}`, () => {
      assert.throws(
        () => decodeBech32(text, 'to_address'),
        (error: TypeError) =>
          error.message.startsWith('to_address: expected') && error.message.includes(reason),
      );
    });
  }

  it('equals @cosmjs/encoding both ways', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/),
        fc.uint8Array({ maxLength: 255 }),
        (prefix, bytes) => {
          const text = encodeBech32(prefix, bytes);
          assert.equal(text, toBech32(prefix, bytes));
          assert.deepEqual(decodeBech32(text), { prefix, bytes });
          assert.deepEqual(fromBech32(text, MAX_BECH32_LENGTH).data, bytes);
        },
      ),
    );
  });

  it('refuses letters that fold into ASCII', () => {
    const text = encodeBech32('depin', Uint8Array.from([1, 22, 200])).toUpperCase();
    assert.deepEqual(decodeBech32(text).bytes, Uint8Array.from([1, 22, 200]));
    const kelvin = encodeBech32('k', new Uint8Array(0)).toUpperCase().replace('K', '\u212a');
    assert.throws(() => decodeBech32(kelvin), /printable/);
  });

  it('finds every change of one character', () => {
    const text = encodeBech32(
      'depin',
      Uint8Array.from({ length: 20 }, (_, i) => i * 11),
    );
    for (let i = 0; i < text.length; i++) {
      for (const character of ['q', 'p', '7', '0']) {
        if (text[i] === character) continue;
        const changed = text.slice(0, i) + character + text.slice(i + 1);
        assert.throws(() => decodeBech32(changed), TypeError, changed);
      }
    }
  });

  it('refuses spare bits that are not zero and a spare digit', () => {
    const right = decodeBech32('abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw').bytes;
    assert.equal(right.length, 20);
    for (const words of [[31], [0, 1], [0]]) {
      assert.throws(() => decodeBech32(textOfWords('depin', words)), /padding/, `${words}`);
    }
  });

  it('takes 1023 characters and not one more', () => {
    const fits = encodeBech32('cosmos', new Uint8Array(631));
    assert.equal(fits.length, 1023);
    assert.equal(decodeBech32(fits).bytes.length, 631);
    assert.throws(() => encodeBech32('cosmos', new Uint8Array(632)), /at most 1023/);
    assert.throws(() => decodeBech32(`${fits}q`), /at most 1023/);
  });

  it('refuses a prefix that is empty, upper case, not printable or over 83 characters', () => {
    for (const prefix of ['', 'Depin', 'de pin', 'dépin', 'x'.repeat(84)]) {
      assert.throws(() => encodeBech32(prefix, new Uint8Array(20)), /^TypeError: prefix/, prefix);
    }
  });
});

/** A text over raw 5-bit words: searches for the checksum by the definition alone. */
function textOfWords(prefix: string, words: readonly number[]): string {
  const charset = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  const expanded = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
  const sum = remainder([...expanded, ...words, 0, 0, 0, 0, 0, 0]) ^ 1n;
  const checksum = [5n, 4n, 3n, 2n, 1n, 0n].map((i) => Number((sum >> (5n * i)) & 31n));
  return `${prefix}1${[...words, ...checksum].map((word) => charset[word]).join('')}`;
}

function remainder(words: readonly number[]): bigint {
  const generators = [0x3b6a57b2n, 0x26508e6dn, 0x1ea119fan, 0x3d4233ddn, 0x2a1462b3n];
  return words.reduce((sum, word) => {
    const shifted = ((sum & 0x1ffffffn) << 5n) ^ BigInt(word);
    return generators.reduce(
      (rest, generator, i) => ((sum >> (25n + BigInt(i))) & 1n ? rest ^ generator : rest),
      shifted,
    );
  }, 1n);
}
