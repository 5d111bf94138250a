import assert from 'node:assert/strict';
import {
  addressOfEd25519,
  addressOfP256,
  addressOfSecp256k1,
  formatAddress,
  moduleAddress,
  parseAddress,
} from './address.ts';
import { encodeBech32 } from './bech32.ts';
import { fromBase64, fromUtf8, toHex } from './bytes.ts';
import vectors from './vectors/addresses.json' with { type: 'json' };

const ADDRESS_OF: Readonly<Record<string, (input: Uint8Array) => Uint8Array>> = {
  ed25519: addressOfEd25519,
  secp256k1: addressOfSecp256k1,
  p256: addressOfP256,
  module: (name) => moduleAddress(fromUtf8(name)),
  raw: (bytes) => bytes,
};

describe('address', () => {
  for (const { of, input, address, prefix, text } of vectors) {
    it(`equals the SDK: ${of} ${text}`, () => {
      const bytes = ADDRESS_OF[of]!(fromBase64(input));
      assert.equal(toHex(bytes), toHex(fromBase64(address)));
      assert.equal(formatAddress(prefix, bytes), text);
      assert.deepEqual(parseAddress(prefix, text), bytes);
    });
  }

  it('refuses keys of another length by name', () => {
    const wrong = new Uint8Array(34);
    assert.throws(
      () => addressOfEd25519(wrong),
      /publicKey: expected 32 bytes \(ed25519\), got 34/,
    );
    assert.throws(() => addressOfSecp256k1(wrong), /publicKey: expected 33 bytes \(secp256k1\)/);
    assert.throws(() => addressOfP256(wrong), /publicKey: expected 33 bytes \(p256\)/);
  });

  it('names the field, the prefix expected and the text given', () => {
    const text = formatAddress('cosmos', new Uint8Array(20));
    assert.throws(
      () => parseAddress('depin', text, 'to_address'),
      new TypeError(`to_address: expected prefix depin, got "${text}"`),
    );
    assert.throws(() => parseAddress('depin', '', 'from'), /^TypeError: from: expected an address/);
    assert.throws(() => parseAddress('depin', 'depin1', 'from'), /^TypeError: from: expected/);
  });

  it('takes 20 and 32 bytes only', () => {
    for (const length of [0, 1, 19, 21, 31, 33, 255]) {
      const bytes = new Uint8Array(length);
      assert.throws(() => formatAddress('depin', bytes), /expected 20 or 32 bytes/, `${length}`);
      const text = encodeBech32('depin', bytes);
      assert.throws(() => parseAddress('depin', text), /expected an address of 20 or 32 bytes/);
    }
  });
});
