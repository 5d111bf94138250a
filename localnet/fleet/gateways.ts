/** Gateways: they collect the reports of many devices, hand them in as batches, and read what became of them. */
import { TxMsgData } from '../../wire/gen/cosmos/base/abci/v1beta1/abci.ts';
import { MsgSubmitReportsResponse } from '../../wire/gen/depin/devices/v1/tx.ts';
import type { IncludedTx } from './chainClient.ts';
import type { Device, PendingReport } from './device.ts';
import { pack } from './messages.ts';
import { type Outcome, type Sender, STOPPED } from './sender.ts';
import type { Tally } from './tally.ts';
import type { Timing } from './timing.ts';

export interface GatewayOptions {
  readonly sender: Sender;
  readonly tally: Tally;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** Most reports of a batch, by the chain. */
  readonly maxBatch: number;
  /** Least time between two batches, which gives devices the time to fill one. */
  readonly pauseMs: number;
  /** Asks the chain for the sequence of a device whose honest report it took for a replay. Never rejects. */
  readonly resync: (device: Device) => Promise<void>;
}

/**
 * Gas of a batch: a documented bound in place of a simulation, which would make the node verify every signature once
 * more. A report was measured to take 38,000 to 45,000 for its signature, its device and what its vertical writes.
 */
const BATCH_GAS = { base: 150_000, perReport: 100_000 } as const;
/** Whatever the chain allows: more would be too much for one transaction. */
const MAX_REPORTS_PER_TX = 256;
/** A device has no endless memory either: beyond so many batches the oldest reports are dropped. */
const MAX_WAITING_BATCHES = 8;
const REPLAYED = { codespace: 'devices', code: 8 } as const;

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #batchSize: number;
  #waiting: PendingReport[] = [];

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#batchSize = Math.min(options.maxBatch, MAX_REPORTS_PER_TX);
  }

  /** Takes reports for the next batch. */
  enqueue(reports: readonly PendingReport[]): void {
    this.#waiting.push(...reports);
    const excess = this.#waiting.length - this.#batchSize * MAX_WAITING_BATCHES;
    if (excess <= 0) return;
    this.#waiting.splice(0, excess);
    for (let i = 0; i < excess; i++) this.#options.tally.noteFailure('fleet: report dropped');
  }

  /** Hands in batches until the signal is raised. */
  async run(): Promise<void> {
    const { signal, timing, pauseMs } = this.#options;
    while (!signal.aborted) {
      if (this.#waiting.length > 0) await this.#submit(this.#waiting.splice(0, this.#batchSize));
      if (this.#waiting.length >= this.#batchSize) continue;
      await timing.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  async #submit(reports: readonly PendingReport[]): Promise<void> {
    const { sender, tally } = this.#options;
    const message = pack.submitReports({
      submitter: sender.address,
      reports: reports.map(({ signed }) => signed),
    });
    const gas = BATCH_GAS.base + BATCH_GAS.perReport * reports.length;
    const outcome = await sender.send([message], gas);
    if (outcome.tx !== undefined) tally.noteTx(outcome.tx, reports.length);
    if (outcome.ok) await this.#settle(reports, outcome.tx);
    else await this.#settleFailure(reports, outcome);
  }

  async #settle(reports: readonly PendingReport[], tx: IncludedTx): Promise<void> {
    const [response] = TxMsgData.decode(tx.data).msgResponses;
    if (response === undefined) return;
    const { refused } = MsgSubmitReportsResponse.decode(response.value);
    const reasons = new Map(refused.map((each) => [each.index, each]));
    for (const [index, { device, onAccepted }] of reports.entries()) {
      const reason = reasons.get(index);
      if (reason === undefined) {
        device.noteAccepted();
        onAccepted?.(this.#options.timing.now());
        continue;
      }
      const isReplay = reason.codespace === REPLAYED.codespace && reason.code === REPLAYED.code;
      if (isReplay && device.plan.cheat === undefined) await this.#options.resync(device);
    }
  }

  /**
   * When every report is refused the transaction fails, and tells the reason of the first only: it may be that another
   * run of the fleet has used these sequences, so all honest devices ask for theirs.
   */
  async #settleFailure(
    reports: readonly PendingReport[],
    { reason, tx }: Outcome & { ok: false },
  ): Promise<void> {
    if (reason === STOPPED) return;
    const { tally, resync } = this.#options;
    if (tx === undefined || tx.codespace === 'sdk') {
      tally.noteFailure(reason);
      return;
    }
    tally.noteRefusal(reason);
    for (let i = 1; i < reports.length; i++) tally.noteRefusal('refused with its whole batch');
    const honest = reports.filter(({ device }) => device.plan.cheat === undefined);
    for (const device of new Set(honest.map((report) => report.device))) await resync(device);
  }
}
