/** The reason why a localnet makes no more blocks: said once, with all that is needed to look into it. */
export class HaltError extends Error {
  override readonly name = 'HaltError';
  readonly height: bigint;

  constructor(height: bigint, reason: string, options?: ErrorOptions) {
    super(`halted at height ${height}: ${reason}`, options);
    this.height = height;
  }
}
