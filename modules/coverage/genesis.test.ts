import assert from 'node:assert/strict';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { type Params, Verdict } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import { GenesisState } from '../../wire/gen/depin/coverage/v1/genesis.ts';
import { auth } from '../auth/module.ts';
import { bank } from '../bank/module.ts';
import { credits } from '../credits/module.ts';
import { devices } from '../devices/module.ts';
import { coverage } from './module.ts';
import { checkParams, DEFAULT_PARAMS } from './params.ts';
import { CoverageNetwork } from './testing/network.ts';

const MODULES = [auth, bank, devices, credits, coverage];

/** A network in the middle of things: a settled beacon, an open one, one epoch half paid, one open. */
function busyNetwork(): CoverageNetwork {
  const network = new CoverageNetwork({ maxWorkPerBlock: 1 });
  const [ada, bob, cyd] = ['ada', 'bob', 'cyd'].map((name, i) => network.hotspot(name, 2_000 * i));
  const settled = network.open(ada!);
  network.submit(network.witnessOf(bob!, settled), network.witnessOf(cyd!, settled, { rssi: 0 }));
  network.fundPayer(9n);
  const transfers = [{ deviceId: cyd!.id, bytes: 100n }];
  network.harness.send(coverage, 'payData', { payer: network.payer, transfers });
  network.harness.nextBlock(60);
  network.harness.nextBlock(1);
  const open = network.open(bob!);
  network.submit(network.witnessOf(ada!, open));
  return network;
}

const exported = (network: CoverageNetwork): Record<string, unknown> =>
  Object.fromEntries(MODULES.map((module) => [module.name, network.harness.export(module)]));

function restarted(network: CoverageNetwork, change: Partial<GenesisState> = {}): ModuleHarness {
  const genesis = exported(network);
  const state = { ...(genesis.coverage as GenesisState), ...change };
  return new ModuleHarness({
    modules: MODULES,
    genesis: { ...genesis, coverage: state },
    startTimeNs: network.harness.timeNs,
  });
}

describe('coverage: genesis', () => {
  let network: CoverageNetwork;
  let state: GenesisState;
  beforeEach(() => {
    network = busyNetwork();
    state = network.harness.export(coverage) as GenesisState;
  });

  it('exports all that is at work', () => {
    assert.equal(state.ledger?.payingEpoch, 1n);
    assert.notEqual(state.ledger?.paidThrough, '');
    const { hotspots, beacons, witnesses, epochs, rewards } = state;
    const counts = [hotspots, beacons, witnesses, epochs, rewards].map(({ length }) => length);
    assert.deepEqual(counts, [3, 2, 3, 2, 3]);
  });

  it('is the same after export, protobuf and import, and goes on the same', () => {
    const decoded = GenesisState.decode(GenesisState.encode(state).finish());
    assert.deepEqual(decoded, state);
    const other = restarted(network, decoded);
    assert.deepEqual(other.export(coverage), state);
    for (let block = 0; block < 5; block++) {
      network.harness.nextBlock(20);
      other.nextBlock(20);
    }
    assert.deepEqual(other.export(coverage), network.harness.export(coverage));
  });

  it('starts epoch 1 at genesis when nothing is given', () => {
    const fresh = new CoverageNetwork();
    assert.equal(fresh.epoch(0n).startMs, fresh.harness.timeNs / 1_000_000n);
    assert.equal(fresh.epoch(1n).number, 1n);
    assert.deepEqual(checkParams(DEFAULT_PARAMS), DEFAULT_PARAMS);
  });

  const wrong: readonly [string, (state: GenesisState) => Partial<GenesisState>, RegExp][] = [
    [
      'a hotspot twice',
      ({ hotspots }) => ({ hotspots: [...hotspots, hotspots[0]!] }),
      /hotspots\[3\]: .*stands twice/,
    ],
    [
      'a hotspot without a device',
      ({ hotspots }) => ({
        hotspots: [...hotspots, { ...hotspots[0]!, deviceId: 'ff'.repeat(20) }],
      }),
      /hotspots\[3\]\.device_id: "f{40}" is no device/,
    ],
    [
      'a hotspot without a cell',
      ({ hotspots }) => ({ hotspots: [{ ...hotspots[0]!, cell: '' }] }),
      /not an H3 cell/,
    ],
    [
      'a beacon twice',
      ({ beacons }) => ({ beacons: [...beacons, beacons[0]!] }),
      /beacons\[2\]: .*stands twice/,
    ],
    [
      'a beacon without a hash',
      ({ beacons }) => ({ beacons: [{ ...beacons[0]!, hash: 'x' }] }),
      /beacons\[0\]\.hash: "x"/,
    ],
    ['a witness of no beacon', () => ({ beacons: [] }), /witnesses\[0\]\.beacon: .* is no beacon/],
    [
      'a witness twice',
      ({ witnesses }) => ({ witnesses: [...witnesses, witnesses[0]!] }),
      /witnesses\[3\]: .*stands twice/,
    ],
    [
      'an unknown verdict',
      ({ witnesses }) => ({ witnesses: [{ ...witnesses[0]!, verdict: Verdict.UNRECOGNIZED }] }),
      /witnesses\[0\]\.verdict: got -1/,
    ],
    [
      'a negative amount',
      ({ epochs }) => ({ epochs: [{ ...epochs[0]!, minted: '-1' }] }),
      /epochs\[0\]\.minted: expected a whole number, got "-1"/,
    ],
    [
      'an epoch twice',
      ({ epochs }) => ({ epochs: [...epochs, epochs[0]!] }),
      /epochs\[2\]\.number: 1 is 0 or stands/,
    ],
    [
      'a reward twice',
      ({ rewards }) => ({ rewards: [...rewards, rewards[0]!] }),
      /rewards\[3\]: .*stands twice/,
    ],
    [
      'a ledger without its epoch',
      ({ ledger }) => ({ ledger: { ...ledger!, currentEpoch: 9n } }),
      /ledger\.current_epoch: 9 is no open epoch/,
    ],
    [
      'a ledger that pays an open epoch',
      ({ ledger }) => ({ ledger: { ...ledger!, payingEpoch: 2n } }),
      /ledger\.paying_epoch: 2 is not being paid/,
    ],
    // These are well-formed; the invariants, which run after genesis, find them.
    [
      'more carried than the account holds',
      ({ ledger }) => ({ ledger: { ...ledger!, carried: '1' } }),
      /invariant of coverage broken: the module account/,
    ],
    [
      'units that nobody earned',
      ({ epochs }) => ({ epochs: [{ ...epochs[0]!, units: 1n }, epochs[1]!] }),
      /invariant of coverage broken: the totals of an epoch/,
    ],
    [
      'an epoch that paid more than its pool',
      ({ epochs }) => ({
        epochs: [{ ...epochs[0]!, coveragePool: '0', dataPool: '0' }, epochs[1]!],
      }),
      /invariant of coverage broken: an epoch pays .*overpaid/,
    ],
    [
      'a beacon that miscounts its witnesses',
      ({ beacons }) => ({ beacons: beacons.map((beacon) => ({ ...beacon, valid: 7 })) }),
      /invariant of coverage broken: a beacon counts/,
    ],
  ];
  for (const [name, change, expected] of wrong) {
    it(`refuses ${name}`, () => {
      assert.throws(() => restarted(network, change(state)), expected);
    });
  }
});

describe('coverage: params', () => {
  const wrong: readonly [Partial<Params>, RegExp][] = [
    [{ epochSeconds: 0n }, /params\.epoch_seconds: expected 1 to 31536000, got 0/],
    [{ poolPerEpoch: '-5' }, /params\.pool_per_epoch/],
    [{ poolPerEpoch: '1.5' }, /params\.pool_per_epoch/],
    [{ poolPerEpoch: '' }, /params\.pool_per_epoch/],
    [{ poolPerEpoch: `1${'0'.repeat(80)}` }, /params\.pool_per_epoch/],
    [{ dataSharePpm: 1_000_001 }, /params\.data_share_ppm: expected 0 to 1000000/],
    [{ maxRewardPerCredit: 'x' }, /params\.max_reward_per_credit/],
    [{ witnessWindowMs: 0n }, /params\.witness_window_ms/],
    [
      { minDistanceCells: 2_201 },
      /params\.max_distance_cells: expected at least min_distance_cells = 2201/,
    ],
    [{ minRssi: 1 }, /params\.min_rssi/],
    [{ maxEirp: -1 }, /params\.max_eirp/],
    [{ minFrequencyHz: 0 }, /params\.min_frequency_hz/],
    [
      { maxFrequencyHz: 862_999_999 },
      /params\.max_frequency_hz: expected at least min_frequency_hz/,
    ],
    [{ maxWorkPerBlock: 0 }, /params\.max_work_per_block/],
    [{ keptEpochs: 0 }, /params\.kept_epochs/],
  ];
  for (const [change, expected] of wrong) {
    const [field, value] = Object.entries(change)[0]!;
    it(`refuse ${field} = "${String(value).slice(0, 20)}"`, () => {
      assert.throws(() => new CoverageNetwork(change), expected);
    });
  }
});
