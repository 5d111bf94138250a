import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { TestDevice } from '../../test/support/devices.ts';
import { concatBytes, fromBigEndian, toBigEndian } from '../../wire/bytes.ts';
import { KEY_TYPES, nobleVerifier } from '../../wire/signature.ts';
import { createNodeVerifier, type NodeVerifier } from './nodeVerifier.ts';

const ORDER = {
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  p256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
};

describe('the verifier of a server', () => {
  let verifier: NodeVerifier['verifier'];
  let backend: string;

  before(async () => {
    ({ verifier, backend } = await createNodeVerifier());
  });

  it('loads native code where its package is installed', () => {
    const installed = existsSync(
      new URL('../../node_modules/secp256k1/prebuilds/linux-x64', import.meta.url),
    );
    const native = installed && process.platform === 'linux' && process.arch === 'x64';
    if (native) assert.equal(backend, 'native');
    assert.equal(verifier.secp256k1 === nobleVerifier.secp256k1, false);
  });

  for (const type of KEY_TYPES) {
    it(`${type}: gives noble's answer for signatures, altered ones and garbage`, () => {
      const device = new TestDevice({ seed: 'a', type, chainId: 'depin-test-1' });
      const change = fc.record({
        what: fc.constantFrom('nothing', 'signature', 'message', 'key', 'length'),
        at: fc.nat(31),
        message: fc.uint8Array({ minLength: 32, maxLength: 64 }),
      });
      fc.assert(
        fc.property(change, ({ what, at, message }) => {
          let signature = device.sign(message).slice();
          const key = device.publicKey.slice();
          const altered = message.slice();
          if (what === 'signature') signature[at]! ^= 1;
          if (what === 'message') altered[at]! ^= 1;
          if (what === 'key') key[at]! ^= 1;
          if (what === 'length') signature = signature.subarray(1);
          const expected = nobleVerifier[type](signature, altered, key);
          assert.equal(verifier[type](signature, altered, key), expected);
          assert.equal(expected, what === 'nothing');
        }),
        { numRuns: 60 },
      );
    });
  }

  it('answers batches as it answers one by one, and remembers both', () => {
    const jobs = KEY_TYPES.flatMap((type) => {
      const device = new TestDevice({ seed: 'c', type, chainId: 'depin-test-1' });
      const message = new Uint8Array(40).fill(5);
      const signature = device.sign(message);
      const { publicKey } = device;
      const forged = signature.slice();
      forged[1]! ^= 1;
      return [signature, forged, signature.subarray(1)].map((given) => ({
        type,
        signature: given,
        message,
        publicKey,
      }));
    });
    const expected = jobs.map((_, i) => i % 3 === 0);
    assert.deepEqual(verifier.startAll([...jobs, ...jobs])(), [...expected, ...expected]);
    const again = jobs.map(({ type, signature, message, publicKey }) =>
      verifier[type](signature, message, publicKey),
    );
    assert.deepEqual(again, expected);
    assert.deepEqual(verifier.startAll(jobs.toReversed())(), expected.toReversed());
  });

  for (const type of ['secp256k1', 'p256'] as const) {
    it(`${type}: refuses the high S twin, and zero and order as r or s`, () => {
      const device = new TestDevice({ seed: 'b', type, chainId: 'depin-test-1' });
      const message = new Uint8Array(40).fill(5);
      const signature = device.sign(message);
      const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
      const order = toBigEndian(ORDER[type], 32);
      const twin = toBigEndian(ORDER[type] - fromBigEndian(s), 32);
      const zero = new Uint8Array(32);
      const bad = [
        [r, twin],
        [zero, s],
        [r, zero],
        [order, s],
        [r, order],
        [zero, zero],
      ] as const;
      assert.equal(verifier[type](signature, message, device.publicKey), true);
      for (const [left, right] of bad) {
        const forged = concatBytes(left, right);
        assert.equal(verifier[type](forged, message, device.publicKey), false);
        assert.equal(nobleVerifier[type](forged, message, device.publicKey), false);
      }
    });
  }
});
