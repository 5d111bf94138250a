/** The longest varint of a 64-bit number. */
const VARINT_BYTES = 10;

/** Reads what LevelDB wrote, one thing after the other; what is cut reads as NaN, and so does what follows. */
export class LevelCursor {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return !(this.at < this.#bytes.length);
  }

  varint(): number {
    let value = 0;
    for (let i = 0; i < VARINT_BYTES; i++) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    this.at = Number.NaN;
    return Number.NaN;
  }

  /** Passes over bytes behind their length. */
  skipText(): void {
    const length = this.varint();
    this.at += length;
  }
}
