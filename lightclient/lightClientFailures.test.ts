import { strict as assert } from 'node:assert';
import type { LightClient } from './lightClient.ts';
import { ExpiredError } from './lightClientError.ts';
import { ProviderError } from './provider.ts';
import { SECOND, START, withHeader } from './testing/chain.ts';
import { blockAt, blocks, failure, LENGTH, openClient, PERIOD, TestNode } from './testing/nodes.ts';

const _heightOf = async (client: LightClient) => (await client.status()).height;

describe('LightClient', () => {
  describe('when trust is expired', () => {
    const expired = /^ExpiredError: expired: pick a new checkpoint: the trusted header at height/;

    it('does not start', async () => {
      const now = () => START + 3n * SECOND + PERIOD;
      const error = await failure(openClient({ now }));
      assert.ok(error instanceof ExpiredError);
      assert.match(String(error), expired);
      assert.deepEqual([error.height, error.age, error.period], [3n, PERIOD, PERIOD]);
      assert.match(error.message, /height 3 is 1 h old, the trusting period is 1 h/);
    });

    it('goes nowhere above, but still below and to what it has', async () => {
      let now = START + 60n * SECOND;
      const client = await openClient({ now: () => now });
      await client.verifyToHeight(9n);
      now = START + 9n * SECOND + PERIOD - 1n;
      assert.equal((await client.status()).isExpired, false);
      assert.deepEqual(await client.verifyToHeight(10n), blockAt(10));
      now += SECOND + 1n;
      assert.equal((await client.status()).isExpired, true);
      const error = await failure(client.verifyToHeight(11n));
      assert.match(String(error), expired);
      assert.equal((error as ExpiredError).height, 10n);
      assert.match(String(await failure(client.update())), expired);
      assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
      assert.deepEqual(await client.verifyToHeight(8n), blockAt(8));
    });
  });

  describe('when the primary fails', () => {
    it('puts a witness in its place, and asks it again as a witness', async () => {
      const primary = new TestNode();
      const client = await openClient({ primary, witnesses: [new TestNode(), new TestNode()] });
      primary.failure = 'timeout';
      assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
      const status = await client.status();
      assert.equal(status.primary, 'witness 1');
      assert.deepEqual(status.witnesses, ['witness 2', 'primary']);
      assert.deepEqual(status.removed, []);
    });

    it('removes it for what no honest node serves', async () => {
      const list = [...blocks];
      list[8] = withHeader(blockAt(9), { appHash: new Uint8Array(32) });
      const primary = new TestNode(list);
      const client = await openClient({ primary, witnesses: [new TestNode(), new TestNode()] });
      assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
      const { removed, witnesses } = await client.status();
      assert.deepEqual(
        removed.map(({ name }) => name),
        ['primary'],
      );
      assert.match(removed[0]!.why, /^height 9: commitBlock: got/);
      assert.deepEqual(witnesses, ['witness 2']);
    });

    it('does not remove it for saying no', async () => {
      const primary = new TestNode();
      const client = await openClient({ primary, witnesses: [new TestNode(), new TestNode()] });
      primary.signedHeader = async () => {
        throw new ProviderError('badResponse', 'error -32602', { isAnswer: true });
      };
      assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
      assert.deepEqual((await client.status()).removed, []);
    });

    it('blames no node when what is asked for is no height', async () => {
      const client = await openClient();
      const isNone = /^RangeError: height: expected 1n to 2n \*\* 63n - 1n, got/;
      for (const height of [0n, -1n, 2n ** 63n, 5 as unknown as bigint]) {
        await assert.rejects(client.verifyToHeight(height), isNone);
        await assert.rejects(client.getVerifiedRange({ store: 'bank', height }), isNone);
      }
      await assert.rejects(client.getVerified('bank', new Uint8Array(1), 2n ** 63n - 1n), isNone);
      await assert.rejects(client.verifyDevice('00'.repeat(20), 2n ** 63n - 1n), isNone);
      const { primary, removed } = await client.status();
      assert.deepEqual([primary, removed], ['primary', []]);
    });

    it('says what the last node said when all fail', async () => {
      const nodes = [new TestNode(), new TestNode()] as const;
      const client = await openClient({ primary: nodes[0], witnesses: [nodes[1]] });
      for (const node of nodes) node.failure = 'unreachable';
      await assert.rejects(client.verifyToHeight(9n), ProviderError);
      for (const node of nodes) node.failure = undefined;
      assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
    });

    it('says that a height is not there yet', async () => {
      const client = await openClient();
      const isTooHigh = { name: 'ProviderError', reason: 'heightTooHigh' };
      await assert.rejects(client.verifyToHeight(21n), isTooHigh);
      assert.deepEqual(await client.update(), blockAt(LENGTH));
    });

    it('does not fetch more headers than allowed', async () => {
      const client = await openClient({ maxHeaders: 4, sequential: true });
      const error = await failure(client.verifyToHeight(8n));
      assert.equal(error.reason, 'tooManyHeaders');
      assert.deepEqual(await client.verifyToHeight(7n), blockAt(7));
    });
  });
});
