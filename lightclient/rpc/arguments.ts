/** The parameters of one call, as clients of CometBFT write them. */
import { fromBase64, fromHex } from '../../wire/bytes.ts';

const INTEGER = /^(?:0|-?[1-9][0-9]{0,18})$/;
const HEX = /^(?:0x)?((?:[0-9a-fA-F]{2})*)$/;

/** Typed reading of JSON-RPC parameters. Every error is a TypeError that names the parameter. */
export class Arguments {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** As they came. */
  get values(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  /** An integer as decimal text or number; undefined when it is missing, null or empty. */
  integer(name: string): bigint | undefined {
    const value = this.#value(name);
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
    if (typeof value === 'string' && INTEGER.test(value)) return BigInt(value);
    throw this.#wrong(name, 'an integer');
  }

  /** A height from 1; undefined or 0 mean the newest. */
  height(name = 'height'): bigint | undefined {
    const value = this.integer(name) ?? 0n;
    if (value < 0n) throw this.#wrong(name, 'a height');
    return value === 0n ? undefined : value;
  }

  /** Text; empty when it is missing. */
  text(name: string): string {
    const value = this.#value(name) ?? '';
    if (typeof value === 'string') return value;
    throw this.#wrong(name, 'a text');
  }

  flag(name: string): boolean {
    const value = this.#value(name) ?? false;
    if (typeof value === 'boolean') return value;
    throw this.#wrong(name, 'true or false');
  }

  /** Bytes in base64. */
  base64(name: string): Uint8Array {
    return this.#bytes(name, 'bytes in base64', (text) => fromBase64(text));
  }

  /** Bytes in hex of either case, with or without 0x. */
  hex(name: string): Uint8Array {
    return this.#bytes(name, 'bytes in hex', (text) => {
      const digits = HEX.exec(text)?.[1];
      if (digits === undefined) throw new TypeError('no hex');
      return fromHex(digits);
    });
  }

  #bytes(name: string, expected: string, decode: (text: string) => Uint8Array): Uint8Array {
    const text = this.text(name);
    try {
      return decode(text);
    } catch {
      throw this.#wrong(name, expected);
    }
  }

  #value(name: string): unknown {
    const value = Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
    return value === null ? undefined : value;
  }

  #wrong(name: string, expected: string): TypeError {
    const shown = String(this.#values[name]).slice(0, 60);
    return new TypeError(`${name}: expected ${expected}, got ${JSON.stringify(shown)}`);
  }
}
