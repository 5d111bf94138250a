/** How many transactions of each account wait for a block: nobody may fill the pool of a node alone. */
import { sdkError } from '../module/errors.ts';

/** A fifth of what CometBFT's pool holds by default. */
export const DEFAULT_PENDING_PER_ACCOUNT = 1000;
/** Replaced ones lie in the pool until the next block: as many as a tenth of those that may wait. */
const REPLACED_PART = 10;

/** Counts what CheckTx let pass since the last block; the recheck after a block counts what still waits. */
export class PendingTxs {
  readonly #limit: number;
  readonly #waiting = new Map<string, number>();
  readonly #replaced = new Map<string, number>();

  /** @param limit transactions of one signer at most */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws ChainError sdk/20 naming the first signer who has too many waiting already. */
  check(signers: readonly string[]): void {
    for (const signer of signers) {
      const waiting = this.#waiting.get(signer) ?? 0;
      if (waiting < this.#limit) continue;
      throw sdkError(
        'mempoolIsFull',
        `${waiting} transactions of ${signer} wait for a block, at most ${this.#limit} may`,
      );
    }
  }

  /** Counts a transaction that waits. */
  add(signers: readonly string[]): void {
    countUp(this.#waiting, signers);
  }

  /** @throws ChainError sdk/20 naming the first signer who has replaced too many since the last block. */
  checkReplaced(signers: readonly string[]): void {
    const limit = Math.max(1, Math.floor(this.#limit / REPLACED_PART));
    for (const signer of signers) {
      const replaced = this.#replaced.get(signer) ?? 0;
      if (replaced < limit) continue;
      throw sdkError(
        'mempoolIsFull',
        `${replaced} transactions of ${signer} were replaced since the last block, at most ${limit} may be`,
      );
    }
  }

  /** Counts a transaction that another one took the place of: as many wait as before. */
  addReplaced(signers: readonly string[]): void {
    countUp(this.#replaced, signers);
  }
}

function countUp(counts: Map<string, number>, signers: readonly string[]): void {
  for (const signer of signers) counts.set(signer, (counts.get(signer) ?? 0) + 1);
}
