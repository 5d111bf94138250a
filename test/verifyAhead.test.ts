/** The signatures of a block are verified ahead in one batch, and nothing that the block gives depends on it. */
import assert from 'node:assert/strict';
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import type { ServerVerifier, SignatureJob } from '../chain/crypto/backend.ts';
import { nobleVerifier } from '../wire/signature.ts';
import { TestChain } from './support/testChain.ts';

/** A verifier that tells what it was asked for, in batches and one by one. */
function listening(): {
  readonly verifier: ServerVerifier;
  readonly batches: (readonly SignatureJob[])[];
  readonly singles: Uint8Array[];
} {
  const batches: (readonly SignatureJob[])[] = [];
  const singles: Uint8Array[] = [];
  const verifier: ServerVerifier = {
    ...nobleVerifier,
    secp256k1(signature, message, publicKey) {
      singles.push(signature);
      return nobleVerifier.secp256k1(signature, message, publicKey);
    },
    startAll(jobs) {
      batches.push(jobs);
      return () =>
        jobs.map(({ type, ...job }) =>
          nobleVerifier[type](job.signature, job.message, job.publicKey),
        );
    },
  };
  return { verifier, batches, singles };
}

/** A block with a transfer, two of one sender, a broken signature, a wrong sequence, and garbage. */
async function hostileBlock(chain: TestChain): Promise<Uint8Array[]> {
  const [a, b, c, d] = chain.accounts;
  const send = (from: typeof a, to: typeof a) => [
    {
      typeUrl: '/cosmos.bank.v1beta1.MsgSend',
      value: {
        fromAddress: from!.address,
        toAddress: to!.address,
        amount: [{ denom: 'udepin', amount: '5' }],
      },
    },
  ];
  const broken = (await c!.sign(send(c, a))).slice();
  broken[broken.length - 1]! ^= 1;
  return [
    await a!.sign(send(a, b), { sequence: 0 }),
    await a!.sign(send(a, c), { sequence: 1 }),
    broken,
    await d!.sign(send(d, a), { sequence: 7 }),
    Uint8Array.of(1, 2, 3),
    await b!.sign(send(b, a), { sequence: 0 }),
  ];
}

describe('verifying a block ahead', () => {
  it('asks for every signature of the block in one batch, and for none of them again', async () => {
    const { verifier, batches, singles } = listening();
    const chain = await TestChain.start({ verifier });
    const txs = await hostileBlock(chain);
    batches.length = 0;
    await chain.block(txs);
    const [jobs] = batches;
    assert.equal(batches.length, 1);
    assert.equal(jobs!.length, 5);
    assert.equal(singles.length, 0);
    await chain.app.close();
  });

  it('gives the same results with native code on all cores, and without', async () => {
    const outcomes = [];
    for (const verifier of [nobleVerifier, (await createNodeVerifier()).verifier]) {
      const chain = await TestChain.start({ verifier });
      const results = await chain.block(await hostileBlock(chain));
      outcomes.push({ results, appHash: chain.app.store.appHash });
      await chain.app.close();
    }
    assert.deepEqual(
      outcomes[0]!.results.map(({ code }) => code),
      [0, 0, 4, 32, 2, 0],
    );
    assert.deepEqual(outcomes[1], outcomes[0]);
  });
});
