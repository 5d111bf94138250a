/**
 * A BaseAccount inside its Any, to bytes and back without the general codec: the same bytes in a tenth of the time. What
 * is unusual in any way is left to that codec.
 */
import { latin1 } from '../../chain/store/keyText.ts';
import { Slab } from '../../chain/store/slab.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import type { BaseAccount } from '../../wire/gen/cosmos/auth/v1beta1/auth.ts';

const SECP256K1 = '/cosmos.crypto.secp256k1.PubKey';
/** `type_url` of the account, and of the key that nearly all accounts have, with their tags and lengths. */
const ACCOUNT_URL = field(0x0a, toUtf8('/cosmos.auth.v1beta1.BaseAccount'));
const KEY_URL = field(0x0a, toUtf8(SECP256K1));

const MAX_ADDRESS = 100;
const MAX_KEY = 60;
/** Numbers up to here are exact as such. */
const MAX_NUMBER = 2n ** 49n;
const MAX_BYTES = 320;

const scratch = new Uint8Array(MAX_BYTES);
/** Stores keep what they are given, some for long: then a few accounts live as long as the last one of them. */
const slab = new Slab(1024);

function field(tag: number, content: Uint8Array): Uint8Array {
  return Uint8Array.of(tag, content.length, ...content);
}

/** The value of the store; undefined for an account that is not common. */
export function encodeBaseAccount(account: BaseAccount): Uint8Array | undefined {
  const { address, pubKey, accountNumber, sequence } = account;
  if (address.length > MAX_ADDRESS || accountNumber > MAX_NUMBER || sequence > MAX_NUMBER) {
    return undefined;
  }
  let at = 0;
  if (address.length > 0) {
    scratch[at++] = 0x0a;
    scratch[at++] = address.length;
    for (let i = 0; i < address.length; i++) {
      const code = address.charCodeAt(i);
      if (code > 0x7f) return undefined;
      scratch[at++] = code;
    }
  }
  if (pubKey !== undefined) {
    const { typeUrl, value } = pubKey;
    if (typeUrl !== SECP256K1 || value.length === 0 || value.length > MAX_KEY) return undefined;
    scratch[at++] = 0x12;
    scratch[at++] = KEY_URL.length + 2 + value.length;
    scratch.set(KEY_URL, at);
    at += KEY_URL.length;
    scratch[at++] = 0x12;
    scratch[at++] = value.length;
    scratch.set(value, at);
    at += value.length;
  }
  at = writeNumber(0x18, Number(accountNumber), at);
  at = writeNumber(0x20, Number(sequence), at);
  return inAny(scratch.subarray(0, at));
}

/** A varint field, left out when it is 0; gives where the next one begins. */
function writeNumber(tag: number, value: number, start: number): number {
  if (value === 0) return start;
  let at = start;
  scratch[at++] = tag;
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) scratch[at++] = (rest % 128) | 0x80;
  scratch[at++] = rest;
  return at;
}

function inAny(content: Uint8Array): Uint8Array | undefined {
  const { length } = content;
  if (length === 0) return undefined;
  const head = ACCOUNT_URL.length + (length > 0x7f ? 3 : 2);
  const out = slab.take(head + length);
  out.set(ACCOUNT_URL);
  out[ACCOUNT_URL.length] = 0x12;
  out[ACCOUNT_URL.length + 1] = length > 0x7f ? (length & 0x7f) | 0x80 : length;
  if (length > 0x7f) out[ACCOUNT_URL.length + 2] = length >> 7;
  out.set(content, head);
  return out;
}

/** The account of such bytes; undefined for others. */
export function decodeBaseAccount(bytes: Uint8Array): BaseAccount | undefined {
  if (bytes.length > MAX_BYTES || !standsAt(bytes, ACCOUNT_URL, 0)) return undefined;
  const reader = new Reader(bytes, ACCOUNT_URL.length);
  const account: BaseAccount = { address: '', pubKey: undefined, accountNumber: 0n, sequence: 0n };
  if (!reader.takes(0x12) || reader.number() !== bytes.length - reader.at) return undefined;
  if (reader.takes(0x0a)) account.address = reader.ascii(reader.number());
  if (reader.takes(0x12)) {
    const value = reader.key(reader.number());
    if (value === undefined) return undefined;
    account.pubKey = { typeUrl: SECP256K1, value };
  }
  if (reader.takes(0x18)) account.accountNumber = BigInt(reader.number());
  if (reader.takes(0x20)) account.sequence = BigInt(reader.number());
  return reader.failed || reader.at !== bytes.length ? undefined : account;
}

function standsAt(bytes: Uint8Array, part: Uint8Array, at: number): boolean {
  for (let i = 0; i < part.length; i++) if (bytes[at + i] !== part[i]) return false;
  return true;
}

/** Reads on as if all were well; whether it was stands in `failed`. */
class Reader {
  readonly #bytes: Uint8Array;
  at: number;
  failed = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  takes(tag: number): boolean {
    if (this.#bytes[this.at] !== tag) return false;
    this.at += 1;
    return true;
  }

  /** A varint of at most 49 bits. */
  number(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 7; i++) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    this.failed = true;
    return 0;
  }

  ascii(length: number): string {
    const end = this.at + length;
    if (length > MAX_ADDRESS || end > this.#bytes.length) this.failed = true;
    if (this.failed) return '';
    for (let i = this.at; i < end; i++) if (this.#bytes[i]! > 0x7f) this.failed = true;
    const text = latin1(this.#bytes, this.at, end);
    this.at = end;
    return text;
  }

  /** The value of the Any of a secp256k1 key. */
  key(length: number): Uint8Array | undefined {
    const end = this.at + length;
    if (this.failed || end > this.#bytes.length) return undefined;
    if (!standsAt(this.#bytes, KEY_URL, this.at)) return undefined;
    this.at += KEY_URL.length;
    if (!this.takes(0x12) || this.number() !== end - this.at || this.at >= end) return undefined;
    const value = this.#bytes.subarray(this.at, end);
    this.at = end;
    return value;
  }
}
