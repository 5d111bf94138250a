import { parseCoin } from '../../chain/math/coins.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { nanosecondsOf, sortableTime, timestampOf } from '../../chain/state/times.ts';
import { moduleAddress } from '../../wire/address.ts';
import { BondStatus, type Validator } from '../../wire/gen/cosmos/staking/v1beta1/staking.ts';
import type {
  MsgDelegate,
  MsgDelegateResponse,
  MsgUndelegate,
  MsgUndelegateResponse,
} from '../../wire/gen/cosmos/staking/v1beta1/tx.ts';
import { powerOf, sharesOf, tokensOf } from './amounts.ts';
import type { StakingContext } from './context.ts';
import { BONDED_POOL, NOT_BONDED_POOL } from './keys.ts';

interface Stake {
  /** The addresses as this chain spells them, whatever the message's capitals. */
  readonly names: { readonly delegatorAddress: string; readonly validatorAddress: string };
  readonly delegator: Uint8Array;
  readonly validator: Uint8Array;
  readonly record: Validator;
  readonly amount: bigint;
}

const isBonded = (validator: Validator): boolean =>
  validator.status === BondStatus.BOND_STATUS_BONDED;

function parseStake(context: StakingContext, message: MsgDelegate | MsgUndelegate): Stake {
  const { state, params, fail, addresses } = context;
  const delegator = addresses.parse(message.delegatorAddress, 'delegator_address');
  const validator = addresses.parse(message.validatorAddress, 'validator_address', 'validator');
  const { denom, amount } = parseCoin(message.amount, 'amount');
  if (denom !== params.bondDenom) {
    throw sdkError('invalidRequest', `amount: expected ${params.bondDenom}, got ${denom}`);
  }
  if (amount === 0n) throw sdkError('invalidRequest', 'amount: expected a positive amount');
  const record = state.validators.get(validator);
  if (record === undefined) throw fail.NoValidatorFound(message.validatorAddress);
  const names = {
    delegatorAddress: addresses.format(delegator),
    validatorAddress: addresses.format(validator, 'validator'),
  };
  return { names, delegator, validator, record, amount };
}

/** Sets the tokens of a validator, whose shares are the same. */
function setTokens({ state }: StakingContext, { validator, record }: Stake, tokens: bigint): void {
  state.validators.set(validator, {
    ...record,
    tokens: tokens.toString(),
    delegatorShares: sharesOf(tokens),
  });
}

export function delegate(context: StakingContext, message: MsgDelegate): MsgDelegateResponse {
  const stake = parseStake(context, message);
  const { delegator, validator, record, amount } = stake;
  const coins = [{ denom: context.params.bondDenom, amount }];
  const pool = isBonded(record) ? BONDED_POOL : NOT_BONDED_POOL;
  context.bank.sendToModule(delegator, pool, coins);
  const held = tokensOf(context.state.delegations.get([delegator, validator])?.shares ?? '0');
  context.state.delegations.set([delegator, validator], {
    ...stake.names,
    shares: sharesOf(held + amount),
  });
  context.state.delegationsByValidator.add([validator, delegator]);
  setTokens(context, stake, BigInt(record.tokens) + amount);
  context.emitRaw('delegate', {
    validator: stake.names.validatorAddress,
    delegator: stake.names.delegatorAddress,
    amount: `${amount}${context.params.bondDenom}`,
    new_shares: `${amount}.000000000000000000`,
  });
  return {};
}

/** What is undelegated stops to count at once and is paid out after the unbonding time. */
export function undelegate(context: StakingContext, message: MsgUndelegate): MsgUndelegateResponse {
  const stake = parseStake(context, message);
  const { delegator, validator, record, amount } = stake;
  const { state, fail, params } = context;
  const delegation = state.delegations.get([delegator, validator]);
  if (delegation === undefined) throw fail.NoDelegation();
  const held = tokensOf(delegation.shares);
  if (held < amount) throw fail.NotEnoughShares(`${held} of ${amount}`);
  checkPowerRemains(context, stake);
  if (held === amount) {
    state.delegations.delete([delegator, validator]);
    state.delegationsByValidator.remove([validator, delegator]);
  } else {
    state.delegations.set([delegator, validator], {
      ...delegation,
      shares: sharesOf(held - amount),
    });
  }
  setTokens(context, stake, BigInt(record.tokens) - amount);
  if (isBonded(record)) {
    const coins = [{ denom: params.bondDenom, amount }];
    context.bank.sendToModule(moduleAddress(BONDED_POOL), NOT_BONDED_POOL, coins);
  }
  const completionTime = timestampOf(queueUnbonding(context, stake));
  const completion = sortableTime(nanosecondsOf(completionTime));
  context.emitRaw('unbond', {
    validator: stake.names.validatorAddress,
    delegator: stake.names.delegatorAddress,
    amount: `${amount}${params.bondDenom}`,
    completion_time: `${completion.slice(0, 19)}Z`,
  });
  return { completionTime };
}

/** A chain without voting power could never make another block. */
function checkPowerRemains({ state, fail }: StakingContext, { record, amount }: Stake): void {
  let others = 0n;
  for (const [, each] of state.validators.entries()) {
    if (each.operatorAddress !== record.operatorAddress) others += powerOf(each.tokens);
  }
  if (others + powerOf((BigInt(record.tokens) - amount).toString()) === 0n)
    throw fail.LastValidator();
}

/** Gives the time of completion, nanoseconds since the Unix epoch. */
function queueUnbonding(context: StakingContext, stake: Stake): bigint {
  const { state, params, fail, height, timeNs } = context;
  const { names, delegator, validator, amount } = stake;
  const completion = timeNs + nanosecondsOf(params.unbondingTime);
  const entries = state.unbonding.get([delegator, validator])?.entries ?? [];
  if (entries.length >= params.maxEntries) throw fail.MaxUnbondingEntries();
  const entry = {
    creationHeight: height,
    completionTime: timestampOf(completion),
    initialBalance: amount.toString(),
    balance: amount.toString(),
  };
  state.unbonding.set([delegator, validator], { ...names, entries: [...entries, entry] });
  const at = sortableTime(completion);
  const pairs = state.unbondingQueue.get(at)?.pairs ?? [];
  state.unbondingQueue.set(at, { pairs: [...pairs, names] });
  return completion;
}
