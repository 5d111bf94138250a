import type {
  MsgPayData,
  MsgPayDataResponse,
  Transfer,
} from '../../../wire/gen/depin/coverage/v1/tx.ts';
import type { CoverageContext } from '../context.ts';
import { activeHotspot } from '../hotspots.ts';
import { addScores } from '../scores.ts';
import { creditsForBytes } from '../scoring.ts';

/** Bound on the work of one message. */
const MAX_TRANSFERS = 100;

/** COV-8: burns credits of the payer for data that hotspots carried, and counts them for these. */
export function payData(context: CoverageContext, message: MsgPayData): MsgPayDataResponse {
  const { fail, addresses, credits } = context;
  const { payer, transfers } = message;
  const address = addresses.parse(payer, 'payer');
  if (transfers.length < 1 || transfers.length > MAX_TRANSFERS) {
    throw fail.WrongCount(`transfers: expected 1 to ${MAX_TRANSFERS}, got ${transfers.length}`);
  }
  let total = 0n;
  transfers.forEach((transfer, i) => {
    const burned = creditsForBytes(transfer.bytes);
    const { deviceId } = activeHotspot(context, transfer.deviceId, `transfers[${i}].device_id`);
    credits.spend(address, burned);
    addScores(context, [{ deviceId, dataCredits: burned }]);
    note(context, { payer, transfer, burned });
    total += burned;
  });
  return { credits: total };
}

function note(
  { emit }: CoverageContext,
  paid: { readonly payer: string; readonly transfer: Transfer; readonly burned: bigint },
): void {
  emit.dataPaid({
    payer: paid.payer,
    deviceId: paid.transfer.deviceId,
    bytes: paid.transfer.bytes,
    credits: paid.burned,
  });
}
