import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EpochStatus } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import {
  EventBeaconSettled,
  EventEpochPaid,
  EventRewardPaid,
} from '../../wire/gen/depin/coverage/v1/events.ts';
import { bank } from '../bank/module.ts';
import { coverage } from './module.ts';
import type { TestHotspot } from './testing/hotspot.ts';
import { CoverageNetwork } from './testing/network.ts';

/** A beacon of `beaconer` with so many witnesses of other owners, 2 km and more away. */
function settledBeacon(
  network: CoverageNetwork,
  beaconer: TestHotspot,
  witnesses: readonly TestHotspot[],
): string {
  const hash = network.open(beaconer);
  network.submit(...witnesses.map((witness) => network.witnessOf(witness, hash)));
  network.harness.nextBlock(5);
  network.harness.nextBlock(0);
  return hash;
}

describe('coverage: settlement', () => {
  it('gives units by HIP-15 to the beaconer and the first 14 valid witnesses in order of arrival', () => {
    const network = new CoverageNetwork();
    const beaconer = network.hotspot('ada', 0);
    const witnesses = Array.from({ length: 16 }, (_, i) =>
      network.hotspot(`owner ${i}`, 2_000 + 100 * i),
    );
    const hash = settledBeacon(network, beaconer, witnesses);
    const { beacon } = network.beacon(hash);
    assert.deepEqual(
      [beacon.valid, beacon.beaconerUnits, beacon.witnessUnits],
      [16, 18_926n, 2_220n],
    );
    assert.equal(beacon.epoch, 1n);
    assert.equal(network.epoch(1n).units, 18_926n + 14n * 2_220n);
    assert.equal(network.reward(beaconer, 1n).units, 18_926n);
    assert.equal(network.reward(witnesses[13]!, 1n).units, 2_220n);
    const unlucky = { deviceId: witnesses[14]!.id, epoch: 1n };
    assert.throws(() => network.harness.query(coverage, 'reward', unlucky), /earned nothing in 1/);
    const [event] = network.events(EventBeaconSettled);
    assert.deepEqual(
      [event?.beacon, event?.selected, event?.valid, event?.beaconerUnits, event?.witnessUnits],
      [hash, 14, 16, 18_926n, 2_220n],
    );
  });

  it('gives nothing for a beacon that nobody heard, or that only its owner heard', () => {
    const network = new CoverageNetwork();
    const beaconer = network.hotspot('ada', 0);
    settledBeacon(network, beaconer, [network.hotspot('ada', 2_000)]);
    assert.equal(network.epoch(1n).units, 0n);
    const { units, beacons } = network.reward(beaconer, 1n);
    assert.deepEqual([units, beacons], [0n, 1]);
  });

  it('settles no more beacons in a block than the bound, the oldest first', () => {
    const network = new CoverageNetwork({ maxWorkPerBlock: 2 });
    const hotspots = Array.from({ length: 5 }, (_, i) => network.hotspot(`owner ${i}`, 1_000 * i));
    for (const hotspot of hotspots) {
      network.open(hotspot);
      network.harness.nextBlock(0.1);
    }
    network.harness.nextBlock(10);
    const settled: number[] = [];
    for (let block = 0; block < 4; block++) {
      network.harness.nextBlock(1);
      settled.push(network.events(EventBeaconSettled).length);
    }
    assert.deepEqual(settled, [2, 2, 1, 0]);
  });
});

describe('coverage: epochs', () => {
  it('mints the pool, pays by units and by data credits, and carries the rest', () => {
    const network = new CoverageNetwork({ dataSharePpm: 300_000, maxRewardPerCredit: '100000' });
    const [ada, bob] = [network.hotspot('ada', 0), network.hotspot('bob', 2_000)];
    settledBeacon(network, ada, [bob]);
    network.fundPayer(4n);
    const transfers = [ada, ada, bob].map(({ id }) => ({ deviceId: id, bytes: 24n }));
    network.harness.send(coverage, 'payData', { payer: network.payer, transfers });
    network.harness.nextBlock(60);
    network.harness.nextBlock(1);
    // 700,000 by units 2,500 : 10,000; 300,000 by credits 2 : 1, which may earn 100,000 each
    const rewards = [network.reward(ada, 1n), network.reward(bob, 0n)];
    assert.deepEqual(
      rewards.map(({ coverageAmount, dataAmount, paidTo }) => [coverageAmount, dataAmount, paidTo]),
      [
        ['140000', '200000', ada.owner],
        ['560000', '100000', bob.owner],
      ],
    );
    assert.deepEqual([network.balance('ada'), network.balance('bob')], [340_000n, 660_000n]);
    assert.equal(network.epoch(1n).status, EpochStatus.EPOCH_STATUS_PAID);
    assert.equal(network.carried(), 0n);
    assert.deepEqual(network.events(EventEpochPaid), [
      { epoch: 1n, coverage: '700000', data: '300000', carried: '0' },
    ]);
    assert.equal(network.events(EventRewardPaid).length, 2);
    assert.equal(network.epoch(0n).number, 2n);
  });

  it('keeps its account for itself from genesis on', () => {
    const network = new CoverageNetwork();
    const message = {
      fromAddress: network.account('ada'),
      toAddress: network.account('coverage'),
      amount: [{ denom: 'udepin', amount: '1' }],
    };
    assert.match(
      network.harness.refusal(bank, 'send', message),
      /^sdk\/4: .* not allowed to receive/,
    );
  });

  it('carries everything of an epoch in which nothing was earned', () => {
    const network = new CoverageNetwork();
    for (let epoch = 1; epoch <= 3; epoch++) network.harness.nextBlock(60);
    network.harness.nextBlock(1);
    assert.equal(network.carried(), 3_000_000n);
    assert.equal(network.balance('coverage'), 3_000_000n);
    assert.equal(network.epoch(3n).carriedIn, '2000000');
  });

  it('pays a credit no more than it may earn: paying oneself for data gains nothing', () => {
    const network = new CoverageNetwork({ dataSharePpm: 1_000_000 });
    const ada = network.hotspot('ada', 0);
    network.fundPayer(7n);
    const transfers = [{ deviceId: ada.id, bytes: 7n * 24n }];
    network.harness.send(coverage, 'payData', { payer: network.payer, transfers });
    network.harness.nextBlock(60);
    network.harness.nextBlock(1);
    assert.equal(network.balance('ada'), 70n);
    assert.equal(network.carried(), 1_000_000n - 70n);
  });

  it('closes at the boundary and not before, and mints once for a long halt', () => {
    const network = new CoverageNetwork();
    network.harness.nextBlock(59.999);
    network.harness.nextBlock(0.001);
    assert.equal(network.epoch(0n).number, 1n);
    network.harness.nextBlock(60 * 5 + 30);
    assert.equal(network.epoch(0n).number, 2n);
    const start = network.epoch(2n).startMs;
    network.harness.nextBlock(0);
    assert.equal(network.epoch(2n).minted, '1000000');
    assert.equal(network.epoch(3n).startMs, start + 300_000n);
    assert.equal(network.balance('coverage'), 2_000_000n);
  });

  it('pays a bounded number of hotspots in a block and keeps the next epoch open until all are paid', () => {
    const network = new CoverageNetwork({ maxWorkPerBlock: 2 });
    const beaconer = network.hotspot('ada', 0);
    const witnesses = Array.from({ length: 4 }, (_, i) =>
      network.hotspot(`owner ${i}`, 2_000 + 100 * i),
    );
    settledBeacon(network, beaconer, witnesses);
    network.harness.nextBlock(60);
    const paid: number[] = [];
    for (let block = 0; block < 4; block++) {
      network.harness.nextBlock(60);
      paid.push(network.events(EventRewardPaid).length);
      assert.equal(network.epoch(0n).number, block < 3 ? 2n : 3n);
    }
    assert.deepEqual(paid, [2, 2, 1, 0]);
    assert.equal(network.balance('owner 3'), 100_000n);
  });

  it('forgets beacons, witnesses and rewards after the epochs that they are kept for', () => {
    const network = new CoverageNetwork();
    const [ada, bob] = [network.hotspot('ada', 0), network.hotspot('bob', 2_000)];
    const hash = settledBeacon(network, ada, [bob]);
    for (let epoch = 1n; epoch <= 3n; epoch++) {
      network.harness.nextBlock(60);
      assert.equal(network.epoch(0n).number, epoch);
      assert.equal(network.beacon(hash).witnesses.length, 1, `epoch ${epoch}`);
      assert.equal(network.reward(ada, 1n).beacons, 1);
    }
    network.harness.nextBlock(1);
    assert.throws(() => network.beacon(hash), /coverage|not found/);
    assert.throws(() => network.reward(ada, 1n), /earned nothing/);
    assert.throws(() => network.epoch(1n), /epoch 1: not found/);
    const request = { deviceId: ada.id, pagination: undefined };
    const page = network.harness.query(coverage, 'beacons', request) as { beacons: unknown[] };
    assert.deepEqual(page.beacons, []);
  });

  it('loses nothing, whatever is earned: what is minted is paid or carried', () => {
    const step = fc.oneof(
      fc.record({ from: fc.nat(3), heard: fc.subarray([0, 1, 2, 3]) }),
      fc.record({ credits: fc.bigInt(1n, 50n), to: fc.nat(3) }),
      fc.record({ seconds: fc.integer({ min: 1, max: 70 }) }),
    );
    const terms = fc.record({
      dataSharePpm: fc.nat(1_000_000),
      poolPerEpoch: fc.bigInt(0n, 10n ** 15n).map(String),
      maxWorkPerBlock: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(terms, fc.array(step, { maxLength: 12 }), (params, steps) => {
        const network = new CoverageNetwork(params);
        const names = ['ada', 'bob', 'cyd', 'dan'];
        const hotspots = names.map((name, i) => network.hotspot(name, 2_000 * i));
        network.fundPayer(600n);
        for (const each of steps) play(network, hotspots, each);
        const paid = names.reduce((sum, name) => sum + network.balance(name), 0n);
        const epochs = network.epoch(0n).number - 1n;
        assert.equal(paid + network.balance('coverage'), epochs * BigInt(params.poolPerEpoch));
      }),
      { numRuns: 15 },
    );
  });
});

type Step =
  | { from: number; heard: number[] }
  | { credits: bigint; to: number }
  | { seconds: number };

/** The harness checks every invariant of every module at the end of each block. */
function play(network: CoverageNetwork, hotspots: readonly TestHotspot[], step: Step): void {
  if ('seconds' in step) {
    network.harness.nextBlock(step.seconds);
  } else if ('credits' in step) {
    const transfers = [{ deviceId: hotspots[step.to]!.id, bytes: step.credits * 24n }];
    network.harness.send(coverage, 'payData', { payer: network.payer, transfers });
  } else {
    network.harness.nextBlock(10);
    const hash = network.open(hotspots[step.from]!);
    const heard = step.heard.filter((i) => i !== step.from);
    for (const i of heard) network.submit(network.witnessOf(hotspots[i]!, hash));
  }
}
