/** A witness that was silent once is waited for a little only: what it says after that must not be lost. */
import { strict as assert } from 'node:assert';
import type { LightClient } from './lightClient.ts';
import { DivergenceError } from './lightClientError.ts';
import {
  blockAt,
  failure,
  forkAfter,
  openClient,
  TestNode,
  withStranger,
} from './testing/nodes.ts';
import { MemoryStore } from './trustedStore.ts';

/** A client whose first witness has been silent once and answers from now on only when it is told to. */
async function withLateWitness(witness: TestNode, store = new MemoryStore()) {
  witness.failure = 'timeout';
  const witnesses = [witness, new TestNode()];
  const client = await openClient({ witnesses, store });
  witness.failure = undefined;
  let tell = () => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const signedHeader = witness.signedHeader.bind(witness);
  witness.signedHeader = async (height) => {
    await told;
    return signedHeader(height);
  };
  return { client, store, tell };
}

/** Waits until something holds; the limit of the test ends what never does. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

const isHalted = (client: LightClient) => async () => (await client.status()).halted !== undefined;

describe('A witness that answers late', () => {
  it('halts the light client with another chain, of which nothing stays in the store', async () => {
    const { client, store, tell } = await withLateWitness(new TestNode(forkAfter(5)));
    assert.deepEqual(await client.verifyToHeight(4n), blockAt(4));
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
    assert.deepEqual(await client.verifyToHeight(12n), blockAt(12));
    tell();
    await until(isHalted(client));
    const error = await failure(client.verifyToHeight(4n));
    assert.ok(error instanceof DivergenceError);
    assert.equal(error.witness, 'witness 1');
    assert.equal(error.accusations.length, 2, 'both sides are told, as of an answer in time');
    assert.equal(await failure(client.update()), error);
    await until(async () => (await store.heights()).length === 2);
    assert.deepEqual(await store.heights(), [3n, 4n]);
    const later = await openClient({ store });
    assert.equal((await later.status()).height, 4n);
  });

  it('is removed with a header that nobody signed, and nothing else happens', async () => {
    const { client, store, tell } = await withLateWitness(new TestNode(withStranger(9)));
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
    tell();
    await until(async () => (await client.status()).removed.length > 0);
    const { removed, halted } = await client.status();
    assert.deepEqual([removed.map(({ name }) => name), halted], [['witness 1'], undefined]);
    assert.deepEqual(await store.heights(), [3n, 9n]);
    assert.deepEqual(await client.verifyToHeight(10n), blockAt(10));
  });

  it('stops a verification that is under way', async () => {
    const { client, tell } = await withLateWitness(new TestNode(forkAfter(5)));
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
    const other = await client.withPrimary(async (node) => node);
    const validators = other.validators.bind(other);
    other.validators = async (height) => {
      if (height === 12n) {
        tell();
        await until(isHalted(client));
      }
      return validators(height);
    };
    const error = await failure(client.verifyToHeight(12n));
    assert.ok(error instanceof DivergenceError);
  });
});
