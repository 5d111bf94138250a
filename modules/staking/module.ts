import { defineModule, only } from '../../chain/module/defineModule.ts';
import { gatherFields } from '../../chain/module/definition.ts';
import { item, keySet, map } from '../../chain/state/collections.ts';
import { bytesValue, integerValue } from '../../chain/state/values.ts';
import { GenesisState } from '../../wire/gen/cosmos/staking/v1beta1/genesis.ts';
import { QueryDefinition } from '../../wire/gen/cosmos/staking/v1beta1/query.ts';
import {
  Delegation,
  DVPairs,
  Params,
  UnbondingDelegation,
  Validator,
} from '../../wire/gen/cosmos/staking/v1beta1/staking.ts';
import { MsgDefinition } from '../../wire/gen/cosmos/staking/v1beta1/tx.ts';
import { lengthPrefixedAddressKey, pair, textKey } from '../../wire/keys.ts';
import type { PublicKey } from '../../wire/types.ts';
import { bank } from '../bank/module.ts';
import { powerValue } from './amounts.ts';
import { DEFAULT_PARAMS, genesisFields, initGenesis, poolsHoldTheStake } from './genesis.ts';
import { delegationKeyCodec, STAKING_PREFIX } from './keys.ts';
import { delegate, undelegate } from './messages.ts';
import { queries, SERVED } from './queries.ts';
import { completeUnbonding, consensusKeyOf, updateValidatorSet } from './validatorSet.ts';

export const stakingState = {
  lastPowers: map(STAKING_PREFIX.lastValidatorPower, lengthPrefixedAddressKey, powerValue),
  lastTotalPower: item(STAKING_PREFIX.lastTotalPower, integerValue),
  validators: map(STAKING_PREFIX.validators, lengthPrefixedAddressKey, Validator),
  byConsensusAddress: map(
    STAKING_PREFIX.validatorsByConsensusAddress,
    lengthPrefixedAddressKey,
    bytesValue,
  ),
  delegations: map(STAKING_PREFIX.delegations, delegationKeyCodec, Delegation),
  delegationsByValidator: keySet(
    STAKING_PREFIX.delegationsByValidator,
    pair(lengthPrefixedAddressKey, lengthPrefixedAddressKey),
    new Uint8Array(0),
  ),
  unbonding: map(STAKING_PREFIX.unbondingDelegations, delegationKeyCodec, UnbondingDelegation),
  unbondingQueue: map(STAKING_PREFIX.unbondingQueue, textKey, DVPairs),
};

/** Codes of the SDK's x/staking. */
export const stakingErrors = {
  NoValidatorFound: [3, 'validator does not exist'],
  NoDelegation: [19, 'no delegation for (address, validator) tuple'],
  NotEnoughShares: [22, 'not enough delegation shares'],
  MaxUnbondingEntries: [
    26,
    'too many unbonding delegation entries for (delegator, validator) tuple',
  ],
  LastValidator: [100, 'the last voting power cannot be withdrawn'],
} as const;

/** Staking: whose tokens stand behind which validator, and so how much its vote weighs. */
export const staking = defineModule('staking', {
  firstVersion: 5, // of SDK v0.50
  uses: { bank },
  params: { prefix: STAKING_PREFIX.params, type: Params, default: DEFAULT_PARAMS },
  state: stakingState,
  errors: stakingErrors,
  msg: only(MsgDefinition, 'delegate', 'undelegate'),
  messages: { delegate, undelegate },
  query: only(QueryDefinition, ...SERVED),
  queries,
  genesis: {
    type: GenesisState,
    default: {
      params: DEFAULT_PARAMS,
      lastTotalPower: new Uint8Array(0),
      lastValidatorPowers: [],
      validators: [],
      delegations: [],
      unbondingDelegations: [],
      redelegations: [],
      exported: false,
    },
    init: initGenesis,
    export: (view) => gatherFields(genesisFields(view)),
    fields: genesisFields,
  },
  views: ({ state }) => ({
    /** The key that a validator votes with, by its address in consensus; also of one that is not in force any more. */
    consensusKey(address: Uint8Array): PublicKey | undefined {
      const operator = state.byConsensusAddress.get(address);
      const validator = operator && state.validators.get(operator);
      return validator && consensusKeyOf(validator);
    },
  }),
  endBlock(context) {
    completeUnbonding(context);
    return updateValidatorSet(context);
  },
  invariants: {
    'the pools hold what is staked and what is unbonding': poolsHoldTheStake,
  },
});
