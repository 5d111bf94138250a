import { strict as assert } from 'node:assert';
import { getEventListeners } from 'node:events';
import { hashHeader } from '../wire/header.ts';
import type { LightClient } from './lightClient.ts';
import type { LightClientOptions } from './lightClientOptions.ts';
import { blockAt, forkAfter, LENGTH, openClient, PERIOD, TestNode } from './testing/nodes.ts';
import { MemoryStore } from './trustedStore.ts';

const heightOf = async (client: LightClient) => (await client.status()).height;

describe('LightClient', () => {
  it('verifies heights above and below the trusted one, and keeps them', async () => {
    const primary = new TestNode();
    const client = await openClient({ primary });
    assert.deepEqual(await client.verifyToHeight(12n), blockAt(12));
    assert.deepEqual(await client.verifyToHeight(8n), blockAt(8));
    assert.deepEqual(await client.verifyToHeight(1n), blockAt(1));
    assert.deepEqual(primary.asked, [3n, 12n, 8n, 2n, 1n]);
    for (const height of [12n, 8n, 3n, 1n]) await client.verifyToHeight(height);
    assert.equal(primary.asked.length, 5);
    const status = await client.status();
    assert.deepEqual(
      [status.height, status.headersFetched, status.isExpired, status.withoutWitnesses],
      [12n, 5, false, false],
    );
    assert.deepEqual(status.hash, hashHeader(blockAt(12).signedHeader.header));
    assert.equal(status.expiresAt, blockAt(12).signedHeader.header.time + PERIOD);
  });

  it('follows the newest block', async () => {
    const client = await openClient();
    assert.deepEqual(await client.update(), blockAt(LENGTH));
    assert.deepEqual(await client.update(), blockAt(LENGTH));
    assert.equal(await heightOf(client), BigInt(LENGTH));
  });

  it('goes on with another node where one claims a height that it does not serve', async () => {
    const primary = new TestNode();
    const status = primary.status.bind(primary);
    primary.status = async () => ({ ...(await status()), latestHeight: 1_000n });
    const client = await openClient({ primary });
    assert.deepEqual(await client.update(), blockAt(LENGTH));
    const { primary: asked, removed } = await client.status();
    assert.deepEqual([asked, removed], ['witness 1', []], 'it may have fallen behind: it stays');
  });

  it('verifies every header when it is told to', async () => {
    const primary = new TestNode();
    const client = await openClient({ primary, sequential: true });
    await client.verifyToHeight(7n);
    assert.deepEqual(primary.asked, [3n, 4n, 5n, 6n, 7n]);
  });

  it('does one thing after the other', async () => {
    const primary = new TestNode();
    const client = await openClient({ primary });
    await Promise.all([client.verifyToHeight(9n), client.verifyToHeight(9n), client.update()]);
    assert.deepEqual(primary.asked, [3n, 9n, 20n]);
  });

  it('is waited for no longer once a signal aborts, and does not begin what waits', async () => {
    const primary = new TestNode();
    const client = await openClient({ primary });
    let serve = () => {};
    const served = new Promise<void>((resolve) => {
      serve = resolve;
    });
    const signedHeader = primary.signedHeader.bind(primary);
    primary.signedHeader = async (height) => {
      await served;
      return signedHeader(height);
    };
    const abort = new AbortController();
    const { signal } = abort;
    const begun = client.verifyToHeight(9n, { signal });
    const waiting = client.verifyToHeight(12n, { signal });
    const update = client.update({ signal });
    abort.abort(new Error('enough'));
    for (const work of [begun, waiting, update]) await assert.rejects(work, /^Error: enough$/);
    await assert.rejects(client.verifyToHeight(9n, { signal }), /enough/);
    serve();
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9), 'what has begun is kept');
    assert.deepEqual(primary.asked, [3n, 9n]);
    assert.deepEqual((await client.status()).removed, []);
  });

  it('listens to a signal no longer than a call lasts', async () => {
    const { signal } = new AbortController();
    const client = await openClient();
    for (let height = 4n; height < 8n; height++) await client.verifyToHeight(height, { signal });
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
  });

  it('goes on from its store without asking for the trusted header again', async () => {
    const store = new MemoryStore();
    await (await openClient({ store })).verifyToHeight(9n);
    const primary = new TestNode();
    const client = await openClient({ store, primary });
    assert.equal(await heightOf(client), 9n);
    await client.verifyToHeight(11n);
    assert.deepEqual(primary.asked, [11n]);
  });

  it('does not go on from a store of another trusted header', async () => {
    const store = new MemoryStore();
    await (await openClient({ store })).verifyToHeight(9n);
    const other = forkAfter(2);
    const hash = hashHeader(other[2]!.signedHeader.header);
    const trust = { height: 3n, hash, period: PERIOD };
    const nodes = { primary: new TestNode(other), witnesses: [new TestNode(other)] };
    const client = await openClient({ store, trust, ...nodes });
    assert.deepEqual(await client.verifyToHeight(3n), other[2]);
  });

  describe('refuses options', () => {
    const node = new TestNode();
    const trust = { height: 1n, hash: new Uint8Array(32), period: PERIOD };
    const cases: readonly (readonly [RegExp, Partial<LightClientOptions>])[] = [
      [/^TypeError: witnesses: expected at least one, or withoutWitnesses/, { witnesses: [] }],
      [/^TypeError: witnesses: expected none, got 1/, { withoutWitnesses: true }],
      [/^TypeError: witnesses: .* each once/, { primary: node, witnesses: [node] }],
      [/^TypeError: trust\.height/, { trust: { ...trust, height: 0n } }],
      [
        /^TypeError: trust\.hash: expected 32 bytes/,
        { trust: { ...trust, hash: new Uint8Array() } },
      ],
      [/^TypeError: trust\.height/, { trust: { ...trust, height: 3 as unknown as bigint } }],
      [/^TypeError: trust\.period/, { trust: { ...trust, period: 0n } }],
      [/^TypeError: trustLevel/, { trustLevel: { numerator: 1, denominator: 4 } }],
      [/^TypeError: maxHeaders/, { maxHeaders: 0 }],
      [/^TypeError: witnessAsks/, { witnessAsks: 1.5 }],
    ];
    for (const [message, change] of cases) {
      it(`${message.source}`, () => assert.rejects(openClient(change), message));
    }
  });
});
