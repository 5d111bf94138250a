import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { accountAt } from '../sim/accounts.ts';
import { SimulatedChain } from '../sim/chain.ts';
import { depindComposition } from '../sim/composition.ts';
import { executeElsewhere, firstDivergence } from '../sim/replica.ts';
import { simulate } from '../sim/simulate.ts';
import { SOURCE_COUNT, composition as unreliable } from './support/brokenCredits.ts';

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describe('determinism', () => {
  it('another process comes to the same AppHashes, whatever its clock, zone, locale and order of loading', async () => {
    const composition = await depindComposition();
    const { executed, initRequest, failure } = await simulate({
      composition,
      seed: '6',
      blocks: 12,
    });
    assert.equal(failure, undefined);
    const recording = { initChain: initRequest, blocks: executed.map(({ request }) => request) };
    const elsewhere = await executeElsewhere(
      recording,
      `${fileOf('../sim/composition.ts')}#depindComposition`,
    );
    assert.equal(elsewhere.length, 12);
    assert.equal(firstDivergence(executed, elsewhere), undefined);
    const last = executed.at(-1)!;
    const damaged = [...executed.slice(0, -1), { ...last, appHash: new Uint8Array(32) }];
    assert.match(firstDivergence(damaged, elsewhere)!.text, /AppHash 0000/);
  });

  it('finds a handler that looks at the clock, the zone, the locale, chance, its process or a variable of its own, or changes what it was lent', async () => {
    const chain = await SimulatedChain.start(await unreliable(), SOURCE_COUNT);
    const operations = Array.from({ length: SOURCE_COUNT }, (_, source) => ({
      messages: [
        {
          '@type': '/depin.credits.v1.MsgBuyCredits',
          buyer: accountAt(source, 'depin').address,
          amount: { denom: 'udepin', amount: '1' },
          min_credits: source.toString(),
        },
      ],
    }));
    await chain.execute({ afterMs: 1000, operations: [] });
    const executed = await chain.execute({ afterMs: 1000, operations });
    assert.deepEqual(
      executed.results.map(({ code }) => code),
      operations.map(() => 0),
    );
    const recording = {
      initChain: chain.initRequest,
      blocks: chain.blocks.map(({ request }) => request),
    };
    const [, there] = await executeElsewhere(recording, fileOf('./support/brokenCredits.ts'));
    const failure = firstDivergence([executed], [there!]);
    assert.match(failure!.text, /transaction 0$/);
    for (const [source, result] of executed.results.entries()) {
      const only = { ...executed, results: [result] };
      const one = { appHash: there!.appHash, results: [there!.results[source]!] };
      assert.ok(firstDivergence([only], [one]), `source ${source} was not found`);
    }
    await chain.app.close();
  });
});
