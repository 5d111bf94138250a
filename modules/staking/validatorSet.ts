/** What the end of a block does: pays out what has unbonded, and tells consensus who weighs how much now. */
import type { ValidatorUpdate } from '../../chain/abci/types.ts';
import { Bug } from '../../chain/module/errors.ts';
import { nanosecondsOf, sortableTime } from '../../chain/state/times.ts';
import { moduleAddress } from '../../wire/address.ts';
import { PubKey } from '../../wire/gen/cosmos/crypto/ed25519/keys.ts';
import { BondStatus, type Validator } from '../../wire/gen/cosmos/staking/v1beta1/staking.ts';
import type { PublicKey } from '../../wire/types.ts';
import { powerOf } from './amounts.ts';
import type { StakingContext } from './context.ts';
import { BONDED_POOL, NOT_BONDED_POOL } from './keys.ts';

export const ED25519_TYPE_URL = '/cosmos.crypto.ed25519.PubKey';

/** @throws TypeError when the validator has no ed25519 key of 32 bytes. */
export function consensusKeyOf(validator: Validator): PublicKey {
  const any = validator.consensusPubkey;
  if (any?.typeUrl !== ED25519_TYPE_URL) {
    throw new TypeError(
      `consensus_pubkey: expected ${ED25519_TYPE_URL}, got "${any?.typeUrl ?? ''}"`,
    );
  }
  const { key } = PubKey.decode(any.value);
  if (key.length !== 32)
    throw new TypeError(`consensus_pubkey: expected 32 bytes, got ${key.length}`);
  return { type: 'ed25519', bytes: key };
}

/** Pays out every entry whose time has come. The queue holds them in the order of their times. */
export function completeUnbonding(context: StakingContext): void {
  const { state, timeNs } = context;
  const now = sortableTime(timeNs);
  for (const [at, { pairs }] of state.unbondingQueue.entries()) {
    if (at > now) return;
    for (const { delegatorAddress, validatorAddress } of pairs) {
      completePair(context, delegatorAddress, validatorAddress);
    }
    state.unbondingQueue.delete(at);
  }
}

function completePair(context: StakingContext, delegatorText: string, validatorText: string): void {
  const { state, timeNs, addresses, bank, params, emitRaw } = context;
  const delegator = addresses.parse(delegatorText, 'delegator');
  const validator = addresses.parse(validatorText, 'validator', 'validator');
  const unbonding = state.unbonding.get([delegator, validator]);
  if (unbonding === undefined) return;
  const isDue = (entry: (typeof unbonding.entries)[number]) =>
    nanosecondsOf(entry.completionTime) <= timeNs;
  const amount = unbonding.entries
    .filter(isDue)
    .reduce((sum, entry) => sum + BigInt(entry.balance), 0n);
  if (amount === 0n) return;
  const coins = [{ denom: params.bondDenom, amount }];
  bank.send(moduleAddress(NOT_BONDED_POOL), delegator, coins);
  const rest = unbonding.entries.filter((entry) => !isDue(entry));
  if (rest.length === 0) state.unbonding.delete([delegator, validator]);
  else state.unbonding.set([delegator, validator], { ...unbonding, entries: rest });
  emitRaw('complete_unbonding', {
    amount: `${amount}${params.bondDenom}`,
    validator: validatorText,
    delegator: delegatorText,
  });
}

/** Every validator whose power is not what consensus knows. */
export function updateValidatorSet(context: StakingContext): ValidatorUpdate[] {
  const { state } = context;
  const updates: ValidatorUpdate[] = [];
  let total = 0n;
  for (const [operator, validator] of state.validators.entries()) {
    const power = powerOf(validator.tokens);
    total += power;
    if (power === (state.lastPowers.get(operator) ?? 0n)) continue;
    if (power === 0n) state.lastPowers.delete(operator);
    else state.lastPowers.set(operator, power);
    setBonded(context, operator, validator, power > 0n);
    updates.push({ publicKey: consensusKeyOf(validator), power });
  }
  if (total === 0n) throw new Bug('staking: no voting power is left');
  if (state.lastTotalPower.get() !== total) state.lastTotalPower.set(total);
  return updates;
}

/** Moves a validator, and the tokens behind it, into or out of the bonded pool. */
function setBonded(
  { state, bank, params, height, timeNs }: StakingContext,
  operator: Uint8Array,
  validator: Validator,
  bonded: boolean,
): void {
  const status = bonded ? BondStatus.BOND_STATUS_BONDED : BondStatus.BOND_STATUS_UNBONDED;
  if (validator.status === status) return;
  const [from, to] = bonded ? [NOT_BONDED_POOL, BONDED_POOL] : [BONDED_POOL, NOT_BONDED_POOL];
  const amount = BigInt(validator.tokens);
  if (amount > 0n)
    bank.sendToModule(moduleAddress(from), to, [{ denom: params.bondDenom, amount }]);
  const seconds = timeNs / 1_000_000_000n;
  state.validators.set(operator, {
    ...validator,
    status,
    unbondingHeight: bonded ? 0n : height,
    unbondingTime: { seconds: bonded ? 0n : seconds, nanos: 0 },
  });
}
