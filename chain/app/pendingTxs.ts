/** How many transactions of each account wait for a block: nobody may fill the pool of a node alone. */
import { sdkError } from '../module/errors.ts';

/** A fifth of what CometBFT's pool holds by default. */
export const DEFAULT_PENDING_PER_ACCOUNT = 1000;

/** Counts what CheckTx let pass since the last block; the recheck after a block counts what still waits. */
export class PendingTxs {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();

  /** @param limit transactions of one signer at most */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws ChainError sdk/20 naming the first signer who has too many waiting already. */
  check(signers: readonly string[]): void {
    for (const signer of signers) {
      const waiting = this.#counts.get(signer) ?? 0;
      if (waiting < this.#limit) continue;
      throw sdkError(
        'mempoolIsFull',
        `${waiting} transactions of ${signer} wait for a block, at most ${this.#limit} may`,
      );
    }
  }

  /** Counts a transaction that waits. */
  add(signers: readonly string[]): void {
    for (const signer of signers) this.#counts.set(signer, (this.#counts.get(signer) ?? 0) + 1);
  }
}
