/** The gas of one block: what its transactions may use together (the block gas meter of the SDK's baseapp). */

export class BlockGas {
  /** Undefined where blocks have no limit. */
  readonly limit: bigint | undefined;
  #used = 0n;

  /** @param maxGas of the consensus parameters; -1 and 0 are no limit */
  constructor(maxGas: bigint) {
    this.limit = maxGas > 0n ? maxGas : undefined;
  }

  /** Whether no transaction can run any more. */
  get isSpent(): boolean {
    return this.limit !== undefined && this.#used >= this.limit;
  }

  /** Takes what a transaction used; false when the block had less, which then counts as used all the same. */
  take(used: bigint): boolean {
    this.#used += used;
    return this.limit === undefined || this.#used <= this.limit;
  }
}
