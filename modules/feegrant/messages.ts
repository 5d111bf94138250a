import { sdkError } from '../../chain/module/errors.ts';
import type {
  MsgPruneAllowances,
  MsgPruneAllowancesResponse,
} from '../../wire/gen/cosmos/feegrant/v1beta1/prune.ts';
import type {
  MsgGrantAllowance,
  MsgGrantAllowanceResponse,
  MsgRevokeAllowance,
  MsgRevokeAllowanceResponse,
} from '../../wire/gen/cosmos/feegrant/v1beta1/tx.ts';
import type { FeegrantContext } from './context.ts';
import { readAllowance } from './encoding.ts';
import { type Parties, pruneExpired, putGrant, removeGrant } from './grants.ts';

/** Ended allowances that one message takes out at most, as in the SDK. */
export const PRUNED_BY_MESSAGE = 75;

export function grantAllowance(
  context: FeegrantContext,
  message: MsgGrantAllowance,
): MsgGrantAllowanceResponse {
  if (message.granter.toLowerCase() === message.grantee.toLowerCase()) {
    throw sdkError('invalidAddress', 'cannot self-grant fee authorization');
  }
  const parties = partiesOf(context, message);
  if (context.state.grants.has([parties.grantee, parties.granter])) {
    throw sdkError('invalidRequest', 'fee allowance already exists');
  }
  putGrant(context, parties, readAllowance(message.allowance, 'allowance'));
  return {};
}

export function revokeAllowance(
  context: FeegrantContext,
  message: MsgRevokeAllowance,
): MsgRevokeAllowanceResponse {
  if (message.granter === message.grantee) {
    throw sdkError('invalidAddress', 'addresses must be different');
  }
  removeGrant(context, partiesOf(context, message));
  return {};
}

export function pruneAllowances(
  context: FeegrantContext,
  { pruner }: MsgPruneAllowances,
): MsgPruneAllowancesResponse {
  pruneExpired(context, PRUNED_BY_MESSAGE);
  context.emitRaw('prune_feegrant', { pruner });
  return {};
}

function partiesOf(
  { addresses }: FeegrantContext,
  { granter, grantee }: { readonly granter: string; readonly grantee: string },
): Parties {
  return {
    grantee: addresses.parse(grantee, 'grantee'),
    granter: addresses.parse(granter, 'granter'),
  };
}
