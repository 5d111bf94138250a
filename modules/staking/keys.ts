/** Where the staking module keeps validators and delegations: the SDK's layout (x/staking v0.50). */
import { lengthPrefixedAddressKey, pair } from '../../wire/keys.ts';

export const STAKING_STORE = 'staking';

export const STAKING_PREFIX = {
  lastValidatorPower: 0x11,
  lastTotalPower: 0x12,
  validators: 0x21,
  validatorsByConsensusAddress: 0x22,
  delegations: 0x31,
  unbondingDelegations: 0x32,
  unbondingQueue: 0x41,
  params: 0x51,
  delegationsByValidator: 0x71,
} as const;

/** Delegator, then validator. */
export const delegationKeyCodec = pair(lengthPrefixedAddressKey, lengthPrefixedAddressKey);

/** Module accounts that hold what is staked. */
export const BONDED_POOL = 'bonded_tokens_pool';
export const NOT_BONDED_POOL = 'not_bonded_tokens_pool';
