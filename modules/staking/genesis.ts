import type { ValidatorUpdate } from '../../chain/abci/types.ts';
import type { GenesisField } from '../../chain/module/definition.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { nanosecondsOf, sortableTime } from '../../chain/state/times.ts';
import { valuesOf } from '../../chain/state/walk.ts';
import { addressOfEd25519, moduleAddress } from '../../wire/address.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import type { GenesisState } from '../../wire/gen/cosmos/staking/v1beta1/genesis.ts';
import type { Params } from '../../wire/gen/cosmos/staking/v1beta1/staking.ts';
import { sharesOf, tokensOf } from './amounts.ts';
import type { StakingContext, StakingView } from './context.ts';
import { BONDED_POOL, NOT_BONDED_POOL } from './keys.ts';
import { pooledTokens } from './pools.ts';
import { consensusKeyOf, updateValidatorSet } from './validatorSet.ts';

const WEEK_SECONDS = 604_800n;

/** The SDK's defaults with the token of this chain. */
export const DEFAULT_PARAMS: Params = {
  unbondingTime: { seconds: 3n * WEEK_SECONDS, nanos: 0 },
  maxValidators: 100,
  maxEntries: 7,
  historicalEntries: 10_000,
  bondDenom: 'udepin',
  minCommissionRate: '0',
};

export function initGenesis(
  context: StakingContext,
  genesis: GenesisState,
): readonly ValidatorUpdate[] {
  context.setParams(checkParams(genesis.params ?? DEFAULT_PARAMS));
  if (genesis.redelegations.length > 0) {
    throw sdkError('notSupported', 'redelegations: expected none');
  }
  if (genesis.validators.length > context.params.maxValidators) {
    throw sdkError(
      'invalidRequest',
      `validators: expected at most ${context.params.maxValidators}`,
    );
  }
  context.bank.openModuleAccount(BONDED_POOL, 'burner', 'staking');
  context.bank.openModuleAccount(NOT_BONDED_POOL, 'burner', 'staking');
  initValidators(context, genesis);
  initDelegations(context, genesis);
  initUnbonding(context, genesis);
  const broken = poolsHoldTheStake(context);
  if (broken !== true) throw sdkError('invalidRequest', `validators: ${broken}`);
  return genesis.validators.length === 0 ? [] : updateValidatorSet(context);
}

function initValidators({ state, addresses }: StakingContext, genesis: GenesisState): void {
  genesis.validators.forEach((validator, i) => {
    const field = `validators[${i}]`;
    const operator = addresses.parse(
      validator.operatorAddress,
      `${field}.operator_address`,
      'validator',
    );
    const consensus = addressOfEd25519(consensusKeyOf(validator).bytes);
    if (state.validators.has(operator) || state.byConsensusAddress.has(consensus)) {
      throw sdkError('invalidRequest', `${field}: operator or consensus key stands twice`);
    }
    if (sharesOf(BigInt(validator.tokens)) !== validator.delegatorShares) {
      throw sdkError(
        'invalidRequest',
        `${field}.delegator_shares: expected one share for each token`,
      );
    }
    state.validators.set(operator, validator);
    state.byConsensusAddress.set(consensus, operator);
  });
}

function initDelegations({ state, addresses }: StakingContext, genesis: GenesisState): void {
  const sums = new Map<string, bigint>();
  genesis.delegations.forEach((delegation, i) => {
    const field = `delegations[${i}]`;
    const delegator = addresses.parse(delegation.delegatorAddress, `${field}.delegator_address`);
    const validator = addresses.parse(
      delegation.validatorAddress,
      `${field}.validator_address`,
      'validator',
    );
    state.delegations.set([delegator, validator], delegation);
    state.delegationsByValidator.add([validator, delegator]);
    const sum = sums.get(delegation.validatorAddress) ?? 0n;
    sums.set(delegation.validatorAddress, sum + tokensOf(delegation.shares));
  });
  for (const { operatorAddress, tokens } of genesis.validators) {
    if ((sums.get(operatorAddress) ?? 0n) === BigInt(tokens)) continue;
    throw sdkError(
      'invalidRequest',
      `delegations: those to ${operatorAddress} are not its ${tokens} tokens`,
    );
  }
}

function initUnbonding({ state, addresses }: StakingContext, genesis: GenesisState): void {
  genesis.unbondingDelegations.forEach((unbonding, i) => {
    const field = `unbonding_delegations[${i}]`;
    const { delegatorAddress, validatorAddress } = unbonding;
    const delegator = addresses.parse(delegatorAddress, `${field}.delegator_address`);
    const validator = addresses.parse(validatorAddress, `${field}.validator_address`, 'validator');
    state.unbonding.set([delegator, validator], unbonding);
    for (const { completionTime } of unbonding.entries) {
      const at = sortableTime(nanosecondsOf(completionTime));
      const pairs = state.unbondingQueue.get(at)?.pairs ?? [];
      state.unbondingQueue.set(at, { pairs: [...pairs, { delegatorAddress, validatorAddress }] });
    }
  });
}

export function* genesisFields({
  state,
  params,
  addresses,
}: StakingView): Iterable<GenesisField<GenesisState>> {
  const powers = [...state.lastPowers.entries()].map(([operator, power]) => ({
    address: addresses.format(operator, 'validator'),
    power,
  }));
  yield ['params', params];
  yield ['lastTotalPower', toUtf8((state.lastTotalPower.get() ?? 0n).toString())];
  yield ['lastValidatorPowers', powers];
  yield ['validators', valuesOf(state.validators.entries())];
  yield ['delegations', valuesOf(state.delegations.entries())];
  yield ['unbondingDelegations', valuesOf(state.unbonding.entries())];
  yield ['redelegations', []];
  yield ['exported', true];
}

/** Invariant: the module accounts of the pools hold exactly the tokens of validators and unbondings. */
export function poolsHoldTheStake({
  state,
  bank,
  params,
}: Pick<StakingView, 'state' | 'bank' | 'params'>): true | string {
  const { bonded, notBonded } = pooledTokens(state);
  const held = (pool: string): bigint => bank.balance(moduleAddress(pool), params.bondDenom);
  if (held(BONDED_POOL) !== bonded)
    return `${BONDED_POOL} holds ${held(BONDED_POOL)}, expected ${bonded}`;
  if (held(NOT_BONDED_POOL) !== notBonded) {
    return `${NOT_BONDED_POOL} holds ${held(NOT_BONDED_POOL)}, expected ${notBonded}`;
  }
  return true;
}

function checkParams(params: Params): Params {
  if (params.maxValidators < 1 || params.maxValidators > 1000) {
    throw sdkError(
      'invalidRequest',
      `params.max_validators: expected 1 to 1000, got ${params.maxValidators}`,
    );
  }
  if (params.maxEntries < 1)
    throw sdkError('invalidRequest', 'params.max_entries: expected 1 or more');
  return params;
}
