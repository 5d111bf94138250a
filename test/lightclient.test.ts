/** Device reports proven over real state: trees and proofs of chain/store, headers signed by validators. */
import { strict as assert } from 'node:assert';
import { flipped, SECOND } from '../lightclient/testing/chain.ts';
import { STEP_NAMES, type StepName } from '../lightclient/trail.ts';
import type { VerifyDeviceOptions } from '../lightclient/verifyDevice.ts';
import { toHex } from '../wire/bytes.ts';
import { ask, devices, failsAt, refuses, world } from './support/deviceQuestions.ts';
import { STATE_HEIGHT } from './support/deviceWorld.ts';
import { type Lies, Tampered } from './support/tamperedNode.ts';

describe('verifyDevice', () => {
  describe('of an honest node', () => {
    for (const name of ['ed25519', 'secp256k1', 'p256', 'rotated', 'alone'] as const) {
      it(`proves the newest report: ${name}`, async () => {
        const device = devices[name];
        const result = await ask(world, device.id);
        assert.deepEqual(
          result.steps.map(({ name: step, ok }) => [step, ok]),
          STEP_NAMES.map((step) => [step, true]),
          JSON.stringify(result.steps),
        );
        assert.equal(result.verified, true);
        assert.deepEqual(result.report, device.reports.at(-1));
        assert.equal(result.device?.id, device.id);
        assert.equal(result.height, STATE_HEIGHT);
        assert.equal(result.time, world.target.signedHeader.header.time);
        assert.equal(result.headersFetched, 2);
        assert.ok(result.proofSizeBytes > 600 && result.proofSizeBytes < 4_000);
      });
    }

    it('says what was checked', async () => {
      const { steps } = await ask(world, devices.ed25519.id);
      const detail = Object.fromEntries(steps.map((step) => [step.name, step.detail]));
      assert.match(detail.commit!, /^40 of 40 power signed$/);
      assert.match(
        detail.AppHash!,
        new RegExp(`^${toHex(world.appHash)}, of the state at height 9$`),
      );
      assert.match(detail['device record']!, /^registered at height 2, not revoked/);
    });

    it('takes an id in upper case, and a height', async () => {
      const { verified } = await ask(world, devices.p256.id.toUpperCase(), {
        height: STATE_HEIGHT,
      });
      assert.equal(verified, true);
    });

    it('names a device that is revoked, with its height', async () => {
      const detail = await failsAt('device record', world, devices.revoked.id);
      assert.equal(detail, 'revoked at height 7');
    });

    it('names a device that was never registered: its absence is proven', async () => {
      for (const id of ['00'.repeat(20), 'ff'.repeat(20), '80'.repeat(20)]) {
        const detail = await failsAt('device record', world, id);
        assert.match(detail, /^not registered at height 9: its absence is proven$/);
      }
    });

    it('names a device without reports', async () => {
      const detail = await failsAt('store proof of the batch root', world, devices.silent.id);
      assert.match(detail, /has made no report yet, as its record proves/);
    });

    it('refuses a report in state that the key in force did not sign', async () => {
      await failsAt('device signature', world, devices.oldKey.id);
    });

    it('asks for a device id of 40 hex digits', async () => {
      for (const deviceId of ['', 'x'.repeat(40), 'ab'.repeat(19)]) {
        await assert.rejects(ask(world, deviceId), /^TypeError: deviceId: expected 40 hex digits/);
      }
    });

    it('refuses heights that no header is trusted for', async () => {
      const at = async (height: bigint) => {
        const { verified, steps } = await ask(world, devices.ed25519.id, { height });
        return [verified, steps.at(-1)?.name];
      };
      assert.deepEqual(await at(0n), [false, 'header at H+1']);
      assert.deepEqual(await at(STATE_HEIGHT + 1n), [false, 'header at H+1']);
    });

    it('refuses trust that is expired, of another hash or of another chain', async () => {
      const { trust, now } = world.options;
      const cases: Partial<VerifyDeviceOptions>[] = [
        { trustingPeriod: SECOND },
        { trust: { ...trust, hash: flipped(trust.hash) } },
        { chainId: 'other' },
        { now: now + 8n * 86_400n * SECOND },
      ];
      for (const change of cases) {
        const { verified, steps } = await ask(world, devices.ed25519.id, change);
        assert.deepEqual([verified, steps.at(-1)?.name], [false, 'trusted header']);
      }
    });

    it('says of expired trust that a new checkpoint is needed, with the ages', async () => {
      const now = world.root.signedHeader.header.time + (7n * 86_400n + 3_600n) * SECOND;
      const { steps } = await ask(world, devices.ed25519.id, { now });
      const { detail } = steps.at(-1)!;
      assert.match(detail, /^expired: pick a new checkpoint: .* 7 d 1 h old, .* period is 7 d$/);
    });
  });

  describe('through a node that does not serve', () => {
    const cases: [StepName, Lies][] = [
      ['trusted header', { block: refuses }],
      ['header at H+1', { status: refuses }],
      ['store proof of the batch root', { report: refuses }],
      ['store proof of the batch root', { batch: refuses }],
      ['device record', { record: refuses }],
    ];
    for (const [step, edits] of cases) {
      it(`fails closed without ${Object.keys(edits)[0]}: ${step}`, async () => {
        assert.match(await failsAt(step, new Tampered(world, edits)), /no answer|serves no report/);
      });
    }

    it('fails closed when the node throws what it should not', async () => {
      const broken = new Tampered(world, {
        record: () => {
          throw new Error('odd');
        },
      });
      assert.equal(await failsAt('device record', broken), 'odd');
    });
  });
});
