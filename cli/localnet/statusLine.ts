/** The live line: rewritten in place on a terminal, a line every ten seconds elsewhere. */
import type { Output } from '../terminal.ts';
import { type Counts, topRefusals } from './counters.ts';

const REWRITE_MS = 250;
const LINE_MS = 10_000;
const SHOWN_REASONS = 3;
const TOKEN = 1_000_000n;

/** One line that says how a network is doing. */
export function statusText(counts: Counts): string {
  const parts = [
    `height ${counts.height}`,
    `${counts.transactions} transactions`,
    `${counts.devices} devices`,
    `${counts.reportsVerified} reports verified`,
    `${tokenText(counts.rewardsPaid)} depin rewards paid`,
  ];
  const refusals = topRefusals(counts, SHOWN_REASONS).map(
    ([reason, count]) => `${count} × ${reason.replace(/^[a-z]+\/\d+: /, '')}`,
  );
  if (refusals.length > 0) parts.push(`refused: ${refusals.join(', ')}`);
  return parts.join(' · ');
}

/** Base units as tokens, with the decimals that are not zero. */
export function tokenText(amount: bigint): string {
  const fraction = (amount % TOKEN).toString().padStart(6, '0').replace(/0+$/, '');
  return fraction === '' ? `${amount / TOKEN}` : `${amount / TOKEN}.${fraction}`;
}

/** Shows what `line` gives until it is stopped. */
export class StatusLine {
  readonly #output: Output;
  readonly #line: () => string;
  readonly #timer: NodeJS.Timeout;
  #shown = '';

  constructor(output: Output, line: () => string) {
    this.#output = output;
    this.#line = line;
    this.#timer = setInterval(() => this.#show(), output.isTTY ? REWRITE_MS : LINE_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#show();
    if (this.#output.isTTY) this.#output.write('\n');
  }

  #show(): void {
    const line = this.#line();
    if (!this.#output.isTTY) {
      this.#output.write(`${line}\n`);
      return;
    }
    const fitting = line.slice(0, (this.#output.columns ?? 80) - 1);
    if (fitting === this.#shown) return;
    this.#shown = fitting;
    this.#output.write(`\r\u001b[2K${fitting}`);
  }
}
