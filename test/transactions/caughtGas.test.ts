import assert from 'node:assert/strict';
import { ChainApplication } from '../../chain/app/application.ts';
import { defineModule } from '../../chain/module/defineModule.ts';
import { map } from '../../chain/state/collections.ts';
import { uint64Value } from '../../chain/state/values.ts';
import { blockRequest } from '../../chain/testing/blockRequest.ts';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { QUIET } from '../../chain/testing/quiet.ts';
import { auth } from '../../modules/auth/module.ts';
import { bank } from '../../modules/bank/module.ts';
import { staking } from '../../modules/staking/module.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import { MsgBuyCredits, MsgDefinition } from '../../wire/gen/depin/credits/v1/tx.ts';
import { uint64Key } from '../../wire/keys.ts';
import { type TestAccount, TestChain } from '../support/testChain.ts';

/** Writes as many entries as credits are asked for, and goes on when something is thrown. */
const careless = defineModule('careless', {
  ...QUIET,
  state: { rows: map(1, uint64Key, uint64Value) },
  msg: MsgDefinition,
  messages: {
    buyCredits({ state }, { minCredits }) {
      try {
        for (let i = 1n; i <= minCredits; i++) state.rows.set(i, i);
      } catch {
        // What a handler must not do.
      }
      return { credits: 0n, burned: undefined };
    },
  },
});

describe('gas that ran out in a handler that caught it', () => {
  it('fails the transaction, and nothing that it wrote stays', async () => {
    const { initRequest, accounts } = await TestChain.start();
    const alice = accounts[0] as TestAccount;
    const app = await ChainApplication.open({
      modules: [auth, bank, staking, careless],
      accounts: auth,
      fees: bank,
      bech32Prefix: 'depin',
      denom: 'udepin',
      store: { memory: true },
    });
    const {
      auth: authState,
      bank: bankState,
      staking: stakingState,
    } = JSON.parse(Buffer.from(initRequest!.appStateBytes).toString());
    const appState = { auth: authState, bank: bankState, staking: stakingState };
    await app.initChain({ ...initRequest!, appStateBytes: toUtf8(JSON.stringify(appState)) });
    const buy = (minCredits: bigint) => ({
      typeUrl: `/${MsgBuyCredits.$type}`,
      value: MsgBuyCredits.fromPartial({ buyer: alice.address, minCredits }),
    });
    const txs = [
      await alice.sign([buy(1n)], { gas: 60_000, sequence: 0 }),
      await alice.sign([buy(100n)], { gas: 60_000, sequence: 1 }),
    ];
    const { txResults } = await app.finalizeBlock(
      blockRequest({
        txs,
        height: 1n,
        time: initRequest!.time + 1_000_000_000n,
      }),
    );
    await app.commit();
    assert.equal(txResults[0]!.log, '');
    assert.deepEqual([txResults[1]!.codespace, txResults[1]!.code], ['sdk', 11]);
    assert.match(txResults[1]!.log, /^out of gas in location: .*gasWanted: 60000/);
    assert.equal([...app.store.at(1n).store('careless').iterate({})].length, 1);
  });

  it('fails it in a harness as well', () => {
    const chain = new ModuleHarness({ modules: [careless] });
    const request = MsgBuyCredits.fromPartial({ minCredits: 100n });
    assert.throws(() => chain.send(careless, 'buyCredits', request, 60_000n), /out of gas/);
    chain.send(careless, 'buyCredits', MsgBuyCredits.fromPartial({ minCredits: 3n }), 60_000n);
    assert.ok(chain.gasUsed > 6_000n && chain.gasUsed < 60_000n);
  });
});
