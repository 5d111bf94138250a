import { strict as assert } from 'node:assert';
import { hashHeader } from '../../wire/header.ts';
import { makeBlock } from '../testing/chain.ts';
import { four, openClient, PERIOD, TestNode } from '../testing/nodes.ts';
import type { LightBlock } from '../types.ts';
import { blocksDown } from './chainMethods.ts';

/** A chain that begins at height 50. */
const none = new Uint8Array(0);
const header = { lastBlockId: { hash: none, parts: { total: 0, hash: none } } };
const chain: LightBlock[] = [makeBlock({ height: 50n, signers: four, header })];
for (let height = 51n; height <= 53n; height++) {
  const hash = hashHeader(chain.at(-1)!.signedHeader.header);
  const lastBlockId = { hash, parts: { total: 1, hash } };
  chain.push(makeBlock({ height, signers: four, header: { lastBlockId } }));
}

describe('the blocks that the method blockchain shows', () => {
  const open = () => {
    const hash = hashHeader(chain[3]!.signedHeader.header);
    const nodes = { primary: new TestNode(chain), witnesses: [new TestNode(chain)] };
    return openClient({ ...nodes, trust: { height: 53n, hash, period: PERIOD } });
  };

  it('end with the first one of a chain that does not begin at height 1', async () => {
    const client = await open();
    const shown = await blocksDown(client, 53n, 34n);
    assert.deepEqual(shown, [...chain].reverse());
    assert.deepEqual((await client.status()).removed, [], 'no node is blamed');
  });

  it('end with the lowest one that was asked for', async () => {
    const heights = (await blocksDown(await open(), 52n, 51n)).map(
      ({ signedHeader }) => signedHeader.header.height,
    );
    assert.deepEqual(heights, [52n, 51n]);
  });
});
