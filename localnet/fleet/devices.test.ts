import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../wire/bytes.ts';
import type { Params as CoverageParams } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import type { SignedReport } from '../../wire/gen/depin/devices/v1/devices.ts';
import { sha256 } from '../../wire/hash.ts';
import { encodeReport, verifyReportSignature } from '../../wire/report.ts';
import { decodePayload, REPORT_KIND } from '../../wire/reportPayload.ts';
import { isValidPublicKey, nobleVerifier } from '../../wire/signature.ts';
import { CHEATS, cheatOf } from './cheats.ts';
import { Climate } from './conditions.ts';
import { Device } from './device.ts';
import { makeDeviceKey } from './deviceKey.ts';
import { distanceMetres } from './geography.ts';
import { type Beacon, findNeighbours, Hotspot } from './hotspots.ts';
import { Provider } from './providers.ts';
import { Random } from './random.ts';
import { type DevicePlan, planDevices } from './roster.ts';
import { Station } from './stations.ts';
import { loadTowns, type Town } from './towns.ts';
import { loadWeather } from './weather.ts';

const CHAIN_ID = 'depin-test-1';
const START_MS = Date.parse('2026-07-01T18:00:00Z');
let towns: readonly Town[] = [];
async function haveTowns(): Promise<void> {
  if (towns.length === 0) towns = await loadTowns();
}
const weather = loadWeather();

function plan(devices: number, seed = 'test', cheaterEvery = 0): DevicePlan[] {
  const random = Random.of(seed);
  const climates = weather.records.map((record) => new Climate(record, weather, random));
  return planDevices({ devices, random, towns, climates, owners: 16, cheaterEvery });
}

const COVERAGE: CoverageParams = {
  epochSeconds: 60n,
  poolPerEpoch: '1',
  dataSharePpm: 0,
  maxRewardPerCredit: '1',
  beaconIntervalMs: 60_000n,
  witnessWindowMs: 60_000n,
  minDistanceCells: 8,
  maxDistanceCells: 2200,
  maxLagMs: 4000,
  maxFrequencyOffsetHz: 100_000,
  minRssi: -1390,
  maxEirp: 360,
  minFrequencyHz: 863_000_000,
  maxFrequencyHz: 928_000_000,
  maxWorkPerBlock: 100,
  keptEpochs: 1,
};

const stationOf = (device: Device): Station =>
  new Station(device, { intervalMs: 5000, models: ['WS2000'], startMs: START_MS, lastTimeMs: 0 });

function hotspots(plans: readonly DevicePlan[], onAir: (beacon: Beacon) => void): Hotspot[] {
  const options = { params: COVERAGE, startMs: START_MS, lastBeaconMs: 0, onAir };
  const made = plans
    .filter(({ kind }) => kind === 'hotspot')
    .map((each) => new Hotspot(new Device(each, CHAIN_ID), options));
  findNeighbours(made);
  return made;
}

/** Whether a report is signed by its device over its canonical bytes. */
function verifies(device: Device, signed: SignedReport): boolean {
  const bytes = encodeReport(CHAIN_ID, { ...signed, deviceId: fromHex(signed.deviceId) });
  return verifyReportSignature(nobleVerifier, device.key, bytes, signed.signature);
}

/** A device of this kind that the plan has, with another cheat. */
function deviceOf(kind: DevicePlan['kind'], cheat?: DevicePlan['cheat']): Device {
  const found = plan(10).find((each) => each.kind === kind)!;
  return new Device({ ...found, cheat }, CHAIN_ID);
}

describe('device keys', () => {
  for (const keyType of ['ed25519', 'secp256k1', 'p256'] as const) {
    it(`of ${keyType} follow from the seed and sign what wire/ verifies`, () => {
      const key = makeDeviceKey(keyType, Random.of('key'));
      assert.equal(key.id, makeDeviceKey(keyType, Random.of('key')).id);
      assert.notEqual(key.id, makeDeviceKey(keyType, Random.of('other key')).id);
      assert.ok(isValidPublicKey(keyType, key.publicKey));
      const message = new Uint8Array(169).fill(7);
      const signature = key.sign(message);
      assert.deepEqual(signature, key.sign(message), 'no randomness beside the seed');
      assert.ok(verifyReportSignature(nobleVerifier, key, message, signature));
    });
  }
});

describe('the roster', () => {
  let plans: DevicePlan[];
  before(async () => {
    await haveTowns();
    plans = plan(400, 'roster', 20);
  });

  it('is the same for a seed, and keeps its devices when it grows', () => {
    const essence = ({ index, kind, town, place, owner, keyType, cheat }: DevicePlan) => ({
      ...{ index, kind, place, owner, keyType, cheat },
      town: town.name,
    });
    assert.deepEqual(plan(60, 'roster', 20).map(essence), plans.slice(0, 60).map(essence));
    assert.notDeepEqual(plan(60, 'another', 20).map(essence), plans.slice(0, 60).map(essence));
  });

  it('has half stations, four tenths hotspots, a tenth providers, and every kind of key', () => {
    const count = (kind: string) => plans.filter((each) => each.kind === kind).length;
    assert.deepEqual([count('station'), count('hotspot'), count('provider')], [200, 160, 40]);
    assert.equal(new Set(plans.map(({ keyType }) => keyType)).size, 3);
  });

  it('cheats with one device in twenty, each in a way of its kind', () => {
    const cheaters = plans.filter(({ cheat }) => cheat !== undefined);
    assert.equal(cheaters.length, 20);
    for (const { kind, cheat } of cheaters) assert.ok(CHEATS[kind].includes(cheat!));
    assert.equal(cheatOf(Random.of('x'), { index: 3, kind: 'station' }, 0), undefined);
  });

  it('puts stations where the weather was measured', () => {
    for (const { climate, place } of plans.filter(({ kind }) => kind === 'station')) {
      assert.ok(distanceMetres(place, climate!.place) < 70_000);
    }
  });

  it('groups hotspots around towns, with other owners and not too near to each other', () => {
    const groups = new Map<string, DevicePlan[]>();
    for (const each of plans.filter(({ kind }) => kind === 'hotspot')) {
      const name = `${each.town.name}/${each.town.latitude}`;
      groups.set(name, [...(groups.get(name) ?? []), each]);
    }
    for (const [name, group] of [...groups].filter(([, each]) => each.length <= 12)) {
      assert.equal(new Set(group.map(({ owner }) => owner)).size, group.length, name);
      for (const a of group) {
        assert.ok(distanceMetres(a.place, a.town) <= 15_001, name);
        for (const b of group) {
          if (a !== b) assert.ok(distanceMetres(a.place, b.place) >= 800, name);
        }
      }
    }
    assert.ok(groups.size > 10);
  });
});

describe('a station', () => {
  before(haveTowns);

  it('signs readings that decode, with rising sequences, no faster than it may', () => {
    const station = stationOf(deviceOf('station'));
    let last = 0;
    for (let i = 1; i <= 20; i++) {
      const nowMs = Math.max(station.dueMs, START_MS + i * 10);
      assert.ok(nowMs - last >= 5000);
      last = nowMs;
      const [report] = station.act(nowMs);
      assert.equal(report!.signed.sequence, BigInt(i));
      assert.ok(verifies(station.device, report!.signed));
      const { kind, values } = decodePayload(report!.signed.kind, report!.signed.payload);
      assert.equal(kind, REPORT_KIND.weather);
      assert.ok('temperature' in values && Math.abs(values.temperature) < 45_000);
      assert.ok('cell' in values && values.cell.toString(16) === station.cell);
    }
  });

  it('measures the same again with the same seed', () => {
    const run = () => stationOf(deviceOf('station')).act(START_MS)[0]!;
    assert.deepEqual(run().signed, run().signed);
  });

  for (const [cheat, isSeen] of [
    ['stuckSensor', (payloads: string[]) => new Set(payloads).size === 1],
    ['outOfRange', (payloads: string[]) => payloads.some((text) => temperature(text) === 95_000)],
    [
      'spoofedCell',
      (payloads: string[]) => new Set(payloads.map((p) => p.slice(0, 16))).size === 2,
    ],
  ] as const) {
    it(`that cheats by ${cheat} is still one that signs well`, () => {
      const station = stationOf(deviceOf('station', cheat));
      const reports = Array.from({ length: 6 }, (_, i) => station.act(START_MS + i * 5000)).flat();
      assert.ok(reports.every(({ signed }) => verifies(station.device, signed)));
      assert.ok(isSeen(reports.map(({ signed }) => toHex(signed.payload))));
    });
  }

  it('that replays hands in an old report again, and one that forges signs with another key', () => {
    const replaying = stationOf(deviceOf('station', 'replay'));
    const twice = Array.from({ length: 6 }, (_, i) => replaying.act(START_MS + i * 5000)).flat();
    const sequences = twice.map(({ signed }) => signed.sequence);
    assert.ok(new Set(sequences).size < sequences.length);
    assert.ok(twice.every(({ signed }) => verifies(replaying.device, signed)));
    const forging = stationOf(deviceOf('station', 'forgery'));
    const forged = Array.from({ length: 6 }, (_, i) => forging.act(START_MS + i * 5000)).flat();
    const good = forged.filter(({ signed }) => verifies(forging.device, signed));
    assert.ok(good.length > 0 && good.length < forged.length);
  });
});

const temperature = (payload: string): number => Number.parseInt(payload.slice(16, 24), 16);

describe('hotspots', () => {
  before(haveTowns);

  it('beacon within the rules, and their neighbours hear what physics allows', () => {
    const heard: Beacon[] = [];
    const all = hotspots(plan(40), (beacon) => heard.push(beacon));
    let witnesses = 0;
    for (const hotspot of all) {
      const [report] = hotspot.act(hotspot.dueMs);
      assert.ok(verifies(hotspot.device, report!.signed));
      const { values } = decodePayload(report!.signed.kind, report!.signed.payload);
      assert.ok('transmitPower' in values);
      assert.ok(
        values.transmitPower >= 0 && values.transmitPower + values.gain <= COVERAGE.maxEirp,
      );
      assert.equal(values.cell.toString(16), hotspot.cell);
      report!.onAccepted!(hotspot.dueMs);
      const beacon = heard.at(-1)!;
      const bytes = encodeReport(CHAIN_ID, {
        ...report!.signed,
        deviceId: fromHex(report!.signed.deviceId),
      });
      assert.deepEqual(beacon.hash, sha256(bytes));
      for (const neighbour of hotspot.neighbours) {
        for (const { signed } of neighbour.hear(beacon)) {
          witnesses++;
          assert.ok(verifies(neighbour.device, signed));
          const witness = decodePayload(signed.kind, signed.payload).values;
          assert.ok('rssi' in witness && 'lag' in witness);
          assert.ok(witness.rssi >= COVERAGE.minRssi && witness.rssi < 0);
          assert.ok(witness.lag <= COVERAGE.maxLagMs);
          assert.deepEqual(witness.beaconHash, beacon.hash);
        }
      }
    }
    assert.ok(witnesses > all.length, `${witnesses} witnesses of ${all.length} beacons`);
  });

  it('that assert a false place stand elsewhere on the map than on the air', () => {
    const plans = plan(20).map((each) =>
      each.kind === 'hotspot' && each.index === 1
        ? { ...each, cheat: 'falseLocation' as const }
        : each,
    );
    const [liar] = hotspots(plans, () => undefined);
    const [honest] = hotspots(plan(20), () => undefined);
    assert.notEqual(liar!.cell, honest!.cell);
    assert.deepEqual(liar!.antenna, honest!.antenna);
  });
});

describe('a provider', () => {
  before(haveTowns);

  it('signs heartbeats whose jobs never go back', () => {
    const params = {
      minDeposit: '1',
      maxBidsPerOrder: 1,
      maxActiveLeases: 1,
      heartbeatTimeoutMs: 20_000n,
      models: [{ name: 'rtx-4090', vramGb: 24, cloudPriceMicroUsdPerHour: 350_000n }],
    };
    const device = deviceOf('provider');
    const provider = new Provider(device, { params, startMs: START_MS, record: undefined });
    assert.equal(provider.hardware.model, 'rtx-4090');
    provider.leasedGpus = 1;
    let jobs = 0n;
    for (let i = 0; i < 30; i++) {
      const [report] = provider.act(provider.dueMs);
      assert.ok(verifies(device, report!.signed));
      const { values } = decodePayload(report!.signed.kind, report!.signed.payload);
      assert.ok('jobsCompleted' in values && values.jobsCompleted >= jobs);
      assert.ok(values.gpuUtilization <= 1_000_000 && values.providerLoad <= 1_000_000);
      assert.equal(values.gpuCount, provider.hardware.count);
      jobs = values.jobsCompleted;
    }
    assert.ok(jobs > 0n);
    const none = { ...params, models: [] };
    assert.throws(
      () => new Provider(device, { params: none, startMs: START_MS, record: undefined }),
      /no GPU model that the fleet knows/,
    );
  });
});
