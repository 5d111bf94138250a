import type { Handlers } from '../../chain/module/defineModule.ts';
import { Bug, sdkError } from '../../chain/module/errors.ts';
import { paginate } from '../../chain/state/pagination.ts';
import { toHex } from '../../wire/bytes.ts';
import type { QueryDefinition } from '../../wire/gen/depin/devices/v1/query.ts';
import { merkleProof } from '../../wire/merkle.ts';
import { decodeReport, REPORT_BYTES, REPORT_LEAF_BYTES } from '../../wire/report.ts';
import type { DevicesView } from './context.ts';
import { knownDevice } from './ownership.ts';

export const queries: Handlers<QueryDefinition, DevicesView> = {
  params: ({ params }) => ({ params }),
  device: (view, { id }) => ({ device: knownDevice(view, id) }),
  devices({ state }, { owner, pagination }) {
    const where =
      owner === '' ? {} : { where: (device: { owner: string }) => device.owner === owner };
    const page = paginate(state.devices, pagination, where);
    return { devices: page.entries.map(([, device]) => device), pagination: page.pagination };
  },
  batch({ state }, { id }) {
    const batch = state.batches.get(id);
    if (batch === undefined) throw sdkError('notFound', `batch ${id}`);
    return { batch };
  },
  report(view, { deviceId }) {
    const device = knownDevice(view, deviceId);
    if (device.lastBatch === 0n) throw sdkError('notFound', `device ${deviceId} has not reported`);
    const batch = view.state.batches.must(device.lastBatch);
    const leaves = leavesOf(view, batch.root, batch.count);
    const leaf = leaves[device.lastIndex]!;
    const { report } = decodeReport(leaf.subarray(0, REPORT_BYTES));
    return {
      report: {
        deviceId: toHex(report.deviceId),
        sequence: report.sequence,
        timeMs: report.timeMs,
        kind: report.kind,
        payload: report.payload,
        signature: leaf.subarray(REPORT_BYTES),
      },
      batchId: batch.id,
      index: device.lastIndex,
      total: batch.count,
      path: [...merkleProof(leaves, device.lastIndex).aunts],
    };
  },
  refusals: ({ state }) => ({
    refusals: [...state.refusals.entries()].map(([reason, count]) => ({ reason, count })),
  }),
};

/** The leaves of a batch, which stand beside the state under their root. */
function leavesOf(view: DevicesView, root: Uint8Array, count: number): Uint8Array[] {
  const bytes = view.archived(root);
  if (bytes === undefined) {
    throw sdkError(
      'notFound',
      `the reports of batch root ${toHex(root)} are not kept by this node`,
    );
  }
  if (bytes.length !== count * REPORT_LEAF_BYTES) {
    throw new Bug(
      `batch root ${toHex(root)}: ${bytes.length} bytes are archived for ${count} reports`,
    );
  }
  return Array.from({ length: count }, (_, i) =>
    bytes.subarray(i * REPORT_LEAF_BYTES, (i + 1) * REPORT_LEAF_BYTES),
  );
}
