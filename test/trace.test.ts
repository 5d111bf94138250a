import assert from 'node:assert/strict';
import type { JsonObject } from '../chain/descriptors/index.ts';
import { compareResults } from '../cli/debug/compareResults.ts';
import { Random } from '../localnet/fleet/random.ts';
import { accountAt } from '../sim/accounts.ts';
import { SimulatedChain } from '../sim/chain.ts';
import { depindComposition } from '../sim/composition.ts';
import { Planner } from '../sim/planner.ts';
import { fromUtf8 } from '../wire/bytes.ts';

const DENOM = 'udepin';

describe('a trace', () => {
  it('of any transaction of any module comes to the recorded result, and its steps cost what it paid', async () => {
    const chain = await SimulatedChain.start(await depindComposition(), 12);
    const planner = new Planner(chain, { random: Random.of('trace'), operationsPerBlock: 10 });
    const seen = { accepted: 0, refused: 0, writes: 0 };
    for (let i = 0; i < 14; i++) {
      const plan = planner.plan();
      const block = await chain.execute(plan);
      planner.learn(block, plan);
      if (i === 0) continue;
      for (const [at, recorded] of block.results.entries()) {
        const { steps, result } = chain.app.trace(block.request, at);
        assert.deepEqual(compareResults(recorded, result), [], `block ${i + 1}, transaction ${at}`);
        const paid = steps.reduce((sum, { gas }) => sum + gas, 0n);
        assert.equal(paid, result.gasUsed, `block ${i + 1}, transaction ${at}`);
        seen[result.code === 0 ? 'accepted' : 'refused']++;
        seen.writes += steps.filter(({ kind }) => kind === 'write').length;
      }
    }
    assert.ok(seen.accepted > 20 && seen.refused > 10 && seen.writes > 100, JSON.stringify(seen));
    const { request, appHash } = chain.blocks.at(-1)!;
    assert.deepEqual(chain.app.store.appHash, appHash, 'a trace changes nothing');
    assert.throws(() => chain.app.trace(request, request.txs.length), /expected one of \d+/);
    assert.throws(() => chain.app.trace({ ...request, height: 5n }, 0), { name: 'VersionError' });
    await chain.app.close();
  });

  it('of the first block runs on the genesis', async () => {
    const chain = await SimulatedChain.start(await depindComposition(), 4);
    const [from, to] = [0, 1].map((i) => accountAt(i, 'depin').address);
    const block = await chain.execute({
      afterMs: 0,
      operations: [
        {
          messages: [
            {
              '@type': '/cosmos.bank.v1beta1.MsgSend',
              from_address: from!,
              to_address: to!,
              amount: [{ denom: DENOM, amount: '5' }],
            },
          ],
        },
      ],
    });
    assert.equal(block.results[0]!.code, 0, block.results[0]!.log);
    const genesis = JSON.parse(fromUtf8(chain.initRequest.appStateBytes)) as JsonObject;
    const { result } = chain.app.trace(block.request, 0, genesis);
    assert.deepEqual(compareResults(block.results[0]!, result), []);
    await chain.app.close();
  });
});
