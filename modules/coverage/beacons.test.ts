import assert from 'node:assert/strict';
import { EventBeaconOpened } from '../../wire/gen/depin/coverage/v1/events.ts';
import type { GenesisState } from '../../wire/gen/depin/coverage/v1/genesis.ts';
import { REPORT_KIND } from '../../wire/reportPayload.ts';
import { devices } from '../devices/module.ts';
import { coverage } from './module.ts';
import type { TestHotspot } from './testing/hotspot.ts';
import { CoverageNetwork } from './testing/network.ts';

describe('coverage: beacons', () => {
  let network: CoverageNetwork;
  let hotspot: TestHotspot;
  beforeEach(() => {
    network = new CoverageNetwork();
    hotspot = network.hotspot('ada', 0);
  });

  it('opens a beacon under the hash of its report until the window closes', () => {
    const hash = network.open(hotspot);
    const blockMs = network.harness.timeNs / 1_000_000n;
    const { beacon, witnesses } = network.beacon(hash);
    assert.deepEqual(witnesses, []);
    assert.equal(beacon.deviceId, hotspot.id);
    assert.equal(beacon.cell, hotspot.cell);
    assert.equal(beacon.closesMs, blockMs + 5_000n);
    assert.deepEqual(network.events(EventBeaconOpened), [
      { beacon: hash, deviceId: hotspot.id, cell: hotspot.cell, closesMs: blockMs + 5_000n },
    ]);
  });

  const refused: readonly [string, (n: CoverageNetwork) => string, RegExp][] = [
    [
      'a cell that is not the asserted one',
      (n) => n.refusal(n.beaconOf(hotspot, { cell: 0x8c1f1d48b6519ffn })),
      /^coverage\/8: cell: expected 8c\w+, got 8c1f1d48b6519ff/,
    ],
    ['no cell', (n) => n.refusal(n.beaconOf(hotspot, { cell: 0n })), /^coverage\/8: /],
    [
      'a gain that is not the asserted one',
      (n) => n.refusal(n.beaconOf(hotspot, { gain: 13 })),
      /^coverage\/9: gain: expected 12, got 13/,
    ],
    [
      'more power than allowed',
      (n) => n.refusal(n.beaconOf(hotspot, { transmitPower: 349 })),
      /^coverage\/11: power: expected 0 to 348 with a gain of 12, got 349/,
    ],
    [
      'negative power',
      (n) => n.refusal(n.beaconOf(hotspot, { transmitPower: -1 })),
      /^coverage\/11: /,
    ],
    [
      'a frequency below the band',
      (n) => n.refusal(n.beaconOf(hotspot, { frequency: 862_999_999 })),
      /^coverage\/12: frequency: expected 863000000 to 928000000, got 862999999/,
    ],
    [
      'a frequency above the band',
      (n) => n.refusal(n.beaconOf(hotspot, { frequency: 928_000_001 })),
      /^coverage\/12: /,
    ],
    [
      'bytes that a beacon does not use',
      (n) => n.refusal(n.sign(hotspot, REPORT_KIND.beacon, new Uint8Array(64).fill(1))),
      /^coverage\/7: /,
    ],
    [
      'a device that asserted nothing',
      (n) => {
        const device = n.device('ada');
        return n.refusal(n.beaconOf({ ...device, cell: hotspot.cell, gain: 12 }));
      },
      /^coverage\/2: device_id: [0-9a-f]{40}: device has asserted no location/,
    ],
  ];
  for (const [name, refusal, expected] of refused) {
    it(`refuses ${name}`, () => assert.match(refusal(network), expected));
  }

  it('takes the greatest power and the edges of the band', () => {
    for (const change of [
      { transmitPower: 348 },
      { transmitPower: 0 },
      { frequency: 863_000_000 },
      { frequency: 928_000_000 },
    ]) {
      network.harness.nextBlock(10);
      network.open(hotspot, change);
    }
  });

  it('takes the next beacon after the interval by block time, not before', () => {
    network.open(hotspot);
    network.harness.nextBlock(9.999);
    assert.match(
      network.refusal(network.beaconOf(hotspot)),
      /^coverage\/10: beacon: expected from/,
    );
    network.harness.nextBlock(0.001);
    network.open(hotspot);
  });

  it('leaves kinds of report that are not its own to others', () => {
    const weather = network.sign(hotspot, REPORT_KIND.weather, new Uint8Array(64));
    assert.match(network.refusal(weather), /^devices\/12: kind: 3/);
  });

  it('keeps nothing of a refused report, and counts it by reason', () => {
    const { accepted, refused: left } = network.submit(
      network.beaconOf(hotspot, { cell: 1n }),
      network.witnessOf(hotspot, '00'.repeat(32)),
      network.beaconOf(hotspot),
    );
    assert.equal(accepted, 1);
    assert.deepEqual(
      left.map(({ index, codespace, code }) => [index, codespace, code]),
      [
        [0, 'coverage', 8],
        [1, 'coverage', 13],
      ],
    );
    const { refusals } = network.harness.query(devices, 'refusals', {}) as { refusals: unknown };
    assert.deepEqual(refusals, [
      { reason: 'coverage/13: no such beacon', count: 1n },
      { reason: 'coverage/8: reported cell is not the asserted one', count: 1n },
    ]);
    const { beacons, witnesses } = network.harness.export(coverage) as GenesisState;
    assert.deepEqual([beacons.length, witnesses.length], [1, 0]);
  });
});
