import type { Handlers, only } from '../../chain/module/defineModule.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { paginate } from '../../chain/state/pagination.ts';
import type { QueryDefinition } from '../../wire/gen/cosmos/staking/v1beta1/query.ts';
import {
  BondStatus,
  type Delegation,
  type Validator,
} from '../../wire/gen/cosmos/staking/v1beta1/staking.ts';
import { lengthPrefixedAddressKey, partPrefix } from '../../wire/keys.ts';
import { tokensOf } from './amounts.ts';
import type { StakingView } from './context.ts';
import { pooledTokens } from './pools.ts';

/** The queries of x/staking that need no redelegation, which this module has not. */
export const SERVED = [
  'validators',
  'validator',
  'validatorDelegations',
  'delegation',
  'unbondingDelegation',
  'delegatorDelegations',
  'delegatorUnbondingDelegations',
  'delegatorValidators',
  'pool',
  'params',
] as const;

type Served = ReturnType<typeof only<QueryDefinition, (typeof SERVED)[number]>>;

const STATUSES = [
  BondStatus.BOND_STATUS_UNBONDED,
  BondStatus.BOND_STATUS_UNBONDING,
  BondStatus.BOND_STATUS_BONDED,
].map((status) => BondStatus[status]!);

function notFound(what: string): Error {
  return sdkError('keyNotFound', `rpc error: code = NotFound desc = ${what}`);
}

function withBalance({ params }: StakingView, delegation: Delegation) {
  const amount = tokensOf(delegation.shares).toString();
  return { delegation, balance: { denom: params.bondDenom, amount } };
}

export const queries: Handlers<Served, StakingView> = {
  validators({ state }, { status, pagination }) {
    if (status !== '' && !STATUSES.includes(status)) {
      throw sdkError(
        'invalidRequest',
        `status: expected ${STATUSES.join(', ')}, got "${status.slice(0, 60)}"`,
      );
    }
    const where = (validator: Validator) =>
      status === '' || BondStatus[validator.status] === status;
    const page = paginate(state.validators, pagination, { where });
    return {
      validators: page.entries.map(([, validator]) => validator),
      pagination: page.pagination,
    };
  },
  validator({ state, addresses }, { validatorAddr }) {
    const validator = state.validators.get(
      addresses.parse(validatorAddr, 'validator_addr', 'validator'),
    );
    if (validator === undefined) throw notFound(`validator ${validatorAddr} not found`);
    return { validator };
  },
  validatorDelegations(view, { validatorAddr, pagination }) {
    const { state, addresses } = view;
    const validator = addresses.parse(validatorAddr, 'validator_addr', 'validator');
    const within = partPrefix(lengthPrefixedAddressKey, validator);
    const page = paginate(state.delegationsByValidator, pagination, { within });
    return {
      delegationResponses: page.entries.map(([[, delegator]]) =>
        withBalance(view, state.delegations.must([delegator, validator])),
      ),
      pagination: page.pagination,
    };
  },
  delegation(view, { delegatorAddr, validatorAddr }) {
    const { state, addresses } = view;
    const delegator = addresses.parse(delegatorAddr, 'delegator_addr');
    const validator = addresses.parse(validatorAddr, 'validator_addr', 'validator');
    const delegation = state.delegations.get([delegator, validator]);
    if (delegation === undefined) {
      throw notFound(
        `delegation with delegator ${delegatorAddr} not found for validator ${validatorAddr}`,
      );
    }
    return { delegationResponse: withBalance(view, delegation) };
  },
  unbondingDelegation({ state, addresses }, { delegatorAddr, validatorAddr }) {
    const delegator = addresses.parse(delegatorAddr, 'delegator_addr');
    const validator = addresses.parse(validatorAddr, 'validator_addr', 'validator');
    const unbond = state.unbonding.get([delegator, validator]);
    if (unbond === undefined) {
      throw notFound(
        `unbonding delegation with delegator ${delegatorAddr} not found for validator ${validatorAddr}`,
      );
    }
    return { unbond };
  },
  delegatorDelegations(view, { delegatorAddr, pagination }) {
    const delegator = view.addresses.parse(delegatorAddr, 'delegator_addr');
    const within = partPrefix(lengthPrefixedAddressKey, delegator);
    const page = paginate(view.state.delegations, pagination, { within });
    return {
      delegationResponses: page.entries.map(([, delegation]) => withBalance(view, delegation)),
      pagination: page.pagination,
    };
  },
  delegatorUnbondingDelegations({ state, addresses }, { delegatorAddr, pagination }) {
    const within = partPrefix(
      lengthPrefixedAddressKey,
      addresses.parse(delegatorAddr, 'delegator_addr'),
    );
    const page = paginate(state.unbonding, pagination, { within });
    return {
      unbondingResponses: page.entries.map(([, unbonding]) => unbonding),
      pagination: page.pagination,
    };
  },
  delegatorValidators({ state, addresses }, { delegatorAddr, pagination }) {
    const within = partPrefix(
      lengthPrefixedAddressKey,
      addresses.parse(delegatorAddr, 'delegator_addr'),
    );
    const page = paginate(state.delegations, pagination, { within });
    return {
      validators: page.entries.map(([[, validator]]) => state.validators.must(validator)),
      pagination: page.pagination,
    };
  },
  pool({ state }) {
    const { bonded, notBonded } = pooledTokens(state);
    return { pool: { notBondedTokens: notBonded.toString(), bondedTokens: bonded.toString() } };
  },
  params: ({ params }) => ({ params }),
};
