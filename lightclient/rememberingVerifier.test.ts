import { strict as assert } from 'node:assert';
import { toUtf8 } from '../wire/bytes.ts';
import { nobleVerifier } from '../wire/signature.ts';
import { rememberingVerifier } from './rememberingVerifier.ts';
import type { AnyVerifier } from './settle.ts';

const signature = new Uint8Array(64).fill(1);
const [message, publicKey] = [toUtf8('message'), toUtf8('key')];

/** A verifier that answers as it is told, and counts. */
function verifierThat(...answers: (() => boolean | Promise<boolean>)[]) {
  let asked = 0;
  const inner: AnyVerifier = { ...nobleVerifier, ed25519: () => answers[asked++]!() };
  return { verifier: rememberingVerifier(inner), asked: () => asked };
}

describe('rememberingVerifier', () => {
  it('asks once for a signature of a message by a key, also when the answer comes later', async () => {
    for (const answer of [() => true, () => false, async () => true, async () => false]) {
      const { verifier, asked } = verifierThat(answer);
      const first = await verifier.ed25519(signature, message, publicKey);
      assert.equal(await verifier.ed25519(signature, message, publicKey), first);
      assert.equal(asked(), 1);
    }
  });

  it('asks again for another message, another key or another type', () => {
    const { verifier, asked } = verifierThat(
      () => true,
      () => false,
      () => false,
    );
    assert.equal(verifier.ed25519(signature, message, publicKey), true);
    assert.equal(verifier.ed25519(signature, toUtf8('other'), publicKey), false);
    assert.equal(verifier.ed25519(signature, message, toUtf8('other')), false);
    assert.equal(verifier.secp256k1(signature, message, publicKey), false);
    assert.equal(asked(), 3);
  });

  it('looks at what it was asked for, also when that is written to later', () => {
    const { verifier } = verifierThat(
      () => true,
      () => false,
    );
    const written = message.slice();
    assert.equal(verifier.ed25519(signature, written, publicKey), true);
    written[0]! ^= 1;
    assert.equal(verifier.ed25519(signature, written, publicKey), false);
  });

  it('asks again where the last time nobody could answer', async () => {
    const { verifier } = verifierThat(
      () => Promise.reject(new Error('the thread has ended')),
      async () => true,
    );
    await assert.rejects(async () => verifier.ed25519(signature, message, publicKey), /has ended/);
    assert.equal(await verifier.ed25519(signature, message, publicKey), true);
  });
});
