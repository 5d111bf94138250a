import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { TestDevice } from '../../test/support/devices.ts';
import { concatBytes, fromBase64, fromBigEndian, toBigEndian } from '../../wire/bytes.ts';
import { isValidPublicKey, KEY_TYPES, type KeyType, nobleVerifier } from '../../wire/signature.ts';
import { CRYPTO_BACKENDS, type CryptoBackend } from './backend.ts';
import { chooseBackend, describeBackend } from './chooseBackend.ts';
import { loadBackend, sha256 } from './loadBackend.ts';
import { selfTest, selfTestEd25519 } from './selfTest.ts';
import { sodiumEd25519 } from './sodium.ts';

const ORDER = {
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  p256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
};

interface Vector {
  readonly name: string;
  readonly keyType: KeyType;
  readonly key: string;
  readonly message: string;
  readonly signature: string;
  readonly ok: boolean;
}

/** Printed by CometBFT and the Cosmos SDK: 276 edge cases of ZIP-215, and what ECDSA must refuse. */
const VECTORS = JSON.parse(
  readFileSync(new URL('../../wire/vectors/signatures.json', import.meta.url), 'utf8'),
) as readonly Vector[];

/** A signature with its key and message, changed in the way that the property asks for. */
const CHANGES = [
  'nothing',
  'signature',
  'message',
  'key',
  'key sign',
  'key prefix',
  'high s',
  'zero r',
  'zero s',
  'r is the order',
  's is the order',
  'cut signature',
  'long signature',
  'cut key',
] as const;

interface Input {
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
}

function change(type: KeyType, what: (typeof CHANGES)[number], at: number, good: Input): Input {
  const [signature, message, publicKey] = [
    good.signature.slice(),
    good.message.slice(),
    good.publicKey.slice(),
  ];
  const order = type === 'ed25519' ? undefined : ORDER[type];
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  if (what === 'signature') signature[at % 64]! ^= 1 << (at % 8);
  if (what === 'message') message[at % message.length]! ^= 1;
  if (what === 'key') publicKey[at % publicKey.length]! ^= 1 << (at % 8);
  if (what === 'key sign') publicKey[0]! ^= 1;
  if (what === 'key prefix') publicKey[0] = at % 8;
  if (what === 'zero r') r.fill(0);
  if (what === 'zero s') s.fill(0);
  if (order !== undefined) {
    if (what === 'high s') s.set(toBigEndian(order - fromBigEndian(s), 32));
    if (what === 'r is the order') r.set(toBigEndian(order, 32));
    if (what === 's is the order') s.set(toBigEndian(order, 32));
  }
  if (what === 'cut signature') return { signature: signature.subarray(1), message, publicKey };
  if (what === 'long signature') {
    return { signature: concatBytes(signature, Uint8Array.of(0)), message, publicKey };
  }
  if (what === 'cut key') return { signature, message, publicKey: publicKey.subarray(1) };
  return { signature, message, publicKey };
}

describe('crypto back ends', () => {
  const backends: CryptoBackend[] = [];

  before(async () => {
    for (const name of CRYPTO_BACKENDS) backends.push(await loadBackend(name));
  });

  it('all load where their packages are installed, and pass the self-test', () => {
    assert.deepEqual(
      backends.map(({ name }) => name),
      CRYPTO_BACKENDS,
    );
    for (const backend of backends) selfTest(backend);
  });

  for (const type of KEY_TYPES) {
    it(`${type}: give noble's answer for signatures, altered ones and garbage`, () => {
      const devices = ['a', 'b'].map(
        (seed) => new TestDevice({ seed, type, chainId: 'depin-test-1' }),
      );
      const inputs = fc.record({
        what: fc.constantFrom(...CHANGES),
        at: fc.nat(511),
        message: fc.uint8Array({ minLength: 1, maxLength: 64 }),
        device: fc.constantFrom(...devices),
      });
      fc.assert(
        fc.property(inputs, ({ what, at, message, device }) => {
          const { publicKey } = device;
          const good = { signature: device.sign(message), message, publicKey };
          const input = change(type, what, at, good);
          const expected = nobleVerifier[type](input.signature, input.message, input.publicKey);
          for (const backend of backends) {
            const { signature, message: text, publicKey: key } = input;
            const title = `${backend.name}: ${what}`;
            assert.equal(backend.verifier[type](signature, text, key), expected, title);
            assert.equal(backend.isPublicKey(type, key), isValidPublicKey(type, key), title);
            if (type !== 'secp256k1') continue;
            assert.equal(backend.verifyDigest(signature, sha256(text), key), expected, title);
            assert.equal(backend.verifyDigest(signature, sha256(text).subarray(1), key), false);
          }
          if (what === 'nothing') assert.equal(expected, true);
        }),
        { numRuns: 50 },
      );
    });

    it(`${type}: give the answers of the official Go modules`, () => {
      const vectors = VECTORS.filter(({ keyType }) => keyType === type);
      assert.ok(vectors.length > 20);
      // noble is held to all of them in wire/; what falls back to it is slow.
      const some = type === 'ed25519' ? vectors.filter((_, i) => i % 12 === 0) : vectors;
      for (const { name, key, message, signature, ok } of some) {
        const [k, m, s] = [fromBase64(key), fromBase64(message), fromBase64(signature)];
        for (const backend of backends) {
          assert.equal(backend.verifier[type](s, m, k), ok, `${backend.name}: ${name}`);
        }
      }
    });
  }

  it('are chosen by name, and otherwise the fastest that works', async () => {
    for (const name of CRYPTO_BACKENDS) {
      const chosen = await chooseBackend(name);
      assert.equal(chosen.backend.name, name);
      assert.equal(describeBackend(chosen), name);
    }
    assert.equal((await chooseBackend('')).backend.name, 'native');
    await assert.rejects(chooseBackend('openssl'), {
      name: 'TypeError',
      message: 'DEPIND_CRYPTO: expected one of native, wasm, noble, got "openssl"',
    });
  });

  it('fail the self-test when they take a high S or refuse a good signature', () => {
    const [native] = backends;
    const lax = { ...native!, verifier: { ...native!.verifier, p256: () => true } };
    assert.throws(() => selfTest(lax), /crypto back end native: p256 .*expected false, got true/);
    const strict = { ...native!, verifier: { ...native!.verifier, ed25519: () => false } };
    assert.throws(() => selfTest(strict), /ed25519 signature: expected true, got false/);
  });

  it('take ed25519 from libsodium only when it takes what is right and nothing else', () => {
    selfTestEd25519('libsodium', sodiumEd25519());
    for (const answer of [true, false]) {
      const message = `libsodium: ed25519 signature: expected true, false; got ${answer}, ${answer}`;
      assert.throws(() => selfTestEd25519('libsodium', () => answer), { message });
    }
  });

  it('read ed25519 out of memory that threads share', () => {
    const device = new TestDevice({ seed: 'shared', type: 'ed25519', chainId: 'depin-test-1' });
    const message = new Uint8Array(new SharedArrayBuffer(40));
    const signature = device.sign(message.slice());
    for (const { verifier } of backends) {
      assert.ok(verifier.ed25519(signature, message, device.publicKey));
    }
  });

  it('are described with the reasons why faster ones were passed over', () => {
    const passedOver = [{ name: 'native', reason: 'Cannot find module' }] as const;
    const text = describeBackend({ backend: backends[1]!, passedOver });
    assert.equal(text, 'wasm (native: Cannot find module)');
  });
});
