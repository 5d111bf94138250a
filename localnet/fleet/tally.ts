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
    if (type === 'report_accepted') this.#accepted++;
    if (type === 'report_refused') count(this.#refusals, attributes.get('reason') ?? '');
    if (type === 'witness_judged' && attributes.get('valid') === 'false') {
      count(this.#judgements, `witness ${attributes.get('reason')}`);
    }
    const faults = type === 'reading_scored' ? (attributes.get('faults') ?? '') : '';
    if (faults === '') return;
    for (const fault of faults.split(',')) count(this.#judgements, `reading ${fault}`);
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
