/** Validators and delegations of an SDK chain (x/staking of v0.47 to v0.53), from their store keys. */
import { moduleAddress } from '../../wire/address.ts';
import { ProtoWriter } from '../../wire/protobuf.ts';
import {
  found,
  NotProvableError,
  notFound,
  type ProvenQuery,
  type ProvenReads,
} from '../../wire/provenQuery.ts';
import { balanceOf, paramsQuery } from './accounts.ts';
import { addressKey, encodeCoin, Fields, provenPage } from './messages.ts';

const STORE = 'staking';
const PREFIX = { validator: 0x21, delegation: 0x31, unbonding: 0x32, params: 0x51 } as const;
/** One, as the SDK's decimals hold it. */
const ONE = 10n ** 18n;
const STATUSES = ['', 'BOND_STATUS_UNBONDED', 'BOND_STATUS_UNBONDING', 'BOND_STATUS_BONDED'];

async function bondDenom(state: ProvenReads): Promise<string> {
  const params = await state.get(STORE, Uint8Array.of(PREFIX.params));
  if (params === undefined) throw new NotProvableError('staking: params stand elsewhere');
  return new Fields(params, 'staking.Params').text(5);
}

/**
 * Whole tokens that shares are worth: shares × tokens ÷ all shares, with the SDK's rounding of a decimal
 * quotient (math/legacy_dec.go: to the nearest, ties to even), then cut to an integer.
 */
export function tokensFromShares(shares: bigint, tokens: bigint, allShares: bigint): bigint {
  if (allShares === 0n) return 0n;
  const scaled = (shares * tokens * ONE * ONE) / allShares;
  const [quotient, rest] = [scaled / ONE, scaled % ONE];
  const isUp = rest * 2n > ONE || (rest * 2n === ONE && quotient % 2n === 1n);
  return (isUp ? quotient + 1n : quotient) / ONE;
}

/** cosmos.staking.v1beta1.DelegationResponse. */
async function delegationResponse(
  state: ProvenReads,
  delegation: Uint8Array,
  denom: string,
): Promise<Uint8Array> {
  const fields = new Fields(delegation, 'Delegation');
  const validator = await state.get(STORE, addressKey(PREFIX.validator, fields.address(2)));
  if (validator === undefined) throw new NotProvableError(`no validator ${fields.text(2)}`);
  const of = new Fields(validator, 'Validator');
  const amount = tokensFromShares(fields.integer(3), of.integer(5), of.integer(6));
  return new ProtoWriter().message(1, delegation).message(2, encodeCoin(denom, amount)).finish();
}

const delegation: ProvenQuery = async (request, state) => {
  const asked = new Fields(request, 'QueryDelegationRequest');
  const [delegator, validator] = [asked.address(1), asked.address(2)];
  const value = await state.get(STORE, addressKey(PREFIX.delegation, delegator, validator));
  if (value === undefined) {
    return notFound(
      `delegation with delegator ${asked.text(1)} not found for validator ${asked.text(2)}`,
    );
  }
  const response = await delegationResponse(state, value, await bondDenom(state));
  return found(new ProtoWriter().message(1, response).finish());
};

const delegatorDelegations: ProvenQuery = async (request, state) => {
  const asked = new Fields(request, 'QueryDelegatorDelegationsRequest');
  const prefix = addressKey(PREFIX.delegation, asked.address(1));
  const page = await provenPage(state, { store: STORE, prefix, request: asked.bytes(2) });
  const denom = await bondDenom(state);
  const writer = new ProtoWriter();
  for (const [, value] of page.entries) {
    writer.message(1, await delegationResponse(state, value, denom));
  }
  return found(writer.message(2, page.pagination).finish());
};

const unbondingDelegation: ProvenQuery = async (request, state) => {
  const asked = new Fields(request, 'QueryUnbondingDelegationRequest');
  const key = addressKey(PREFIX.unbonding, asked.address(1), asked.address(2));
  const value = await state.get(STORE, key);
  if (value !== undefined) return found(new ProtoWriter().message(1, value).finish());
  return notFound(
    `unbonding delegation with delegator ${asked.text(1)} not found for validator ${asked.text(2)}`,
  );
};

const delegatorUnbonding: ProvenQuery = async (request, state) => {
  const asked = new Fields(request, 'QueryDelegatorUnbondingDelegationsRequest');
  const prefix = addressKey(PREFIX.unbonding, asked.address(1));
  const page = await provenPage(state, { store: STORE, prefix, request: asked.bytes(2) });
  const writer = new ProtoWriter();
  for (const [, value] of page.entries) writer.message(1, value);
  return found(writer.message(2, page.pagination).finish());
};

const validator: ProvenQuery = async (request, state) => {
  const asked = new Fields(request, 'QueryValidatorRequest');
  const value = await state.get(STORE, addressKey(PREFIX.validator, asked.address(1)));
  if (value === undefined) return notFound(`validator ${asked.text(1)} not found`);
  return found(new ProtoWriter().message(1, value).finish());
};

const validators: ProvenQuery = async (request, state) => {
  const asked = new Fields(request, 'QueryValidatorsRequest');
  const status = STATUSES.indexOf(asked.text(1));
  if (status < 0) throw new TypeError(`status: expected a BondStatus, got "${asked.text(1)}"`);
  const prefix = Uint8Array.of(PREFIX.validator);
  const isWanted = (value: Uint8Array) =>
    status === 0 || new Fields(value, 'Validator').number(4) === BigInt(status);
  const page = await provenPage(state, { store: STORE, prefix, request: asked.bytes(2), isWanted });
  const writer = new ProtoWriter();
  for (const [, value] of page.entries) writer.message(1, value);
  return found(writer.message(2, page.pagination).finish());
};

const pool: ProvenQuery = async (_request, state) => {
  const denom = await bondDenom(state);
  const of = async (name: string) => `${await balanceOf(state, moduleAddress(name), denom)}`;
  const [bonded, notBonded] = [await of('bonded_tokens_pool'), await of('not_bonded_tokens_pool')];
  const tokens = new ProtoWriter().string(1, notBonded).string(2, bonded).finish();
  return found(new ProtoWriter().message(1, tokens).finish());
};

/** By gRPC path. */
export const STAKING_QUERIES: Readonly<Record<string, ProvenQuery>> = {
  '/cosmos.staking.v1beta1.Query/Delegation': delegation,
  '/cosmos.staking.v1beta1.Query/DelegatorDelegations': delegatorDelegations,
  '/cosmos.staking.v1beta1.Query/UnbondingDelegation': unbondingDelegation,
  '/cosmos.staking.v1beta1.Query/DelegatorUnbondingDelegations': delegatorUnbonding,
  '/cosmos.staking.v1beta1.Query/Validator': validator,
  '/cosmos.staking.v1beta1.Query/Validators': validators,
  '/cosmos.staking.v1beta1.Query/Params': paramsQuery(STORE, PREFIX.params),
  '/cosmos.staking.v1beta1.Query/Pool': pool,
};
