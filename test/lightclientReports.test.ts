/** Nodes that serve another report than the newest of the device, or change it on the way. */
import { strict as assert } from 'node:assert';
import { flipped } from '../lightclient/testing/chain.ts';
import type { SignedReport } from '../wire/gen/depin/devices/v1/devices.ts';
import { QueryReportResponse } from '../wire/gen/depin/devices/v1/query.ts';
import { ask, devices, failsAt, world } from './support/deviceQuestions.ts';
import { Tampered } from './support/tamperedNode.ts';

describe('verifyDevice', () => {
  describe('through a node that lies about reports', () => {
    type Served = ReturnType<typeof QueryReportResponse.decode>;
    const report = (edit: (served: Served) => Served) =>
      new Tampered(world, {
        report: (answer) => {
          const edited = edit(QueryReportResponse.decode(answer.value));
          return { ...answer, value: QueryReportResponse.encode(edited).finish() };
        },
      });
    const inReport = (change: (report: SignedReport) => Partial<SignedReport>) =>
      report((served) => ({ ...served, report: { ...served.report!, ...change(served.report!) } }));

    it('names the Merkle path when the report was changed', async () => {
      const edits: ((report: SignedReport) => Partial<SignedReport>)[] = [
        (r) => ({ sequence: r.sequence + 1n }),
        (r) => ({ timeMs: r.timeMs - 1n }),
        () => ({ kind: 2 }),
        (r) => ({ payload: flipped(r.payload, 63) }),
        (r) => ({ payload: r.payload.subarray(1) }),
        (r) => ({ signature: flipped(r.signature, 63) }),
        (r) => ({ signature: r.signature.subarray(1) }),
        () => ({ deviceId: devices.p256.id }),
        () => ({ deviceId: 'nothing' }),
      ];
      for (const edit of edits) await failsAt('Merkle path of the report', inReport(edit));
    });

    it('names the Merkle path when the place was changed', async () => {
      const edits: ((served: Served) => Served)[] = [
        (s) => ({ ...s, index: s.index + 1 }),
        (s) => ({ ...s, index: 0xffff_ffff }),
        (s) => ({ ...s, total: s.total + 1 }),
        (s) => ({ ...s, path: s.path.slice(1) }),
        (s) => ({ ...s, path: [...s.path, new Uint8Array(32)] }),
        (s) => ({ ...s, path: [...s.path].reverse() }),
        (s) => ({ ...s, path: s.path.map((hash) => flipped(hash, 31)) }),
        (s) => ({ ...s, batchId: 1n }),
      ];
      for (const edit of edits) await failsAt('Merkle path of the report', report(edit));
    });

    it('names the batch root when there is no such batch', async () => {
      const detail = await failsAt(
        'store proof of the batch root',
        report((s) => ({ ...s, batchId: 77n })),
      );
      assert.equal(detail, 'batch 77 does not exist');
    });

    it('refuses an older report of the device, though it is in a proven batch', async () => {
      const old = world.served(devices.ed25519.id, 0);
      const detail = await failsAt(
        'device record',
        report(() => old),
      );
      assert.match(detail, /^not the newest report: sequence 1, but the record says 4$/);
    });

    it('refuses the report of another device, though it is in a proven batch', async () => {
      const other = world.served(devices.p256.id, 0);
      const detail = await failsAt(
        'device record',
        report(() => other),
      );
      assert.match(detail, /^not the newest report: device/);
    });

    it('refuses bytes changed anywhere in the answer', async () => {
      const size = world.report(devices.ed25519.id).value.length;
      for (let at = 0; at < size; at += 5) {
        const lying = new Tampered(world, {
          report: (a) => ({ ...a, value: flipped(a.value, at) }),
        });
        const { verified, report: shown } = await ask(lying, devices.ed25519.id);
        assert.deepEqual([verified, shown], [false, undefined], `byte ${at}`);
      }
    });

    it('refuses bytes behind the answer', async () => {
      const longer = new Tampered(world, {
        report: (a) => ({ ...a, value: Uint8Array.of(...a.value, 0x78, 1) }),
      });
      await failsAt('store proof of the batch root', longer);
    });
  });
});
