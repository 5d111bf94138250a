import assert from 'node:assert/strict';
import { defineModule, NO_SERVICE } from '../../chain/module/defineModule.ts';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { TestDevice } from '../../test/support/devices.ts';
import { equalBytes } from '../../wire/bytes.ts';
import { DeviceStatus, type SignedReport } from '../../wire/gen/depin/devices/v1/devices.ts';
import { GenesisState } from '../../wire/gen/depin/devices/v1/genesis.ts';
import type {
  QueryDeviceResponse,
  QueryReportResponse,
} from '../../wire/gen/depin/devices/v1/query.ts';
import type { MsgSubmitReportsResponse } from '../../wire/gen/depin/devices/v1/tx.ts';
import { leafHash, merkleRootFromProof } from '../../wire/merkle.ts';
import { encodeReport, reportLeaf } from '../../wire/report.ts';
import { KEY_TYPES } from '../../wire/signature.ts';
import { devices } from './module.ts';

const CHAIN = 'depin-test-1';
const KIND = 7;

/** Takes reports of one kind and refuses a payload that begins with 0xff. */
const listener = defineModule('listener', {
  uses: { devices },
  errors: { Disliked: [2, 'payload is disliked'] },
  msg: NO_SERVICE,
  messages: {},
  query: NO_SERVICE,
  queries: {},
  genesis: {
    type: GenesisState,
    default: { devices: [], batches: [], refusals: [] },
    init: () => undefined,
    export: () => ({ devices: [], batches: [], refusals: [] }),
  },
  on: {
    devices: {
      reportAccepted({ fail }, { report }) {
        if (report.kind !== KIND) return false;
        if (report.payload[0] === 0xff) throw fail.Disliked('payload');
        return true;
      },
    },
  },
});

class Fixture {
  readonly chain = new ModuleHarness({ modules: [devices, listener], chainId: CHAIN });
  readonly ownerBytes = new Uint8Array(20).fill(7);
  readonly owner = this.chain.environment.addresses.format(this.ownerBytes);
  readonly stranger = this.chain.environment.addresses.format(new Uint8Array(20).fill(8));

  device(seed: string, type: (typeof KEY_TYPES)[number] = 'ed25519'): TestDevice {
    return new TestDevice({ seed, type, chainId: CHAIN });
  }

  registration(device: TestDevice) {
    return {
      owner: this.owner,
      keyType: device.protoType,
      publicKey: device.publicKey,
      signature: device.enrolment(this.ownerBytes),
    };
  }

  register(device: TestDevice): TestDevice {
    this.chain.send(devices, 'registerDevice', this.registration(device));
    return device;
  }

  report(
    device: TestDevice,
    sequence: bigint,
    change: { firstByte?: number; timeMs?: bigint; kind?: number; id?: string } = {},
  ): SignedReport {
    const payload = new Uint8Array(64).fill(1);
    payload[0] = change.firstByte ?? 0;
    const timeMs = change.timeMs ?? this.chain.timeNs / 1_000_000n;
    return device.report(
      { sequence, timeMs, kind: change.kind ?? KIND, payload },
      change.id ?? device.id,
    );
  }

  submit(reports: SignedReport[]): MsgSubmitReportsResponse {
    const message = { submitter: this.stranger, reports };
    return this.chain.send(devices, 'submitReports', message) as MsgSubmitReportsResponse;
  }

  refusal(reports: SignedReport[]): string {
    return this.chain.refusal(devices, 'submitReports', { submitter: this.stranger, reports });
  }

  record(id: string) {
    return (this.chain.query(devices, 'device', { id }) as QueryDeviceResponse).device!;
  }
}

describe('devices', () => {
  for (const type of KEY_TYPES) {
    it(`DEV-1: registers a ${type} device and takes its reports`, () => {
      const fixture = new Fixture();
      const device = fixture.register(fixture.device('a', type));
      const response = fixture.submit([fixture.report(device, 1n)]);
      assert.equal(response.accepted, 1);
      assert.equal(fixture.record(device.id).sequence, 1n);
      fixture.chain.nextBlock();
    });
  }

  it('DEV-1: refuses a key twice, a key of small order, and an enrolment for another owner', () => {
    const fixture = new Fixture();
    const device = fixture.register(fixture.device('a'));
    const register = (message: unknown) =>
      fixture.chain.refusal(devices, 'registerDevice', message);
    assert.match(register(fixture.registration(device)), /^devices\/5: /);
    const small = { ...fixture.registration(device), publicKey: new Uint8Array(32) };
    assert.match(register(small), /^devices\/6: /);
    const other = { ...fixture.registration(fixture.device('b')), owner: fixture.stranger };
    assert.match(register(other), /^devices\/7: /);
    assert.match(
      register({ ...fixture.registration(fixture.device('c')), owner: 'cosmos1x' }),
      /^sdk\/7: owner/,
    );
    assert.match(
      register({ ...fixture.registration(fixture.device('d')), keyType: 9 }),
      /^devices\/6: /,
    );
  });

  it('DEV-2: after a rotation only the new key signs, and the old one stays reserved', () => {
    const fixture = new Fixture();
    const old = fixture.register(fixture.device('old'));
    fixture.submit([fixture.report(old, 5n)]);
    const next = fixture.device('new', 'p256');
    const rotation = {
      owner: fixture.owner,
      deviceId: old.id,
      keyType: next.protoType,
      publicKey: next.publicKey,
      signature: next.enrolment(fixture.ownerBytes, old.id),
    };
    assert.match(
      fixture.chain.refusal(devices, 'rotateKey', { ...rotation, owner: fixture.stranger }),
      /^devices\/3: /,
    );
    fixture.chain.send(devices, 'rotateKey', rotation);
    assert.match(fixture.refusal([fixture.report(old, 6n)]), /^devices\/7: /);
    assert.equal(fixture.submit([fixture.report(next, 6n, { id: old.id })]).accepted, 1);
    assert.deepEqual(
      fixture.record(old.id).keys.map((key) => key.fromSequence),
      [1n, 6n],
    );
    assert.match(
      fixture.chain.refusal(devices, 'registerDevice', fixture.registration(fixture.device('old'))),
      /^devices\/5: /,
    );
    fixture.chain.nextBlock();
  });

  it('DEV-3: a revoked device is refused for ever', () => {
    const fixture = new Fixture();
    const device = fixture.register(fixture.device('a'));
    const revoke = { owner: fixture.owner, deviceId: device.id };
    fixture.chain.send(devices, 'revokeDevice', revoke);
    assert.equal(fixture.record(device.id).status, DeviceStatus.DEVICE_STATUS_REVOKED);
    assert.match(fixture.refusal([fixture.report(device, 1n)]), /^devices\/4: /);
    assert.match(fixture.chain.refusal(devices, 'revokeDevice', revoke), /^devices\/4: /);
  });

  it('knows an owner whose address is spelt in capitals', () => {
    const fixture = new Fixture();
    const device = fixture.device('a');
    const owner = fixture.owner.toUpperCase();
    fixture.chain.send(devices, 'registerDevice', { ...fixture.registration(device), owner });
    assert.equal(fixture.record(device.id).owner, fixture.owner);
    fixture.chain.send(devices, 'revokeDevice', { owner, deviceId: device.id });
  });

  it('DEV-4: refuses what is replayed, forged, unregistered, too early, too late, malformed or of no kind', () => {
    const fixture = new Fixture();
    const device = fixture.register(fixture.device('a'));
    fixture.submit([fixture.report(device, 10n)]);
    const now = fixture.chain.timeNs / 1_000_000n;
    const forged = { ...fixture.report(device, 11n), signature: new Uint8Array(64).fill(3) };
    const cases: [SignedReport, RegExp][] = [
      [fixture.report(device, 10n), /^devices\/8: /],
      [fixture.report(device, 9n), /^devices\/8: /],
      [forged, /^devices\/7: /],
      [fixture.report(fixture.device('never'), 1n), /^devices\/2: /],
      [fixture.report(device, 11n, { timeMs: now + 300_001n }), /^devices\/9: /],
      [fixture.report(device, 11n, { timeMs: now - 3_600_001n }), /^devices\/10: /],
      [{ ...fixture.report(device, 11n), payload: new Uint8Array(63) }, /^devices\/11: /],
      [{ ...fixture.report(device, 11n), signature: new Uint8Array(65) }, /^devices\/11: /],
      [{ ...fixture.report(device, 11n), kind: 65_536 }, /^devices\/11: /],
      [{ ...fixture.report(device, 11n), deviceId: 'xyz' }, /^devices\/2: /],
      [fixture.report(device, 11n, { kind: 8 }), /^devices\/12: /],
      [fixture.report(device, 11n, { firstByte: 0xff }), /^listener\/2: /],
    ];
    for (const [report, expected] of cases) assert.match(fixture.refusal([report]), expected);
    assert.equal(fixture.record(device.id).sequence, 10n);
    assert.equal(
      fixture.submit([fixture.report(device, 11n, { timeMs: now + 300_000n })]).accepted,
      1,
    );
    assert.equal(
      fixture.submit([fixture.report(device, 12n, { timeMs: now - 3_600_000n })]).accepted,
      1,
    );
  });

  it('DEV-4: leaves refused reports out of the batch and counts them by reason', () => {
    const fixture = new Fixture();
    const [a, b] = [fixture.register(fixture.device('a')), fixture.register(fixture.device('b'))];
    const response = fixture.submit([
      fixture.report(a, 1n),
      fixture.report(a, 1n),
      fixture.report(b, 1n, { firstByte: 0xff }),
      fixture.report(b, 1n),
    ]);
    assert.equal(response.accepted, 2);
    assert.deepEqual(
      response.refused.map(({ index, codespace, code }) => [index, codespace, code]),
      [
        [1, 'devices', 8],
        [2, 'listener', 2],
      ],
    );
    assert.deepEqual(fixture.chain.query(devices, 'refusals', {}), {
      refusals: [
        { reason: 'devices/8: report sequence was used before', count: 1n },
        { reason: 'listener/2: payload is disliked', count: 1n },
      ],
    });
    assert.match(fixture.refusal([]), /^devices\/13: /);
    const many = Array.from({ length: 257 }, (_, i) => fixture.report(a, BigInt(i + 2)));
    assert.match(fixture.refusal(many), /^devices\/14: /);
  });

  it('DEV-5: serves the newest report with a path to the root that stands in state', () => {
    const fixture = new Fixture();
    const all = ['a', 'b', 'c', 'd', 'e'].map((seed) => fixture.register(fixture.device(seed)));
    const { root } = fixture.submit(all.map((device) => fixture.report(device, 1n)));
    for (const [index, device] of all.entries()) {
      const answer = fixture.chain.query(devices, 'report', {
        deviceId: device.id,
      }) as QueryReportResponse;
      const { deviceId, signature, ...rest } = answer.report!;
      const bytes = encodeReport(CHAIN, { ...rest, deviceId: Buffer.from(deviceId, 'hex') });
      const leaf = leafHash(reportLeaf(bytes, signature));
      assert.equal(answer.index, index);
      assert.equal(answer.total, 5);
      const found = merkleRootFromProof(leaf, index, 5, answer.path);
      assert.ok(found && equalBytes(found, root));
    }
  });

  it('starts again from its exported genesis', () => {
    const fixture = new Fixture();
    const device = fixture.register(fixture.device('a'));
    fixture.submit([fixture.report(device, 3n), fixture.report(device, 3n)]);
    const exported = fixture.chain.export(devices);
    const again = new ModuleHarness({
      modules: [devices],
      genesis: { devices: exported },
      chainId: CHAIN,
    });
    assert.deepEqual(again.export(devices), exported);
    assert.match(
      again.refusal(devices, 'registerDevice', fixture.registration(device)),
      /^devices\/5: /,
    );
  });
});
