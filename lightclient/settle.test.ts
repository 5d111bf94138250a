import assert from 'node:assert/strict';
import { nobleVerifier, type SignatureVerifier } from '../wire/signature.ts';
import { type AnyVerifier, settle } from './settle.ts';
import { flipped, withSignature } from './testing/chain.ts';
import { distant, judge, PERIOD, TRUSTED_TIME, trusted } from './testing/judge.ts';
import type { LightBlock } from './types.ts';
import { verify } from './verify.ts';

const SECOND = 1_000_000_000n;

/** Noble's answers in a later turn, and how many were under way at once. */
function slowNoble() {
  const seen = { asked: 0, pending: 0, most: 0 };
  const later = (answer: () => boolean): Promise<boolean> => {
    seen.asked += 1;
    seen.pending += 1;
    seen.most = Math.max(seen.most, seen.pending);
    return Promise.resolve().then(() => {
      seen.pending -= 1;
      return answer();
    });
  };
  const verifier: AnyVerifier = {
    ed25519: (...asked) => later(() => nobleVerifier.ed25519(...asked)),
    secp256k1: (...asked) => later(() => nobleVerifier.secp256k1(...asked)),
    p256: (...asked) => later(() => nobleVerifier.p256(...asked)),
  };
  return { verifier, seen };
}

async function judgeLater(untrusted: LightBlock, verifier: AnyVerifier) {
  const now = TRUSTED_TIME + 60n * SECOND;
  return verify({ trusted, untrusted, trustingPeriod: PERIOD, now, verifier });
}

describe('verify with a verifier that answers later', () => {
  const wrong = (index: number) =>
    withSignature(distant, index, {
      signature: flipped(distant.signedHeader.commit.signatures[index]!.signature),
    });
  const blocks: readonly (readonly [string, LightBlock])[] = [
    ['an honest block', distant],
    ['a wrong first signature', wrong(0)],
    ['a wrong signature that trust needs not, but the block does', wrong(2)],
    ['a wrong signature that is not looked at', wrong(3)],
    ['a signature that is too short', withSignature(distant, 1, { signature: new Uint8Array(5) })],
  ];
  for (const [name, block] of blocks) {
    it(`gives the verdict of noble on ${name}`, async () => {
      assert.deepEqual(await judgeLater(block, slowNoble().verifier), judge(block));
    });
  }

  it('checks the signatures side by side, each once', async () => {
    const { verifier, seen } = slowNoble();
    assert.equal((await judgeLater(distant, verifier)).ok, true);
    // Three of four are over 2/3; the two of them that pass a third of the trusted power are not asked for again.
    assert.deepEqual(seen, { asked: 3, pending: 0, most: 3 });
  });

  it('names another trusted set first, whatever else is wrong behind it', async () => {
    const strangers = { ...trusted, nextValidators: trusted.nextValidators.slice(1) };
    const now = TRUSTED_TIME + 60n * SECOND;
    const later = { ...distant.signedHeader.commit, height: 8n };
    const ofOtherHeight = { ...distant, signedHeader: { ...distant.signedHeader, commit: later } };
    const broken = { ...slowNoble().verifier, ed25519: () => Promise.reject(new Error('broken')) };
    for (const untrusted of [distant, wrong(0), ofOtherHeight]) {
      for (const verifier of [nobleVerifier, slowNoble().verifier, broken]) {
        const given = { trusted: strangers, untrusted, trustingPeriod: PERIOD, now, verifier };
        const verdict = await verify(given);
        assert.equal(verdict.ok || verdict.reason, 'trustedNextValidators');
      }
    }
  });

  it('verifies one signature at most before it knows that the trusted set is another', () => {
    let asked = 0;
    const ed25519 = (): boolean => {
      asked += 1;
      return true;
    };
    const strangers = { ...trusted, nextValidators: trusted.nextValidators.slice(1) };
    const verifier = { ...nobleVerifier, ed25519 };
    const verdict = judge(distant, { trusted: strangers, verifier });
    assert.equal(verdict.ok || verdict.reason, 'trustedNextValidators');
    assert.equal(asked, 1);
  });

  it('rejects when the verifier does', async () => {
    const broken = { ...slowNoble().verifier, ed25519: () => Promise.reject(new Error('broken')) };
    await assert.rejects(judgeLater(distant, broken), /broken/);
  });
});

describe('settle', () => {
  it('answers at once when the verifier does', () => {
    const verifier: SignatureVerifier = { ...nobleVerifier, ed25519: () => false };
    const bytes = new Uint8Array(1);
    assert.equal(
      settle(verifier, (settled) => settled.ed25519(bytes, bytes, bytes)),
      false,
    );
  });

  it('says no to a question that was not foreseen', async () => {
    const { verifier } = slowNoble();
    const bytes = new Uint8Array(1);
    const takesP256 = { ...verifier, p256: () => Promise.resolve(true) };
    const verdict = settle(takesP256, (settled) => {
      const first = settled.ed25519(bytes, bytes, bytes);
      return first ? 'first' : settled.p256(bytes, bytes, bytes) ? 'second' : 'neither';
    });
    assert.equal(await verdict, 'neither');
  });
});
