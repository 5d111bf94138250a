import { CloseReason, LeaseState } from '../../../wire/gen/depin/compute/v1/compute.ts';
import type {
  MsgCloseLease,
  MsgCloseLeaseResponse,
  MsgWithdraw,
  MsgWithdrawResponse,
} from '../../../wire/gen/depin/compute/v1/tx.ts';
import type { ComputeContext } from '../context.ts';
import { endLease, payAccrued, settleLease } from '../leases.ts';
import { activeLease, ownedProvider } from '../parties.ts';

const stillActive = ({ state }: ComputeContext, orderId: bigint): boolean =>
  state.leases.must(orderId).state === LeaseState.LEASE_STATE_ACTIVE;

/** CMP-18: pays what the provider earned up to this block. */
export function withdraw(context: ComputeContext, message: MsgWithdraw): MsgWithdrawResponse {
  const { state, fail, emit } = context;
  const { owner, orderId } = message;
  context.addresses.parse(owner, 'owner');
  const lease = activeLease(context, orderId);
  ownedProvider(context, lease.provider, owner);
  const before = BigInt(state.escrows.must(orderId).paid);
  settleLease(context, lease);
  if (stillActive(context, orderId)) payAccrued(context, lease);
  const paid = BigInt(state.escrows.must(orderId).paid) - before;
  if (paid === 0n) throw fail.NothingEarned(`order_id: ${orderId}`);
  emit.withdrawn({ orderId, owner, amount: paid.toString() });
  return { paid: paid.toString() };
}

/** CMP-19: a lease that runs out of funds up to this block ends for that reason. */
export function closeLease(context: ComputeContext, message: MsgCloseLease): MsgCloseLeaseResponse {
  const { signer, orderId } = message;
  context.addresses.parse(signer, 'signer');
  const lease = activeLease(context, orderId);
  const reason = reasonOf(context, signer, lease);
  settleLease(context, lease);
  if (stillActive(context, orderId)) endLease(context, lease, reason);
  return {};
}

function reasonOf(
  { state, fail }: ComputeContext,
  signer: string,
  lease: { readonly tenant: string; readonly provider: string },
): CloseReason {
  if (signer === lease.tenant) return CloseReason.CLOSE_REASON_TENANT;
  if (signer === state.providers.must(lease.provider).owner) {
    return CloseReason.CLOSE_REASON_PROVIDER;
  }
  throw fail.NotAParty(signer);
}
