/** Writing into the arena's bytes. */

/** Up to here a loop copies faster than a call. */
const LOOP_COPY_BYTES = 64;

/** Copies bytes from one place to another that does not overlap it. */
export function copyWithin(
  bytes: Uint8Array,
  { from, to, length }: { readonly from: number; readonly to: number; readonly length: number },
): void {
  if (length > LOOP_COPY_BYTES) bytes.copyWithin(to, from, from + length);
  else for (let i = 0; i < length; i++) bytes[to + i] = bytes[from + i]!;
}

/** Copies an array to a place. */
export function copyIn(bytes: Uint8Array, to: number, from: Uint8Array): void {
  if (from.length > LOOP_COPY_BYTES) bytes.set(from, to);
  else for (let i = 0; i < from.length; i++) bytes[to + i] = from[i]!;
}

/** Writes an unsigned varint of a number up to 2^53; the place behind it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let end = at;
  let rest = value;
  while (rest > 0x7f) {
    bytes[end++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[end++] = rest;
  return end;
}

/** How many bytes `writeVarint` writes. */
export function varintBytes(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/** Copies part of another array to a place. */
export function copyRange(
  bytes: Uint8Array,
  to: number,
  { of, from, length }: { readonly of: Uint8Array; readonly from: number; readonly length: number },
): void {
  if (length > LOOP_COPY_BYTES) bytes.set(of.subarray(from, from + length), to);
  else for (let i = 0; i < length; i++) bytes[to + i] = of[from + i]!;
}
