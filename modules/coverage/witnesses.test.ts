import assert from 'node:assert/strict';
import { cellToLatLng, getPentagons, latLngToCell } from 'h3-js';
import { Verdict, type Witness } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import { EventWitnessJudged } from '../../wire/gen/depin/coverage/v1/events.ts';
import { REPORT_KIND } from '../../wire/reportPayload.ts';
import { cellAt, type TestHotspot } from './testing/hotspot.ts';
import { CoverageNetwork } from './testing/network.ts';

describe('coverage: witnesses', () => {
  let network: CoverageNetwork;
  let beaconer: TestHotspot;
  let witness: TestHotspot;
  let hash: string;
  beforeEach(() => {
    network = new CoverageNetwork();
    beaconer = network.hotspot('ada', 0);
    witness = network.hotspot('bob', 2_000);
    hash = network.open(beaconer);
  });

  const onlyWitness = (): Witness => network.beacon(hash).witnesses[0]!;

  it('keeps a valid witness with the figures that the verdict rests on', () => {
    network.submit(network.witnessOf(witness, hash));
    const kept = onlyWitness();
    assert.equal(kept.verdict, Verdict.VERDICT_VALID);
    assert.equal(kept.selected, true);
    assert.ok(kept.distanceCells > 30 && kept.distanceCells < 60, `${kept.distanceCells}`);
    assert.ok(kept.rssiBound < -600 && kept.rssiBound > -700, `${kept.rssiBound}`);
    assert.equal(network.beacon(hash).beacon.valid, 1);
    assert.deepEqual(network.events(EventWitnessJudged), [
      { beacon: hash, deviceId: witness.id, valid: true, reason: 'valid', selected: true },
    ]);
  });

  const invalid: readonly [string, (n: CoverageNetwork) => TestHotspot, object, Verdict][] = [
    ['of the same owner', (n) => n.hotspot('ada', 2_000), {}, Verdict.VERDICT_SAME_OWNER],
    ['in the same cell', (n) => n.hotspot('eve', 0), {}, Verdict.VERDICT_TOO_NEAR],
    ['200 m away', (n) => n.hotspot('eve', 200), {}, Verdict.VERDICT_TOO_NEAR],
    ['150 km away', (n) => n.hotspot('eve', 150_000), {}, Verdict.VERDICT_TOO_FAR],
    [
      'on another channel',
      () => witness,
      { frequency: 904_500_000 },
      Verdict.VERDICT_WRONG_FREQUENCY,
    ],
    ['too strong', () => witness, { rssi: -400 }, Verdict.VERDICT_SIGNAL_TOO_STRONG],
    ['too weak', () => witness, { rssi: -1_400 }, Verdict.VERDICT_SIGNAL_TOO_WEAK],
    ['too late', () => witness, { lag: 4_001 }, Verdict.VERDICT_LATE],
  ];
  for (const [name, make, change, verdict] of invalid) {
    it(`keeps a witness ${name} as evidence: ${Verdict[verdict]}`, () => {
      const liar = make(network);
      network.submit(network.witnessOf(liar, hash, change));
      assert.equal(Verdict[onlyWitness().verdict], Verdict[verdict]);
      assert.equal(onlyWitness().selected, false);
      const { valid, invalid: counted } = network.beacon(hash).beacon;
      assert.deepEqual([valid, counted], [0, 1]);
      const reason = Verdict[verdict].slice('VERDICT_'.length).toLowerCase();
      assert.equal(network.events(EventWitnessJudged)[0]!.reason, reason);
    });
  }

  it('finds a witness invalid when H3 cannot compute the distance', () => {
    const far = network.asserted(network.device('eve'), latLngToCell(-33.9, 151.2, 12));
    network.submit(network.witnessOf(far, hash));
    assert.equal(onlyWitness().verdict, Verdict.VERDICT_DISTANCE_UNKNOWN);
    assert.equal(onlyWitness().distanceCells, -1);
  });

  it('judges owners by address, whatever the case of its text', () => {
    const shouted = network.device('ada', (address) => address.toUpperCase());
    network.asserted(shouted, cellAt(2_000, 0));
    network.submit(network.witnessOf(shouted, hash));
    assert.equal(onlyWitness().verdict, Verdict.VERDICT_SAME_OWNER);
  });

  it('refuses an unknown beacon, its own, a second time, a spoofed cell, and a device without a cell', () => {
    const unknown = network.witnessOf(witness, 'ab'.repeat(32));
    assert.match(network.refusal(unknown), /^coverage\/13: beacon_hash: (ab){32}/);
    assert.match(network.refusal(network.witnessOf(beaconer, hash)), /^coverage\/15: /);
    const spoofed = network.witnessOf(witness, hash, { cell: 0x8c1f1d48b6519ffn });
    assert.match(network.refusal(spoofed), /^coverage\/8: /);
    const stranger = { ...network.device('eve'), cell: witness.cell, gain: 12 };
    assert.match(network.refusal(network.witnessOf(stranger, hash)), /^coverage\/2: /);
    const junk = network.sign(witness, REPORT_KIND.witness, new Uint8Array(64).fill(255));
    assert.match(network.refusal(junk), /^coverage\/7: /);
    network.submit(network.witnessOf(witness, hash));
    assert.match(network.refusal(network.witnessOf(witness, hash)), /^coverage\/16: /);
  });

  it('takes witnesses just before the window closes, and none after', () => {
    network.harness.nextBlock(4.999);
    network.submit(network.witnessOf(witness, hash));
    network.harness.nextBlock(0.001);
    const late = network.hotspot('eve', 3_000);
    assert.match(network.refusal(network.witnessOf(late, hash)), /^coverage\/14: /);
    network.harness.nextBlock(1);
    assert.match(network.refusal(network.witnessOf(late, hash)), /^coverage\/14: /);
  });

  it('holds 32 invalid witnesses, and still takes a valid one', () => {
    for (let i = 0; i < 32; i++) {
      network.submit(network.witnessOf(network.hotspot(`eve${i}`, 100), hash));
    }
    const onemore = network.witnessOf(network.hotspot('mallory', 100), hash);
    assert.match(network.refusal(onemore), /^coverage\/17: beacon [0-9a-f]{64} holds 32 such/);
    network.submit(network.witnessOf(witness, hash));
    const { valid, invalid: counted } = network.beacon(hash).beacon;
    assert.deepEqual([valid, counted], [1, 32]);
  });

  it('has no answer to a pentagon in the way, so the witness is invalid', () => {
    const pentagon = getPentagons(11)[0]!;
    const [latitude, longitude] = cellToLatLng(pentagon) as [number, number];
    const place = (dy: number, dx: number, owner: string): TestHotspot =>
      network.asserted(network.device(owner), latLngToCell(latitude + dy, longitude + dx, 12));
    const verdicts = new Set<Verdict>();
    const from = network.open(place(-0.02, -0.02, 'ann'));
    for (const [dy, dx] of [
      [0.02, 0.02],
      [-0.02, 0.02],
      [0.02, -0.02],
    ] as const) {
      network.submit(network.witnessOf(place(dy, dx, 'ben'), from));
    }
    for (const each of network.beacon(from).witnesses) verdicts.add(each.verdict);
    assert.ok(verdicts.has(Verdict.VERDICT_DISTANCE_UNKNOWN), [...verdicts].join());
  });
});
