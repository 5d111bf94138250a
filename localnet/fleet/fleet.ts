/** Starts a fleet: accounts, devices, and what the chain knows of them. */
import { setMaxListeners } from 'node:events';
import { type FleetRole, fleetAccounts } from './accounts.ts';
import { assemble } from './assembly.ts';
import { BlockWatch } from './blockWatch.ts';
import { ChainClient } from './chainClient.ts';
import { Climate } from './conditions.ts';
import { type FleetOptions, type FleetSettings, settingsOf } from './options.ts';
import { Random } from './random.ts';
import { readParams, readRecords } from './records.ts';
import { type DevicePlan, planDevices } from './roster.ts';
import { Fleet } from './runningFleet.ts';
import { Sender } from './sender.ts';
import { loadTowns } from './towns.ts';
import { loadWeather } from './weather.ts';

/**
 * Starts a fleet on a running chain. It reads what the chain knows of its devices, goes on from there, and enrols
 * in the background what is missing.
 * @throws RangeError naming an option out of bounds, Error when the node is away, another chain answers, or a device
 * of the seed belongs to somebody else.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const settings = settingsOf(options);
  const stopping = new AbortController();
  // Every request and every pause listens, which are more than Node expects.
  setMaxListeners(0, stopping.signal);
  const client = new ChainClient(settings.rpcUrl, stopping.signal);
  const { chainId } = await client.status();
  if (chainId !== settings.chainId) {
    throw new Error(`chain id: expected ${settings.chainId}, got ${chainId}`);
  }
  const { timing, logger, pace, denom, gasPrice } = settings;
  const { signal } = stopping;
  const watch = new BlockWatch({ client, timing, signal, logger, pollMs: pace.pollMs });
  const params = await readParams(client);
  const records = await readRecords(client, params);
  const senders = new Map<FleetRole, Sender[]>();
  for (const account of await fleetAccounts(settings.mnemonic, settings.prefix)) {
    const sender = new Sender(account, { client, watch, timing, signal, chainId, denom, gasPrice });
    senders.set(account.role, [...(senders.get(account.role) ?? []), sender]);
  }
  const random = Random.of(settings.seed);
  const fleet = new Fleet({ settings, stopping, client, watch, random, params, records, senders });
  const parts = await assemble({
    plans: await planFleet(settings, random, senders.get('owner')!.length),
    chainId,
    params,
    records,
    owners: senders.get('owner')!.map(({ address }) => address),
    startMs: timing.now(),
    readingMs: pace.readingMs,
    onAir: (beacon) => fleet.onAir(beacon),
  });
  if (params.compute === undefined) logger.warn('the chain has no compute: no providers');
  fleet.run(parts);
  return fleet;
}

/** Towns and weather are needed for planning only: stations keep their climate, nothing keeps the towns. */
async function planFleet(
  settings: FleetSettings,
  random: Random,
  owners: number,
): Promise<DevicePlan[]> {
  const weather = loadWeather();
  return planDevices({
    devices: settings.devices,
    random,
    towns: await loadTowns(),
    climates: weather.records.map((record) => new Climate(record, weather, random)),
    owners,
    cheaterEvery: settings.cheaterEvery,
  });
}
