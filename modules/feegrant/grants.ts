/** Grants in state: granted, drawn from, revoked, and taken out when they have ended. */
import type { Coin } from '../../chain/math/coins.ts';
import { ChainError, sdkError } from '../../chain/module/errors.ts';
import { sortableTime } from '../../chain/state/times.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import type { Grant } from '../../wire/gen/cosmos/feegrant/v1beta1/feegrant.ts';
import { type Allowance, expirationOf, spend } from './allowance.ts';
import type { FeegrantContext, FeegrantView } from './context.ts';
import { readAllowance, writeAllowance } from './encoding.ts';

/** What the SDK charges for one look at a list of type URLs. */
export const GAS_PER_LOOK = 10n;

/** Who pays for whom. */
export interface Parties {
  readonly granter: Uint8Array;
  readonly grantee: Uint8Array;
}

/** A fee that a transaction wants to draw. */
export interface FeeRequest extends Parties {
  readonly fee: readonly Coin[];
  /** Type URLs of its messages. */
  readonly messages: readonly string[];
}

/** @throws ChainError sdk/38 when there is no grant between the two. */
export function grantOf({ state }: Pick<FeegrantView, 'state'>, parties: Parties): Grant {
  const grant = state.grants.get([parties.grantee, parties.granter]);
  if (grant === undefined) {
    throw new ChainError('sdk', 38, 'fee-grant not found: not found', true);
  }
  return grant;
}

/** The allowance that stands in a grant. */
export const allowanceOf = (grant: Grant): Allowance =>
  readAllowance(grant.allowance, 'grant.allowance');

/** Puts a new grant into the state. @throws ChainError sdk/18 when there is one already or it has ended. */
export function putGrant(context: FeegrantContext, parties: Parties, allowance: Allowance): void {
  const { state, auth, timeNs } = context;
  const { granter, grantee } = parties;
  if (state.grants.has([grantee, granter])) {
    throw sdkError('invalidRequest', 'fee allowance already exists');
  }
  const ends = expirationOf(allowance);
  if (ends !== undefined && ends < timeNs) {
    throw sdkError('invalidRequest', 'expiration is before current block time');
  }
  auth.ensure(grantee);
  if (ends !== undefined) state.queue.add(queueKey(parties, ends));
  store(context, parties, allowance, 'set_feegrant');
}

/** Takes a grant out. @throws ChainError sdk/38 when there is none. */
export function removeGrant(context: FeegrantContext, parties: Parties): void {
  const ends = expirationOf(allowanceOf(grantOf(context, parties)));
  const { state } = context;
  state.grants.delete([parties.grantee, parties.granter]);
  if (ends !== undefined) state.queue.remove(queueKey(parties, ends));
  emit(context, 'revoke_feegrant', parties);
}

/**
 * Draws a fee from a grant, which is taken out when nothing is left of it.
 * @throws ChainError sdk/38, feegrant/2, /3 or /7 when it is not granted.
 */
export function useGrant(context: FeegrantContext, request: FeeRequest): void {
  const { timeNs } = context;
  const left = spend(allowanceOf(grantOf(context, request)), {
    timeNs,
    fee: request.fee,
    messages: request.messages,
    payForLooking: (count) => context.consumeGas(GAS_PER_LOOK * BigInt(count), 'check msg'),
  });
  if (left === undefined) removeGrant(context, request);
  emit(context, 'use_feegrant', request);
  if (left !== undefined) store(context, request, left, 'update_feegrant');
}

/** Takes out up to `limit` grants that have ended, the oldest first. */
export function pruneExpired({ state, timeNs }: FeegrantContext, limit: number): void {
  const now = sortableTime(timeNs);
  const ended: (readonly [Uint8Array, readonly [Uint8Array, Uint8Array]])[] = [];
  for (const [key] of state.queue.entries()) {
    // An allowance is good at the very time at which it ends.
    if (ended.length === limit || new TextDecoder().decode(key[0]) >= now) break;
    ended.push(key);
  }
  for (const key of ended) {
    state.queue.remove(key);
    state.grants.delete(key[1]);
  }
}

function store(
  context: FeegrantContext,
  parties: Parties,
  allowance: Allowance,
  event: 'set_feegrant' | 'update_feegrant',
): void {
  const { state, addresses } = context;
  const { granter, grantee } = parties;
  state.grants.set([grantee, granter], {
    granter: addresses.format(granter),
    grantee: addresses.format(grantee),
    allowance: writeAllowance(allowance),
  });
  emit(context, event, parties);
}

function emit(context: FeegrantContext, type: string, { granter, grantee }: Parties): void {
  const { addresses } = context;
  context.emitRaw(type, {
    granter: addresses.format(granter),
    grantee: addresses.format(grantee),
  });
}

/** The key under which a grant that ends waits for it. */
export function queueKey({ granter, grantee }: Parties, ends: bigint) {
  return [toUtf8(sortableTime(ends)), [grantee, granter]] as const;
}
