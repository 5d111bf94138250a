import assert from 'node:assert/strict';
import type { Hotspot } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import { EventDataPaid, EventLocationAsserted } from '../../wire/gen/depin/coverage/v1/events.ts';
import { devices } from '../devices/module.ts';
import { coverage } from './module.ts';
import { assertion, cellAt, type TestHotspot } from './testing/hotspot.ts';
import { CoverageNetwork } from './testing/network.ts';

const hotspotOf = (network: CoverageNetwork, { id }: TestHotspot): Hotspot =>
  (network.harness.query(coverage, 'hotspot', { deviceId: id }) as { hotspot: Hotspot }).hotspot;

describe('coverage: MsgAssertLocation', () => {
  let network: CoverageNetwork;
  let device: TestHotspot;
  beforeEach(() => {
    network = new CoverageNetwork();
    device = Object.assign(network.device('ada'), { cell: cellAt(0, 0), gain: 12 });
  });
  const send = (change: object = {}): unknown =>
    network.harness.send(coverage, 'assertLocation', { ...assertion(device), ...change });
  const refusal = (change: object): string =>
    network.harness.refusal(coverage, 'assertLocation', { ...assertion(device), ...change });

  it('makes a device a hotspot, and counts each change of its cell', () => {
    assert.deepEqual(send(), { asserts: 1 });
    assert.deepEqual(send({ gain: 60, elevationM: 25 }), { asserts: 1 });
    assert.deepEqual(send({ cell: cellAt(500, 0) }), { asserts: 2 });
    assert.deepEqual(send(), { asserts: 3 });
    const { cell, gain, elevationM, asserts, lastBeacon } = hotspotOf(network, device);
    assert.deepEqual([cell, gain, elevationM, asserts, lastBeacon], [device.cell, 12, 10, 3, '']);
    assert.equal(network.events(EventLocationAsserted).length, 1);
  });

  it('takes the edges of gain and height', () => {
    for (const change of [
      { gain: 10 },
      { gain: 150 },
      { elevationM: -500 },
      { elevationM: 9_000 },
    ]) {
      send(change);
    }
  });

  const wrong: readonly [string, object, RegExp][] = [
    [
      'a cell of resolution 11',
      { cell: '8b1f1d48b651fff' },
      /^coverage\/3: cell: expected resolution 12, got 11/,
    ],
    ['text that is no cell', { cell: 'x'.repeat(1000) }, /^coverage\/3: cell: got "x{40}"/],
    ['no cell', { cell: '' }, /^coverage\/3: /],
    ['a cell in capitals', { cell: '8C1F1D48B6519FF' }, /^coverage\/3: /],
    ['too little gain', { gain: 9 }, /^coverage\/4: gain: expected 10 to 150, got 9/],
    ['too much gain', { gain: 151 }, /^coverage\/4: gain: /],
    ['negative gain', { gain: -2_147_483_648 }, /^coverage\/4: gain: /],
    ['too low an antenna', { elevationM: -501 }, /^coverage\/4: elevation_m: /],
    ['too high an antenna', { elevationM: 9_001 }, /^coverage\/4: elevation_m: /],
    ['an unknown device', { deviceId: '00'.repeat(20) }, /^devices\/2: /],
    ['text that is no device id', { deviceId: '../x' }, /^devices\/2: /],
    ['text that is no address', { owner: 'depin1x' }, /^sdk\/7: owner: /],
    [
      'an address of another chain',
      { owner: 'cosmos1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnrujsuw' },
      /^sdk\/7: owner: /,
    ],
  ];
  for (const [name, change, expected] of wrong) {
    it(`refuses ${name}`, () => assert.match(refusal(change), expected));
  }

  it('refuses the device of another owner, and a revoked device', () => {
    assert.match(refusal({ owner: network.account('eve') }), /^devices\/3: /);
    const { owner, id: deviceId } = device;
    network.harness.send(devices, 'revokeDevice', { owner, deviceId });
    assert.match(refusal({}), /^devices\/4: /);
  });
});

describe('coverage: MsgPayData', () => {
  let network: CoverageNetwork;
  let hotspot: TestHotspot;
  beforeEach(() => {
    network = new CoverageNetwork();
    hotspot = network.hotspot('ada', 0);
  });
  const pay = (...bytes: readonly bigint[]): unknown =>
    network.harness.send(coverage, 'payData', {
      payer: network.payer,
      transfers: bytes.map((each) => ({ deviceId: hotspot.id, bytes: each })),
    });
  const refusal = (change: object): string =>
    network.harness.refusal(coverage, 'payData', {
      payer: network.payer,
      transfers: [{ deviceId: hotspot.id, bytes: 24n }],
      ...change,
    });

  it('burns a credit for every 24 bytes begun and at least one a transfer', () => {
    network.fundPayer(10n);
    assert.deepEqual(pay(24n, 25n, 0n), { credits: 4n });
    assert.equal(network.credits(), 6n);
    assert.equal(network.epoch(0n).dataCredits, 4n);
    assert.deepEqual(
      network.events(EventDataPaid).map(({ bytes, credits }) => [bytes, credits]),
      [
        [24n, 1n],
        [25n, 2n],
        [0n, 1n],
      ],
    );
  });

  it('takes nothing when one transfer of several cannot be paid', () => {
    network.fundPayer(3n);
    assert.throws(() => pay(24n, 72n), /not enough credits/);
    assert.equal(network.credits(), 3n);
    assert.equal(network.epoch(0n).dataCredits, 0n);
  });

  it('refuses a payer without credits and more bytes than credits can be', () => {
    assert.match(refusal({}), /^credits\/4: /);
    network.fundPayer(3n);
    const transfers = [{ deviceId: hotspot.id, bytes: (1n << 64n) - 1n }];
    assert.match(refusal({ transfers }), /^credits\/4: /);
  });

  it('refuses no transfers, over 100, unknown hotspots, and bad addresses, each by name', () => {
    const transfer = { deviceId: hotspot.id, bytes: 1n };
    assert.match(refusal({ transfers: [] }), /^coverage\/5: transfers: expected 1 to 100, got 0/);
    const many = { transfers: new Array(101).fill(transfer) };
    assert.match(refusal(many), /^coverage\/5: transfers: expected 1 to 100, got 101/);
    const unknown = { transfers: [{ deviceId: '00'.repeat(20), bytes: 1n }] };
    assert.match(refusal(unknown), /^coverage\/2: transfers\[0\]\.device_id: /);
    const junk = { transfers: [{ deviceId: 'z'.repeat(500), bytes: 1n }] };
    assert.match(refusal(junk), /^coverage\/2: transfers\[0\]\.device_id: .*"z{60}"/);
    assert.match(refusal({ payer: '' }), /^sdk\/7: payer: /);
    network.fundPayer(100n);
    pay(...new Array<bigint>(100).fill(1n));
  });

  it('refuses to pay for a revoked hotspot', () => {
    const { owner, id: deviceId } = hotspot;
    network.harness.send(devices, 'revokeDevice', { owner, deviceId });
    network.fundPayer(1n);
    assert.match(refusal({}), /^coverage\/6: transfers\[0\]\.device_id: /);
  });
});
