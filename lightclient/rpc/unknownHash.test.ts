/** Questions that an honest node answers with nothing: nobody is to blame for them. */
import { strict as assert } from 'node:assert';
import { toBase64, toHex } from '../../wire/bytes.ts';
import type { ChainNode } from '../roster.ts';
import { openClient, TestNode } from '../testing/nodes.ts';
import { VerifiedRpc } from './verifiedRpc.ts';

/** A node that answers every call with the same. */
function nodeThatSays(said: unknown): ChainNode {
  return Object.assign(new TestNode(), { call: async () => said });
}

async function ask(method: string, hash: string, said: unknown) {
  const client = await openClient({
    primary: nodeThatSays(said),
    witnesses: [nodeThatSays(said), nodeThatSays(said)],
  });
  const rpc = new VerifiedRpc({ client, unproven: 'refuse' });
  const error: unknown = await rpc.call(method, { hash }).then(
    () => assert.fail('it was answered'),
    (reason: unknown) => reason,
  );
  return { error: String(error), removed: (await client.status()).removed };
}

const unknown = new Uint8Array(32).fill(7);
const nothing = { block_id: { hash: '', parts: { total: 0, hash: '' } }, block: null };

describe('A hash of no block', () => {
  for (const [method, hash] of [
    ['block_by_hash', toBase64(unknown)],
    ['header_by_hash', toHex(unknown)],
  ] as const) {
    it(`is not found by ${method}, and no node is removed for saying so`, async () => {
      const { error, removed } = await ask(method, hash, nothing);
      assert.match(error, /^ProviderError: block_by_hash: no block has the hash 0707/);
      assert.deepEqual(removed, []);
    });
  }

  it('is not that of another block, whatever nodes say', async () => {
    const other = { block: { header: { height: '5' } } };
    const { error, removed } = await ask('block_by_hash', toBase64(unknown), other);
    assert.match(error, /block hash/);
    assert.deepEqual(removed, [], 'a block of that height is there: its hash is not the one');
    const broken = await ask('block_by_hash', toBase64(unknown), { block: 5 });
    assert.equal(broken.removed.length, 2);
  });
});
