/** The handle of a running fleet, and the loops that it consists of. */
import type { FleetRole } from './accounts.ts';
import type { BlockWatch } from './blockWatch.ts';
import type { ChainClient } from './chainClient.ts';
import type { Device, PendingReport } from './device.ts';
import { type Enrollable, enrol } from './enrolment.ts';
import { Gateway } from './gateways.ts';
import { type Beacon, Hotspot } from './hotspots.ts';
import { Market } from './market.ts';
import { pack } from './messages.ts';
import type { FleetSettings } from './options.ts';
import { Provider } from './providers.ts';
import type { Random } from './random.ts';
import { type ChainParams, type ChainRecords, readDevice } from './records.ts';
import type { DevicePlan } from './roster.ts';
import { type Sender, STOPPED } from './sender.ts';
import { type FleetStats, Tally } from './tally.ts';
import { Transfers } from './transfers.ts';

/** Devices that one gateway serves, until there are no more gateways. */
const DEVICES_PER_GATEWAY = 125;
/** With two, one that stands still does not silence the fleet. */
const MIN_GATEWAYS = 2;

/** Everything that a fleet is made of before it runs. */
export interface FleetParts {
  readonly settings: FleetSettings;
  readonly stopping: AbortController;
  readonly client: ChainClient;
  readonly watch: BlockWatch;
  readonly random: Random;
  readonly params: ChainParams;
  readonly records: ChainRecords;
  readonly senders: ReadonlyMap<FleetRole, readonly Sender[]>;
}

/** The handle of a running fleet. */
export class Fleet {
  readonly #parts: FleetParts;
  readonly #tally = new Tally();
  readonly #gateways: readonly Gateway[];
  #enrollable: readonly Enrollable[] = [];
  /** Those that the chain knows. */
  readonly #active: Enrollable[] = [];
  #loops: Promise<void>[] = [];
  #enrolled: Promise<void> = Promise.resolve();

  /** Use `startFleet`. */
  constructor(parts: FleetParts) {
    this.#parts = parts;
    this.#gateways = this.#makeGateways();
  }

  /** Resolves when every device that can be enrolled is, or the fleet stops. */
  get enrolled(): Promise<void> {
    return this.#enrolled;
  }

  /** Counts since the start, from what the chain answered. */
  stats(): FleetStats {
    const cheaters = this.#enrollable.filter(({ device }) => device.plan.cheat !== undefined);
    return this.#tally.stats({ devices: this.#enrollable.length, cheaters: cheaters.length });
  }

  /** What each device is, for those who watch. */
  devices(): readonly (Pick<DevicePlan, 'kind' | 'cheat' | 'town' | 'place'> & { id: string })[] {
    return this.#enrollable.map(({ device: { id, plan } }) => {
      const { kind, cheat, town, place } = plan;
      return { id, kind, cheat, town, place };
    });
  }

  /** Ends at once: what is on its way to the chain may still arrive there. */
  async stop(): Promise<void> {
    this.#parts.stopping.abort();
    await Promise.all([...this.#loops, this.#enrolled]);
  }

  /** Starts all loops for these devices. Called once by `startFleet`. */
  run(enrollable: readonly Enrollable[]): void {
    this.#enrollable = enrollable;
    const { watch, settings, records } = this.#parts;
    const { pace, chainId, prefix, logger } = settings;
    this.#enrolled = enrol(this.#enrollable, {
      chainId,
      prefix,
      records,
      owners: this.#senders('owner'),
      tally: this.#tally,
      onEnrolled: (part) => void this.#active.push(part),
    }).then(() => logger.info('the fleet is enrolled', { devices: this.#active.length }));
    this.#loops = [
      watch.run(),
      ...this.#gateways.map((gateway) => gateway.run()),
      this.#every(pace.tickMs, () => this.#tick()),
      ...this.#marketLoops(),
    ];
  }

  #marketLoops(): Promise<void>[] {
    const { client, watch, settings, params, random } = this.#parts;
    const { pace, denom, timing } = settings;
    const common = { client, denom, tally: this.#tally };
    const transfers = new Transfers({
      ...common,
      random: random.fork('transfers'),
      payer: this.#senders('payer')[0]!,
      hotspots: () => this.#active.filter((part) => part instanceof Hotspot),
    });
    const loops = [this.#every(pace.transferMs, () => transfers.step())];
    if (params.compute === undefined) return loops;
    const market = new Market({
      ...common,
      random: random.fork('market'),
      params: params.compute,
      tokenPriceMicroUsd: params.credits.tokenPriceMicroUsd,
      tenants: this.#senders('tenant'),
      owners: this.#senders('owner'),
      providers: () => this.#active.filter((part) => part instanceof Provider),
    });
    const step = () => market.step({ ms: timing.now(), height: watch.height });
    return [...loops, this.#every(pace.marketMs, step)];
  }

  #senders(role: FleetRole): readonly Sender[] {
    return this.#parts.senders.get(role) ?? [];
  }

  #makeGateways(): Gateway[] {
    const { settings, params, stopping } = this.#parts;
    const wanted = Math.ceil(settings.devices / DEVICES_PER_GATEWAY);
    const senders = this.#senders('gateway').slice(0, Math.max(MIN_GATEWAYS, wanted));
    return senders.map(
      (sender) =>
        new Gateway({
          sender,
          tally: this.#tally,
          timing: settings.timing,
          signal: stopping.signal,
          maxBatch: params.devices.maxBatchReports,
          pauseMs: settings.pace.batchMs,
          resync: (device) => this.#resync(device),
        }),
    );
  }

  async #resync(device: Device): Promise<void> {
    const { client, settings, stopping } = this.#parts;
    try {
      device.resume((await readDevice(client, device.id)).sequence);
    } catch (error) {
      // The next refusal asks again.
      if (!stopping.signal.aborted) settings.logger.warn('a device cannot be read', { error });
    }
  }

  #enqueue(device: Device, reports: readonly PendingReport[]): void {
    this.#gateways[device.plan.index % this.#gateways.length]!.enqueue(reports);
  }

  #tick(): void {
    const nowMs = this.#parts.settings.timing.now();
    for (const part of this.#active) {
      if (part.dueMs <= nowMs) this.#enqueue(part.device, part.act(nowMs));
      if (part.device.isDueForRevocation) this.#revoke(part.device);
    }
  }

  #revoke(device: Device): void {
    const owner = this.#senders('owner')[device.plan.owner]!;
    const message = pack.revokeDevice({ owner: owner.address, deviceId: device.id });
    device.isRevoked = true;
    // A sender never rejects.
    void owner.send([message]).then((outcome) => {
      if (outcome.tx !== undefined) this.#tally.noteTx(outcome.tx, 0);
      if (outcome.ok) return;
      device.isRevoked = false;
      if (outcome.reason !== STOPPED) this.#tally.noteFailure(outcome.reason);
    });
  }

  /** Lets every active hotspot around hear a beacon. */
  onAir(beacon: Beacon): void {
    for (const hotspot of beacon.from.neighbours) {
      if (this.#active.includes(hotspot)) this.#enqueue(hotspot.device, hotspot.hear(beacon));
    }
  }

  /** Repeats an action until the fleet stops. A failure is counted and does not end it. */
  async #every(ms: number, action: () => void | Promise<void>): Promise<void> {
    const { settings, stopping } = this.#parts;
    const { signal } = stopping;
    while (!signal.aborted) {
      try {
        await action();
      } catch (error) {
        if (signal.aborted) return;
        settings.logger.warn('a part of the fleet failed', { error });
        this.#tally.noteFailure(`fleet: ${error instanceof Error ? error.message : error}`);
      }
      await settings.timing.sleep(ms, signal).catch(() => undefined);
    }
  }
}
