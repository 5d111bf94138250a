/** Inputs that are nearly right: the kind that finds what a decoder forgot. */
import { concatBytes } from '../../wire/bytes.ts';
import type { Random } from './random.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const MAX_CHANGES = 4;
/** Repeated lists of repeated lists would become too long for the sake of their length alone. */
const MAX_PLACES = 2_000;
const BYTES = [0, 1, 0x7f, 0x80, 0xff, 0x08, 0x0a, 0x12, 0x1a, 0x22];
const CHUNKS = [
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
  Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00),
  Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f),
  Uint8Array.of(0xed, 0xa0, 0x80),
];
const VALUES: readonly Json[] = [
  null,
  true,
  '',
  '0',
  '-1',
  '9223372036854775808',
  '1e400',
  '0x1',
  ' 1',
  '\ud800',
  '9999-12-31T23:59:59.999999999Z',
  '0000-01-01T00:00:00Z',
  -1,
  1.5,
  2 ** 53,
  Number.MAX_VALUE,
  [],
  {},
  [null],
  { __proto__: null, toString: 1 } as unknown as Json,
];

/** The bytes with a few changes, or with a part of other ones. */
export function mutateBytes(random: Random, corpus: readonly Uint8Array[]): Uint8Array {
  let bytes = Uint8Array.from(random.pick(corpus));
  for (let left = 1 + random.below(MAX_CHANGES); left > 0; left--) {
    bytes = changeBytes(random, bytes, corpus);
  }
  return bytes;
}

function changeBytes(
  random: Random,
  bytes: Uint8Array,
  corpus: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const at = random.below(bytes.length);
  const to = at + random.below(Math.min(64, bytes.length - at + 1));
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const copy = Uint8Array.from(bytes);
  switch (random.below(7)) {
    case 0:
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
      return copy;
    case 1:
      copy[at] = random.pick(BYTES);
      return copy;
    case 2:
      return Uint8Array.from(before);
    case 3:
      return Uint8Array.from(concatBytes(before, bytes.subarray(to)));
    case 4:
      return Uint8Array.from(concatBytes(before, bytes.subarray(at, to), after));
    case 5:
      return Uint8Array.from(concatBytes(before, random.pick(CHUNKS), after));
    default: {
      const other = random.pick(corpus);
      return Uint8Array.from(concatBytes(before, other.subarray(random.below(other.length))));
    }
  }
}

/** The JSON with a few values changed, added or taken away. */
export function mutateJson(random: Random, corpus: readonly Json[]): Json {
  const json = structuredClone(random.pick(corpus));
  for (let left = 1 + random.below(MAX_CHANGES); left > 0; left--) {
    const places = placesOf(json);
    if (places.length > MAX_PLACES) break;
    if (places.length > 0) changePlace(random, random.pick(places));
  }
  return random.below(50) === 0 ? anotherValue(random) : json;
}

interface Place {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: string;
}

function placesOf(json: Json): Place[] {
  if (json === null || typeof json !== 'object') return [];
  return Object.keys(json).flatMap((key) => {
    const holder = json as { [key: string]: Json };
    return [{ holder, key }, ...placesOf(holder[key]!)];
  });
}

function changePlace(random: Random, { holder, key }: Place): void {
  const fields = holder as { [key: string]: Json };
  const value = fields[key]!;
  switch (random.below(5)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 1:
      fields[key] = anotherValue(random);
      return;
    case 2:
      fields[key] = deep(value, 1 + random.below(200));
      return;
    case 3:
      // Each a copy: what is changed next is changed in one place. Lists of lists would grow beyond measure.
      fields[key] = Array.from({ length: random.below(value instanceof Object ? 8 : 300) }, () =>
        structuredClone(value),
      );
      return;
    default:
      fields[key] = typeof value === 'string' ? changeText(random, value) : [value];
  }
}

/** A copy, since it is changed where it then stands. */
function anotherValue(random: Random): Json {
  return structuredClone(random.pick(VALUES));
}

function deep(value: Json, depth: number): Json {
  let out = value;
  for (let left = depth; left > 0; left--) out = [out];
  return out;
}

function changeText(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const part = random.pick(['', 'A', '=', '0', 'é', '\u0000', '-', text.slice(0, at)]);
  return text.slice(0, at) + part + text.slice(at + random.below(3));
}
