import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChainClient } from '../localnet/fleet/chainClient.ts';
import {
  type Cheat,
  type Fleet,
  type FleetStats,
  fleetAccounts,
  startFleet,
} from '../localnet/fleet/index.ts';
import { readParams, readRecords } from '../localnet/fleet/records.ts';
import { silentLogger } from '../localnet/index.ts';
import { parseAddress } from '../wire/address.ts';
import { LeaseState } from '../wire/gen/depin/compute/v1/compute.ts';
import { QueryDefinition as ComputeQuery } from '../wire/gen/depin/compute/v1/query.ts';
import { QueryDefinition as CreditsQuery } from '../wire/gen/depin/credits/v1/query.ts';
import { NETWORK_CHAIN_ID, startNetwork, type TestNetwork } from './support/network.ts';
import { MNEMONIC } from './support/testChain.ts';

const PACE = {
  pollMs: 15,
  tickMs: 25,
  readingMs: 150,
  batchMs: 40,
  marketMs: 150,
  transferMs: 300,
};
/** For a machine that does other things as well; it takes about 6 s on a quiet one. */
const DEADLINE_MS = 60_000;

/** Faster than any real network, so that a test sees hours of one in seconds. */
const PARAMS = {
  sensors: { min_interval_ms: '100' },
  coverage: { beacon_interval_ms: '200', witness_window_ms: '5000' },
  compute: { heartbeat_timeout_ms: '4000' },
};

/** What the chain says to each way of cheating. */
const CAUGHT: readonly (readonly [way: Cheat, seen: (stats: FleetStats) => unknown])[] = [
  ['replay', ({ refusals }) => refusals['devices/8: report sequence was used before']],
  ['forgery', ({ refusals }) => refusals['devices/7: device signature does not verify']],
  ['revoked', ({ refusals }) => refusals['devices/4: device is revoked']],
  [
    'spoofedCell',
    ({ refusals }) => refusals['sensors/7: reading is from another cell than the station'],
  ],
  ['stuckSensor', ({ judgements }) => judgements['reading stuck']],
  ['outOfRange', ({ judgements }) => judgements['reading temperature:range']],
  ['falseLocation', ({ judgements }) => judgements['witness signal_too_strong']],
];

describe('a fleet of devices', function () {
  this.timeout(150_000);
  let network: TestNetwork;
  let fleet: Fleet | undefined;

  const client = (): ChainClient => new ChainClient(network.rpc, new AbortController().signal);

  const start = (devices: number): Promise<Fleet> =>
    startFleet({
      rpcUrl: network.rpc,
      chainId: NETWORK_CHAIN_ID,
      prefix: 'depin',
      denom: 'udepin',
      mnemonic: MNEMONIC,
      seed: 'cheats 20',
      devices,
      cheaterEvery: 2,
      pace: PACE,
      logger: silentLogger,
    });

  /** Watches the counts until `isDone`. @throws Error with what they were when that takes too long. */
  async function until(isDone: (stats: FleetStats) => boolean): Promise<FleetStats> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const stats = fleet!.stats();
      if (isDone(stats)) return stats;
      if (Date.now() > deadline) throw new Error(`not reached: ${JSON.stringify(stats, null, 1)}`);
      await sleep(50);
    }
  }

  async function eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!(await isSo())) {
      assert.ok(Date.now() < deadline, what);
      await sleep(50);
    }
  }

  before(async () => {
    const accounts = await fleetAccounts(MNEMONIC, 'depin');
    network = await startNetwork({
      blockIntervalMs: 20,
      params: PARAMS,
      accounts: accounts
        .filter(({ index }) => index > 3)
        .map(({ address, balance }) => ({ address: parseAddress('depin', address), balance })),
    });
  });

  afterEach(async () => {
    await fleet?.stop();
    fleet = undefined;
  });

  after(() => network?.stop());

  it('enrols, reports, rents and pays, and is caught at every way of cheating', async () => {
    fleet = await start(24);
    await fleet.enrolled;
    const ways = new Set(fleet.devices().map(({ cheat }) => cheat));
    for (const [way] of CAUGHT) assert.ok(ways.has(way), `no device cheats by ${way}`);
    const stats = await until(
      (now) => now.reportsAccepted >= 200 && CAUGHT.every(([, seen]) => seen(now)),
    );
    assert.equal(stats.devices, 24);
    assert.equal(stats.cheaters, 12);
    assert.ok(stats.reportsSubmitted > stats.reportsAccepted);
    const own = Object.keys(stats.failures).filter((reason) => /^(fleet:|sdk\/)/.test(reason));
    assert.deepEqual(own, [], 'nothing is lost on the way');
    const chain = client();
    await eventually('credits are spent', async () => {
      const { totals } = await chain.query(CreditsQuery, CreditsQuery.methods.totals, {});
      return totals !== undefined && totals.spent > 0n;
    });
    const all = { state: LeaseState.LEASE_STATE_UNSPECIFIED, provider: '', pagination: undefined };
    await eventually('a lease is made', async () => {
      const { leases } = await chain.query(ComputeQuery, ComputeQuery.methods.leases, all);
      return leases.length > 0;
    });
  });

  it('goes on with the same devices and their sequences after a restart', async () => {
    const before = (await readRecords(client(), await readParams(client()))).devices;
    fleet = await start(24);
    await fleet.enrolled;
    assert.deepEqual(new Set(fleet.devices().map(({ id }) => id)), new Set(before.keys()));
    const stats = await until((now) => now.reportsAccepted >= 30);
    await fleet.stop();
    const after = (await readRecords(client(), await readParams(client()))).devices;
    assert.equal(after.size, before.size);
    for (const [id, device] of before) assert.ok(after.get(id)!.sequence >= device.sequence, id);
    const advanced = [...before].filter(([id, { sequence }]) => after.get(id)!.sequence > sequence);
    assert.ok(advanced.length > before.size / 4, `${advanced.length} devices reported`);
    assert.equal(stats.failures['fleet: not in a block in time'], undefined);
  });

  it('refuses a chain with another id, and options out of bounds', async () => {
    const options = { rpcUrl: network.rpc, prefix: 'depin', denom: 'udepin', mnemonic: MNEMONIC };
    const common = { ...options, seed: '', logger: silentLogger };
    await assert.rejects(
      startFleet({ ...common, chainId: 'other-1' }),
      /chain id: expected other-1, got depin-test-1/,
    );
    const devices = 5001;
    await assert.rejects(
      startFleet({ ...common, chainId: NETWORK_CHAIN_ID, devices }),
      /devices: expected a whole number from 0 to 5000, got 5001/,
    );
  });
});
