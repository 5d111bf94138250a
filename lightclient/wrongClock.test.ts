/** Clocks that go wrong, and right again: what is refused meanwhile, and that nobody pays for it later. */
import { strict as assert } from 'node:assert';
import { ExpiredError } from './lightClientError.ts';
import { makeBlock, SECOND, START } from './testing/chain.ts';
import { blockAt, failure, four, openClient, PERIOD, TestNode } from './testing/nodes.ts';

const RIGHT = START + 60n * SECOND;

/** A client of three nodes whose clock can be set. */
async function withClock() {
  const clock = { now: RIGHT };
  const witnesses = [new TestNode(), new TestNode()];
  const client = await openClient({ witnesses, now: () => clock.now });
  return { clock, client };
}

describe('A clock that is wrong', () => {
  it('takes no node from the light client where it is behind', async () => {
    const { clock, client } = await withClock();
    clock.now = START - 20n * SECOND;
    const error = await failure(client.verifyToHeight(9n));
    assert.match(error.message, /timeInFuture: got .*, expected before .*; is this clock right\?/);
    assert.deepEqual((await client.status()).removed, []);
    clock.now = RIGHT;
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
    assert.equal((await client.status()).witnesses.length, 2);
  });

  it('may go back behind what is trusted already, by up to the drift', async () => {
    const { clock, client } = await withClock();
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
    const next = blockAt(10).signedHeader.header.time;
    clock.now = next - 10n * SECOND;
    assert.match((await failure(client.verifyToHeight(10n))).message, /timeInFuture/);
    clock.now += 1n;
    assert.deepEqual(await client.verifyToHeight(10n), blockAt(10));
  });

  it('expires trust where it is ahead, for as long as it is', async () => {
    const { clock, client } = await withClock();
    clock.now = blockAt(3).signedHeader.header.time + PERIOD;
    const error = await failure(client.verifyToHeight(9n));
    assert.ok(error instanceof ExpiredError);
    assert.deepEqual((await client.status()).removed, []);
    clock.now -= 1n;
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
  });

  it('goes on with another node where one shows a signed header from the future', async () => {
    const early = new TestNode();
    const header = { time: RIGHT + 10n * SECOND };
    const client = await openClient({
      primary: early,
      witnesses: [new TestNode(), new TestNode()],
    });
    early.signedHeader = async () => makeBlock({ height: 9n, signers: four, header }).signedHeader;
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
    assert.equal((await client.status()).primary, 'witness 1');
  });
});
