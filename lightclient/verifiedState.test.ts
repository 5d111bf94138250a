import { strict as assert } from 'node:assert';
import { toUtf8 } from '../wire/bytes.ts';
import { encodeExistenceProof, iavlSpec } from '../wire/ics23/index.ts';
import type { QueryAnswer, StateQuery } from './provider.ts';
import type { ChainNode } from './roster.ts';
import { failure, openClient, TestNode } from './testing/nodes.ts';

const key = toUtf8('key');
const store = 'staking';

/** A node whose every answer is a proof that the key exists with this value. */
function provingNode(proven: Uint8Array): ChainNode {
  const abciQuery = async ({ data, height }: StateQuery): Promise<QueryAnswer> => {
    const leaf = { ...iavlSpec.leaf, prefix: Uint8Array.of(0, 2, 2) };
    const proof = encodeExistenceProof({ key: data, value: proven, leaf, path: [] });
    const proofOps = [
      { type: 'ics23:iavl', key: data, data: proof },
      { type: 'ics23:simple', key: toUtf8(store), data: proof },
    ];
    const value = new Uint8Array(0);
    return { code: 0, codespace: '', log: '', key: data, value, height: height!, proofOps };
  };
  return Object.assign(new TestNode(), { abciQuery });
}

const openOn = (value: Uint8Array) =>
  openClient({ primary: provingNode(value), witnesses: [provingNode(value)] });

describe('getVerified', () => {
  it('blames no node for a key with an empty value, which ICS23 cannot prove', async () => {
    const client = await openOn(new Uint8Array(0));
    await assert.rejects(client.getVerified(store, key, 8n), {
      name: 'ProviderError',
      message: /store staking at height 8: emptyValue: got an empty value, expected a value: ICS23/,
    });
    assert.deepEqual((await client.status()).removed, []);
  });

  it('removes a node that proves a value and answers that there is none', async () => {
    const client = await openOn(toUtf8('value'));
    assert.match((await failure(client.getVerified(store, key, 8n))).message, /wrongProofKind/);
    assert.equal((await client.status()).removed.length, 1);
  });
});
