import { strict as assert } from 'node:assert';
import { txHash } from '../wire/block.ts';
import { equalBytes, toUtf8 } from '../wire/bytes.ts';
import { merkleRoot } from '../wire/merkle.ts';
import { hashResults, txProof } from '../wire/results.ts';
import type { DeterministicTxResult } from '../wire/types.ts';
import { LightClientError } from './lightClientError.ts';
import { ProviderError, type ServedTransaction, type TransactionSource } from './provider.ts';
import { flipped } from './testing/chain.ts';
import { linkedChain } from './testing/linkedChain.ts';
import { four, openClient, TestNode } from './testing/nodes.ts';

const txs = ['a', 'b', 'c'].map((text) => toUtf8(`transaction ${text}`));
const results = txs.map((_, index): DeterministicTxResult => {
  return { code: index, data: Uint8Array.of(index), gasWanted: 9n, gasUsed: 5n };
});
const HEIGHT = 6;
const headerAt = (height: number) => ({
  ...(height === HEIGHT && { dataHash: merkleRoot(txs.map(txHash)) }),
  ...(height === HEIGHT + 1 && { lastResultsHash: hashResults(results) }),
});
const chain = linkedChain({ length: 8, signersAt: () => four, headerAt });

/** A node that serves the transactions of one block, or what it is told to. */
class TxNode extends TestNode implements TransactionSource {
  served: Partial<ServedTransaction> = {};
  results: readonly DeterministicTxResult[] = results;

  async transaction(hash: Uint8Array): Promise<ServedTransaction> {
    const index = txs.findIndex((tx) => equalBytes(txHash(tx), hash));
    if (index < 0) throw new ProviderError('notFound', 'tx not found');
    const { transaction, proof } = txProof(txs, index);
    return { height: BigInt(HEIGHT), transaction, proof, ...this.served };
  }

  async txResults(): Promise<readonly DeterministicTxResult[]> {
    return this.results;
  }
}

const second = txHash(txs[1]!);
const proofOf = (index: number) => txProof(txs, index).proof;

/** What a light client says of the second transaction when its primary is this node. */
async function verifyBy(primary: TestNode, witness: TestNode = new TestNode(chain)) {
  return (await openClient({ primary, witnesses: [witness] })).verifyTx(second);
}

describe('LightClient.verifyTx', () => {
  it('proves the block and the result', async () => {
    const proven = await verifyBy(new TxNode(chain));
    assert.deepEqual(proven, {
      height: 6n,
      index: 1,
      transaction: txs[1],
      header: chain[5]!.signedHeader.header,
      proof: proofOf(1),
      result: results[1],
    });
  });

  it('proves the block alone as long as there is no next one', async () => {
    const nodes = [new TxNode(chain.slice(0, 6)), new TxNode(chain.slice(0, 6))] as const;
    const { height, result } = await verifyBy(...nodes);
    assert.deepEqual([height, result], [6n, undefined]);
  });

  const lies: readonly (readonly [string, Partial<TxNode>, RegExp])[] = [
    ['another transaction', { served: { transaction: txs[0]! } }, /height 6: txHash/],
    ['another height', { served: { height: 5n } }, /height 5: dataHash: got/],
    ['the path of another', { served: { proof: proofOf(0) } }, /no path from the transaction/],
    ['another place', { served: { proof: { ...proofOf(1), index: 0 } } }, /dataHash/],
    ['another aunt', { served: { proof: withAunt(1) } }, /dataHash/],
    ['no aunts', { served: { proof: { ...proofOf(1), aunts: [] } } }, /dataHash/],
    [
      'a place of the same shape',
      { served: { proof: { ...proofOf(1), total: 4 } } },
      /expected 4 with/,
    ],
    ['results in another order', { results: [...results].reverse() }, /lastResultsHash/],
    ['fewer results', { results: results.slice(0, 2) }, /lastResultsHash: got 2 with hash/],
    ['another code', { results: results.map((one) => ({ ...one, code: 0 })) }, /lastResultsHash/],
    ['other gas', { results: results.map((one) => ({ ...one, gasUsed: 6n })) }, /lastResultsHash/],
  ];
  for (const [what, lie, message] of lies) {
    it(`refuses ${what}`, async () => {
      const liars = [Object.assign(new TxNode(chain), lie), Object.assign(new TxNode(chain), lie)];
      await assert.rejects(verifyBy(liars[0]!, liars[1]), (error) => {
        assert.ok(error instanceof LightClientError, String(error));
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it('takes an honest node in place of one that lies', async () => {
    const liar = Object.assign(new TxNode(chain), { served: { proof: proofOf(0) } });
    const witnesses = [new TxNode(chain), new TestNode(chain)];
    const client = await openClient({ primary: liar, witnesses });
    assert.deepEqual((await client.verifyTx(second)).result, results[1]);
    const { primary, removed } = await client.status();
    assert.deepEqual([primary, removed.map(({ name }) => name)], ['witness 1', ['primary']]);
  });

  it('passes on that no node has it, or serves transactions', async () => {
    const client = await openClient({ primary: new TxNode(chain), witnesses: [new TxNode(chain)] });
    const isNotFound = { name: 'ProviderError', reason: 'notFound' };
    await assert.rejects(client.verifyTx(flipped(second)), isNotFound);
    await assert.rejects(verifyBy(new TestNode(chain)), isNotFound);
    await assert.rejects(client.verifyTx(second.slice(1)), /^TypeError: hash: expected 32 bytes/);
  });
});

function withAunt(index: number) {
  const { aunts, ...proof } = proofOf(index);
  return { ...proof, aunts: [flipped(aunts[0]!), ...aunts.slice(1)] };
}
