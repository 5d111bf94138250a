import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concatBytes, fromBase64, fromHex, toUtf8 } from './bytes.ts';
import { isValidPublicKey, KEY_TYPES, type KeyType, nobleVerifier } from './signature.ts';

/** Verdicts of CometBFT (ed25519) and of the Cosmos SDK (the others). */
interface SignedCase {
  readonly name: string;
  readonly keyType: KeyType;
  readonly key: string;
  readonly message: string;
  readonly signature: string;
  readonly ok: boolean;
}

const file = new URL('./vectors/signatures.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly SignedCase[];

const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
];

describe('nobleVerifier', () => {
  const groups: readonly (readonly [string, (signed: SignedCase) => boolean])[] = [
    ['ed25519 keys and nonces of small order', ({ name }) => name.startsWith('small order')],
    [
      'other ed25519 signatures',
      ({ name, keyType }) => keyType === 'ed25519' && !name.startsWith('small'),
    ],
    ['secp256k1 signatures', ({ keyType }) => keyType === 'secp256k1'],
    ['P-256 signatures', ({ keyType }) => keyType === 'p256'],
  ];
  for (const [title, isIn] of groups) {
    it(`gives the official verdicts on ${title}`, () => {
      const group = cases.filter(isIn);
      assert.ok(group.some(({ ok }) => ok) && group.some(({ ok }) => !ok), 'both verdicts occur');
      for (const { name, keyType, key, message, signature, ok } of group) {
        const given = [signature, message, key].map((text) => fromBase64(text));
        assert.equal(nobleVerifier[keyType](given[0]!, given[1]!, given[2]!), ok, name);
      }
    });
  }

  it('answers false to any lengths', () => {
    for (const keyType of KEY_TYPES) {
      for (const length of [0, 1, 32, 33, 63, 64, 65, 1000]) {
        const bytes = new Uint8Array(length).fill(0xff);
        assert.equal(nobleVerifier[keyType](bytes, bytes, bytes), false, `${keyType} ${length}`);
      }
    }
  });

  it('refuses an uncompressed key', () => {
    const secret = new Uint8Array(32).fill(7);
    const message = toUtf8('report');
    for (const [keyType, curve] of [
      ['secp256k1', secp256k1],
      ['p256', p256],
    ] as const) {
      const signature = curve.sign(message, secret, { lowS: true });
      const verify = nobleVerifier[keyType];
      assert.equal(verify(signature, message, curve.getPublicKey(secret)), true);
      assert.equal(verify(signature, message, curve.getPublicKey(secret, false)), false);
    }
  });
});

describe('isValidPublicKey', () => {
  const secret = new Uint8Array(32).fill(9);
  const keys: Readonly<Record<KeyType, Uint8Array>> = {
    ed25519: ed25519.getPublicKey(secret),
    secp256k1: secp256k1.getPublicKey(secret),
    p256: p256.getPublicKey(secret),
  };

  for (const keyType of KEY_TYPES) {
    it(`takes a ${keyType} key and no other length`, () => {
      const key = keys[keyType];
      assert.equal(isValidPublicKey(keyType, key), true);
      assert.equal(isValidPublicKey(keyType, key.subarray(1)), false);
      assert.equal(isValidPublicKey(keyType, concatBytes(key, Uint8Array.of(0))), false);
      assert.equal(isValidPublicKey(keyType, new Uint8Array(0)), false);
    });
  }

  it('refuses ed25519 keys of small order, with which anyone can sign', () => {
    for (const hex of SMALL_ORDER) {
      const key = fromHex(hex);
      const anySignature = concatBytes(key, new Uint8Array(32));
      assert.equal(nobleVerifier.ed25519(anySignature, toUtf8('anything'), key), true, hex);
      assert.equal(isValidPublicKey('ed25519', key), false, hex);
    }
  });

  it('refuses ed25519 encodings that are no point or not canonical', () => {
    assert.equal(isValidPublicKey('ed25519', fromHex(`02${'00'.repeat(31)}`)), false);
    assert.equal(isValidPublicKey('ed25519', new Uint8Array(32).fill(0xff)), false);
    assert.equal(isValidPublicKey('ed25519', fromHex(`f0${'ff'.repeat(30)}7f`)), false);
  });

  it('refuses ECDSA keys off the curve, with another prefix, or at infinity', () => {
    const bad = [`02${'00'.repeat(31)}05`, `02${'ff'.repeat(32)}`, '00'.repeat(33)];
    for (const hex of bad) assert.equal(isValidPublicKey('secp256k1', fromHex(hex)), false, hex);
    const offP256 = cases.find(({ name }) => name === 'p256: key off the curve')!;
    assert.equal(isValidPublicKey('p256', fromBase64(offP256.key)), false);
    for (const keyType of ['secp256k1', 'p256'] as const) {
      const key = keys[keyType].slice();
      key[0] = 4;
      assert.equal(isValidPublicKey(keyType, key), false);
    }
  });
});
