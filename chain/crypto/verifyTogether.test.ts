import assert from 'node:assert/strict';
import { TestDevice } from '../../test/support/devices.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import { KEY_TYPES } from '../../wire/signature.ts';
import { createNodeVerifier } from '../app/nodeVerifier.ts';
import type { SignatureJob } from './backend.ts';
import { verifyTogether } from './verifyTogether.ts';

const message = toUtf8('together');
const devices = KEY_TYPES.map(
  (type) => new TestDevice({ seed: 'together', type, chainId: 'depin-test-1' }),
);

describe('verifying together', () => {
  it('gives the answers of the verifier, whatever was asked beside', async () => {
    const { together } = await createNodeVerifier({ workers: 0 });
    const asked = devices.flatMap(({ type, publicKey, sign }, i) => {
      const signature = sign.call(devices[i], message);
      return [
        together[type](signature, message, publicKey),
        together[type](signature, message.subarray(1), publicKey),
        together[type](signature.subarray(1), message, publicKey),
      ];
    });
    assert.deepEqual(
      await Promise.all(asked),
      devices.flatMap(() => [true, false, false]),
    );
  });

  it('makes one batch of a turn', async () => {
    const batches: number[] = [];
    const together = verifyTogether(() => {
      const jobs: SignatureJob[] = [];
      return {
        add: (job) => void jobs.push(job),
        finish: () => {
          batches.push(jobs.length);
          return jobs.map((_, i) => i !== 1);
        },
      };
    });
    const ask = () => together.ed25519(message, message, message);
    assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [true, false, true]);
    assert.equal(await ask(), true);
    assert.deepEqual(batches, [3, 1]);
  });

  it('rejects all of a batch when the verifier breaks, and goes on', async () => {
    let isBroken = true;
    const together = verifyTogether(() => ({
      add: () => undefined,
      finish: () => {
        if (isBroken) throw new Error('broken');
        return [true];
      },
    }));
    const ask = () => together.p256(message, message, message);
    const settled = await Promise.allSettled([ask(), ask()]);
    assert.ok(settled.every(({ status }) => status === 'rejected'));
    isBroken = false;
    assert.equal(await ask(), true);
  });
});
