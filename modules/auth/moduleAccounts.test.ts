import assert from 'node:assert/strict';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { bank } from '../bank/module.ts';
import { auth } from './module.ts';
import { modulesAmong } from './moduleAccounts.ts';

describe('the accounts of modules', () => {
  const chain = new ModuleHarness({ modules: [auth, bank] });
  chain.api(bank).openModuleAccount('tides', 'minter');
  chain.api(bank).mint('tides', [{ denom: 'udepin', amount: 3n }]);
  for (let i = 1; i <= 3; i++) {
    const to = new Uint8Array(20).fill(i);
    chain.api(bank).sendFromModule('tides', to, [{ denom: 'udepin', amount: 1n }]);
  }
  const all = [...Array(3).keys()].map((i) => {
    const account = chain.api(auth).account(new Uint8Array(20).fill(i + 1));
    assert.ok(account !== undefined);
    return [i, account] as const;
  });

  it('are found among others', () => {
    const { accounts } = chain.query(auth, 'moduleAccounts', {}) as { accounts: unknown[] };
    assert.equal(accounts.length, 2, 'tides, and the fee collector');
    assert.deepEqual([...modulesAmong(all, 3)], []);
  });

  it('are not looked for among too many', () => {
    assert.throws(() => [...modulesAmong(all, 2)], /at most 2 accounts to look at/);
  });
});
