/** What SIGN_MODE_DIRECT signs: a SignDoc, written without the general codec since every transaction has one. */
import { toUtf8 } from '../../wire/bytes.ts';
import { Slab } from '../store/slab.ts';

/** Field numbers 1 to 4 of cosmos.tx.v1beta1.SignDoc. */
export interface DirectSignDoc {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly chainId: string;
  readonly accountNumber: bigint;
}

/** Signed bytes are needed until their transaction has run. */
const slab = new Slab(16_384);

/** The canonical encoding. @throws RangeError for an account number that is no uint64. */
export function directSignBytes(document: DirectSignDoc): Uint8Array {
  const { bodyBytes, authInfoBytes, accountNumber } = document;
  if (accountNumber < 0n || accountNumber >> 64n !== 0n) {
    throw new RangeError(`account number: expected a uint64, got ${accountNumber}`);
  }
  const chainId = toUtf8(document.chainId);
  const parts = fieldBytes(bodyBytes) + fieldBytes(authInfoBytes) + fieldBytes(chainId);
  const out = slab.take(parts + (accountNumber === 0n ? 0 : 1 + varintBytes(accountNumber)));
  let at = writeBytes(out, 0, 0x0a, bodyBytes);
  at = writeBytes(out, at, 0x12, authInfoBytes);
  at = writeBytes(out, at, 0x1a, chainId);
  if (accountNumber !== 0n) {
    out[at] = 0x20;
    writeVarint(out, at + 1, accountNumber);
  }
  return out;
}

function varintBytes(value: bigint): number {
  let count = 1;
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) count++;
  return count;
}

/** Tag, length and content; nothing for no content. */
function fieldBytes({ length }: Uint8Array): number {
  if (length === 0) return 0;
  let head = 2;
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) head++;
  return head + length;
}

function writeBytes(out: Uint8Array, start: number, tag: number, content: Uint8Array): number {
  if (content.length === 0) return start;
  out[start] = tag;
  let at = start + 1;
  let rest = content.length;
  for (; rest > 0x7f; rest >>>= 7) out[at++] = (rest & 0x7f) | 0x80;
  out[at++] = rest;
  out.set(content, at);
  return at + content.length;
}

function writeVarint(out: Uint8Array, start: number, value: bigint): void {
  let at = start;
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) out[at++] = Number(rest & 0x7fn) | 0x80;
  out[at] = Number(rest);
}
