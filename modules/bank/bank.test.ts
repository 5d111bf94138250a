import assert from 'node:assert/strict';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { toHex } from '../../wire/bytes.ts';
import type { Params } from '../../wire/gen/cosmos/bank/v1beta1/bank.ts';
import type { QueryDenomOwnersResponse } from '../../wire/gen/cosmos/bank/v1beta1/query.ts';
import { auth } from '../auth/module.ts';
import { balanceKey, supplyKey } from './keys.ts';
import { bank } from './module.ts';

const ADDRESSES = new ModuleHarness({ modules: [] }).environment.addresses;
const bytes = (i: number): Uint8Array => new Uint8Array(20).fill(i + 1);
const account = (i: number): string => ADDRESSES.format(bytes(i));
const coins = (amount: bigint | number, denom = 'udepin') => [{ denom, amount: amount.toString() }];

function start(params?: Params): ModuleHarness {
  const balances = [0, 1].map((i) => ({
    address: account(i),
    coins: [...coins(1000), ...coins(50, 'uother')],
  }));
  return new ModuleHarness({
    modules: [auth, bank],
    genesis: { bank: { params, balances, supply: [], denomMetadata: [] } },
  });
}

const balance = (chain: ModuleHarness, i: number, denom = 'udepin'): bigint =>
  chain.api(bank).balance(bytes(i), denom);

describe('bank', () => {
  it('BNK-1: keeps balances and supply under the keys of the SDK', () => {
    assert.equal(toHex(balanceKey(bytes(0), 'abc')), `0214${'01'.repeat(20)}616263`);
    assert.equal(toHex(supplyKey('abc')), '00616263');
  });

  it('BNK-3: one sender pays many, all or none', () => {
    const chain = start();
    const outputs = [2, 3].map((i) => ({ address: account(i), coins: coins(i * 100) }));
    const inputs = [{ address: account(0), coins: coins(500) }];
    chain.send(bank, 'multiSend', { inputs, outputs });
    assert.deepEqual(
      [0, 2, 3].map((i) => balance(chain, i)),
      [500n, 200n, 300n],
    );
    chain.nextBlock();
    const refusal = (message: unknown) => chain.refusal(bank, 'multiSend', message);
    assert.match(refusal({ inputs, outputs: outputs.slice(1) }), /^bank\/4: /);
    assert.match(refusal({ inputs: [], outputs }), /^bank\/2: /);
    assert.match(refusal({ inputs, outputs: [] }), /^bank\/3: /);
    assert.match(refusal({ inputs: [...inputs, ...inputs], outputs }), /^sdk\/18: inputs/);
    const tooMuch = { address: account(0), coins: coins(501) };
    const one = [{ address: account(2), coins: coins(501) }];
    assert.match(refusal({ inputs: [tooMuch], outputs: one }), /^sdk\/5: /);
    assert.equal(balance(chain, 0), 500n);
  });

  it('BNK-2: sends nothing of a denomination that may not be sent', () => {
    const sendEnabled = [{ denom: 'uother', enabled: false }];
    const chain = start({ sendEnabled, defaultSendEnabled: true });
    const message = { fromAddress: account(0), toAddress: account(1), amount: coins(1, 'uother') };
    assert.match(chain.refusal(bank, 'send', message), /^bank\/5: uother transfers/);
    chain.send(bank, 'send', { ...message, amount: coins(1) });
  });

  it('BNK-2: sends to oneself without making coins, and all of a balance without leaving a trace', () => {
    const chain = start();
    const send = { fromAddress: account(0), toAddress: account(0), amount: coins(1000) };
    chain.send(bank, 'send', send);
    assert.equal(balance(chain, 0), 1000n);
    chain.send(bank, 'send', { ...send, toAddress: account(1) });
    chain.nextBlock();
    const owners = chain.query(bank, 'denomOwners', { denom: 'udepin', pagination: undefined });
    assert.deepEqual(
      (owners as QueryDenomOwnersResponse).denomOwners.map((owner) => owner.address),
      [account(1)],
    );
  });

  it('BNK-4: minting and burning change the supply by what they say', () => {
    const chain = start();
    const api = chain.api(bank);
    api.mint('forge', [{ denom: 'udepin', amount: 70n }]);
    api.burn('forge', [{ denom: 'udepin', amount: 30n }]);
    assert.equal(api.supply('udepin'), 2040n);
    assert.throws(
      () => api.burn('forge', [{ denom: 'udepin', amount: 41n }]),
      /smaller than 41udepin/,
    );
    api.sendFromModule('forge', bytes(0), [{ denom: 'udepin', amount: 40n }]);
    assert.equal(balance(chain, 0), 1040n);
    chain.nextBlock();
  });

  it('notices coins from nowhere', () => {
    const verdict = bank.definition.invariants?.['the supply is the sum of the balances'];
    const view = {
      state: {
        balances: { entries: () => [[[bytes(0), 'udepin'], 5n]] },
        supply: { entries: () => [['udepin', 4n]] },
      },
    };
    assert.equal(verdict?.(view as never), 'udepin: supply 4, sum 5');
  });
});
