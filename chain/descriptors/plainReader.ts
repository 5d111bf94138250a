/** Reads fields one by one, without an object for each: for bytes that hold nothing unusual. */
import { latin1 } from '../store/keyText.ts';

/** A place in bytes. Who reads messages inside messages moves `end` to and fro. */
export class PlainReader {
  readonly bytes: Uint8Array;
  at = 0;
  end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  /** A minimal varint of at most 35 bits; -1 for any other. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 5 && this.at < this.end; i++) {
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return i > 0 && byte === 0 ? -1 : value;
      scale *= 128;
    }
    return -1;
  }

  /** What stands behind this tag of one byte and a length; undefined when something else stands here. */
  part(tag: number): Uint8Array | undefined {
    if (this.at >= this.end || this.bytes[this.at] !== tag) return undefined;
    this.at += 1;
    const length = this.varint();
    if (length < 0 || this.at + length > this.end) return undefined;
    return this.#take(length);
  }

  /** The content of a field behind its length, in bytes that were checked. */
  content(): Uint8Array {
    return this.#take(this.varint());
  }

  /** The same as text, which is ASCII. */
  text(): string {
    const length = this.varint();
    const from = this.at;
    this.at += length;
    return latin1(this.bytes, from, this.at);
  }

  /** Enters the message behind a length, in bytes that were checked; gives the end to go back to. */
  enter(): number {
    const outer = this.end;
    const length = this.varint();
    this.end = this.at + length;
    return outer;
  }

  #take(length: number): Uint8Array {
    const from = this.at;
    this.at += length;
    return this.bytes.subarray(from, this.at);
  }
}
