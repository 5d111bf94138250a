import assert from 'node:assert/strict';
import { sortableTime } from '../../chain/state/times.ts';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { moduleAddress } from '../../wire/address.ts';
import { PubKey } from '../../wire/gen/cosmos/crypto/ed25519/keys.ts';
import type { GenesisState } from '../../wire/gen/cosmos/staking/v1beta1/genesis.ts';
import type { QueryPoolResponse } from '../../wire/gen/cosmos/staking/v1beta1/query.ts';
import { BondStatus, type Validator } from '../../wire/gen/cosmos/staking/v1beta1/staking.ts';
import { auth } from '../auth/module.ts';
import { bank } from '../bank/module.ts';
import { sharesOf } from './amounts.ts';
import { DEFAULT_PARAMS } from './genesis.ts';
import { BONDED_POOL } from './keys.ts';
import { staking } from './module.ts';

const ADDRESSES = new ModuleHarness({ modules: [] }).environment.addresses;
const operator = (i: number): Uint8Array => new Uint8Array(20).fill(i + 1);
const account = (i: number): string => ADDRESSES.format(operator(i));
const valoper = (i: number): string => ADDRESSES.format(operator(i), 'validator');

function validator(i: number, tokens: bigint): Validator {
  return {
    operatorAddress: valoper(i),
    consensusPubkey: {
      typeUrl: '/cosmos.crypto.ed25519.PubKey',
      value: PubKey.encode({ key: new Uint8Array(32).fill(i + 1) }).finish(),
    },
    jailed: false,
    status: BondStatus.BOND_STATUS_BONDED,
    tokens: tokens.toString(),
    delegatorShares: sharesOf(tokens),
    description: undefined,
    unbondingHeight: 0n,
    unbondingTime: undefined,
    commission: undefined,
    minSelfDelegation: '1',
  };
}

function start(stakes: readonly bigint[], change: Partial<GenesisState> = {}): ModuleHarness {
  const pool = stakes.reduce((sum, stake) => sum + stake, 0n);
  const balances = stakes.map((_, i) => ({
    address: account(i),
    coins: [{ denom: 'udepin', amount: '50000000' }],
  }));
  if (pool > 0n) {
    balances.push({
      address: ADDRESSES.format(moduleAddress(BONDED_POOL)),
      coins: [{ denom: 'udepin', amount: pool.toString() }],
    });
  }
  return new ModuleHarness({
    modules: [auth, bank, staking],
    genesis: {
      bank: { params: undefined, balances, supply: [], denomMetadata: [] },
      staking: {
        ...(staking.definition.genesis.default as GenesisState),
        params: { ...DEFAULT_PARAMS, unbondingTime: { seconds: 10n, nanos: 0 } },
        validators: stakes.map((stake, i) => validator(i, stake)),
        delegations: stakes.map((stake, i) => ({
          delegatorAddress: account(i),
          validatorAddress: valoper(i),
          shares: sharesOf(stake),
        })),
        ...change,
      },
    },
  });
}

const stake = (delegator: number, to: number, amount: bigint | string, denom = 'udepin') => ({
  delegatorAddress: account(delegator),
  validatorAddress: valoper(to),
  amount: { denom, amount: amount.toString() },
});

const balanceOf = (chain: ModuleHarness, i: number): bigint =>
  chain.api(bank).balance(operator(i), 'udepin');
const powers = (updates: readonly { power: bigint }[]): bigint[] =>
  updates.map(({ power }) => power);

describe('staking', () => {
  it('delegating raises the power of a validator at the end of the block', () => {
    const chain = start([10_000_000n, 20_000_000n]);
    chain.send(staking, 'delegate', stake(1, 0, 5_500_000n));
    assert.equal(balanceOf(chain, 1), 44_500_000n);
    const updates = chain.nextBlock();
    assert.deepEqual(powers(updates), [15n]);
    assert.deepEqual(updates[0]?.publicKey.bytes, new Uint8Array(32).fill(1));
    assert.deepEqual(chain.nextBlock(), []);
  });

  it('undelegating lowers it at once and pays after the unbonding time, to the second', () => {
    const chain = start([10_000_000n, 20_000_000n]);
    chain.send(staking, 'undelegate', stake(0, 0, 4_000_000n));
    assert.deepEqual(powers(chain.nextBlock(9)), [6n]);
    chain.nextBlock(1);
    assert.equal(balanceOf(chain, 0), 50_000_000n);
    chain.nextBlock(0);
    assert.equal(balanceOf(chain, 0), 54_000_000n);
    const { pool } = chain.query(staking, 'pool', {}) as QueryPoolResponse;
    assert.deepEqual(pool, { bondedTokens: '26000000', notBondedTokens: '0' });
  });

  it('keeps one delegation for one delegator, in capitals or not', () => {
    const chain = start([10_000_000n, 20_000_000n]);
    const message = stake(1, 0, 1_000_000n);
    const capitals = {
      ...message,
      delegatorAddress: message.delegatorAddress.toUpperCase(),
      validatorAddress: message.validatorAddress.toUpperCase(),
    };
    chain.send(staking, 'delegate', capitals);
    chain.send(staking, 'undelegate', capitals);
    chain.send(staking, 'delegate', message);
    const { delegations, unbondingDelegations } = chain.export(staking) as GenesisState;
    const names = [...delegations, ...unbondingDelegations].flatMap((each) => [
      each.delegatorAddress,
      each.validatorAddress,
    ]);
    assert.deepEqual(
      names.filter((name) => name !== name.toLowerCase()),
      [],
    );
    chain.nextBlock(11);
    chain.nextBlock(1);
    assert.equal(balanceOf(chain, 1), 49_000_000n);
  });

  it('a validator without a whole power leaves the set, and can come back', () => {
    const chain = start([10_000_000n, 20_000_000n]);
    chain.send(staking, 'undelegate', stake(0, 0, 9_500_000n));
    assert.deepEqual(powers(chain.nextBlock()), [0n]);
    chain.send(staking, 'delegate', stake(1, 0, 500_000n));
    assert.deepEqual(powers(chain.nextBlock()), [1n]);
  });

  it('refuses what would leave no power, more than there is, and what is no stake', () => {
    const chain = start([10_000_000n]);
    const refusal = (method: string, message: unknown) => chain.refusal(staking, method, message);
    assert.match(refusal('undelegate', stake(0, 0, 9_000_001n)), /^staking\/100: /);
    assert.match(refusal('undelegate', stake(0, 0, 10_000_001n)), /^staking\/22: /);
    assert.match(
      refusal('undelegate', { ...stake(0, 0, 1n), delegatorAddress: account(5) }),
      /^staking\/19: /,
    );
    assert.match(refusal('delegate', stake(0, 7, 1n)), /^staking\/3: /);
    assert.match(refusal('delegate', stake(0, 0, 0n)), /^sdk\/18: amount/);
    assert.match(refusal('delegate', stake(0, 0, -5n)), /^sdk\/10: amount/);
    assert.match(
      refusal('delegate', stake(0, 0, 1n, 'uother')),
      /^sdk\/18: amount: expected udepin/,
    );
    assert.match(refusal('delegate', stake(0, 0, 60_000_000n)), /^sdk\/5: /);
    for (let i = 0; i < 7; i++) chain.send(staking, 'undelegate', stake(0, 0, 1n));
    assert.match(refusal('undelegate', stake(0, 0, 1n)), /^staking\/26: /);
  });

  it('starts again from its exported genesis, what is unbonding included', () => {
    const chain = start([10_000_000n, 20_000_000n]);
    chain.send(staking, 'undelegate', stake(0, 0, 4_000_000n));
    chain.nextBlock();
    const again = new ModuleHarness({
      modules: [auth, bank, staking],
      genesis: {
        auth: chain.export(auth),
        bank: chain.export(bank),
        staking: chain.export(staking),
      },
      startTimeNs: chain.timeNs,
    });
    assert.deepEqual(again.export(staking), chain.export(staking));
    again.nextBlock(20);
    again.nextBlock(1);
    assert.equal(balanceOf(again, 0), 54_000_000n);
  });

  it('refuses a genesis that does not add up', () => {
    assert.throws(
      () => start([10_000_000n], { delegations: [] }),
      /delegations: those to depinvaloper/,
    );
    assert.throws(
      () => start([10_000_000n], { validators: [validator(0, 11_000_000n)] }),
      /delegations|bonded_tokens_pool/,
    );
    const twice = [validator(0, 10_000_000n), validator(0, 10_000_000n)];
    assert.throws(
      () => start([10_000_000n], { validators: twice }),
      /validators\[1\].*stands twice/,
    );
  });

  it('writes times that sort as they pass', () => {
    assert.equal(sortableTime(1_700_000_000_000_000_005n), '2023-11-14T22:13:20.000000005');
    assert.ok(sortableTime(999_999_999n) < sortableTime(1_000_000_000n));
  });
});
