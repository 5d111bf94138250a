/** What the chain made of the fleet, counted from the results of its transactions. */
import type { IncludedTx } from './chainClient.ts';

/** Counts since the fleet was started. */
export interface FleetStats {
  readonly devices: number;
  readonly cheaters: number;
  /** Transactions in blocks that succeeded. */
  readonly transactions: number;
  /** Reports handed to the chain in transactions that are in a block. */
  readonly reportsSubmitted: number;
  readonly reportsAccepted: number;
  /** Refused reports by the chain's reason, for example "devices/8: report sequence was used before". */
  readonly refusals: Readonly<Record<string, number>>;
  /** Accepted reports that the chain found fault with: "witness signal_too_strong", "reading stuck". */
  readonly judgements: Readonly<Record<string, number>>;
  /** What did not get into a block or failed there, by reason. */
  readonly failures: Readonly<Record<string, number>>;
}

type Counts = Map<string, number>;

/** Reasons beyond so many are counted together: a node's words are not bounded. */
const MAX_REASONS = 100;
const MAX_REASON_LENGTH = 120;

/** Events of the chain that are counted; their attributes are JSON. */
const EVENT = {
  accepted: 'depin.devices.v1.EventReportAccepted',
  refused: 'depin.devices.v1.EventReportRefused',
  witness: 'depin.coverage.v1.EventWitnessJudged',
  reading: 'depin.sensors.v1.EventReadingScored',
} as const;

export class Tally {
  #transactions = 0;
  #submitted = 0;
  #accepted = 0;
  readonly #refusals: Counts = new Map();
  readonly #judgements: Counts = new Map();
  readonly #failures: Counts = new Map();

  /** A transaction that is in a block, with so many reports. */
  noteTx(tx: IncludedTx, reports: number): void {
    this.#submitted += reports;
    if (tx.code !== 0) return;
    this.#transactions++;
    for (const { type, attributes } of tx.events) {
      this.#noteEvent(type, new Map(attributes.map(({ key, value }) => [key, value])));
    }
  }

  /** A report that was refused with its whole transaction, so that no event tells of it. */
  noteRefusal(reason: string): void {
    count(this.#refusals, reason);
  }

  noteFailure(reason: string): void {
    count(this.#failures, reason);
  }

  #noteEvent(type: string, attributes: ReadonlyMap<string, string>): void {
    if (type === EVENT.accepted) this.#accepted++;
    if (type === EVENT.refused) count(this.#refusals, textOf(attributes.get('reason')));
    if (type === EVENT.witness && attributes.get('valid') === 'false') {
      count(this.#judgements, `witness ${textOf(attributes.get('reason'))}`);
    }
    if (type !== EVENT.reading) return;
    for (const fault of listOf(attributes.get('faults'))) {
      count(this.#judgements, `reading ${fault}`);
    }
  }

  stats(fleet: Pick<FleetStats, 'devices' | 'cheaters'>): FleetStats {
    return {
      ...fleet,
      transactions: this.#transactions,
      reportsSubmitted: this.#submitted,
      reportsAccepted: this.#accepted,
      refusals: Object.fromEntries(this.#refusals),
      judgements: Object.fromEntries(this.#judgements),
      failures: Object.fromEntries(this.#failures),
    };
  }
}

function count(counts: Counts, reason: string): void {
  const text = reason.slice(0, MAX_REASON_LENGTH);
  const key = counts.has(text) || counts.size < MAX_REASONS ? text : 'other';
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return undefined;
  }
}

/** A node's words are not trusted: what is no text counts as none. */
function textOf(json: string | undefined): string {
  const value = parsed(json);
  return typeof value === 'string' ? value : '';
}

function listOf(json: string | undefined): string[] {
  const value = parsed(json);
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
