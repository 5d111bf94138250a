/** Values of single fields: plausible ones by kind, and hostile ones. */
import type { JsonValue } from '../chain/descriptors/index.ts';
import type { SimulationRandom } from '../chain/testing/simulation.ts';
import { toBase64 } from '../wire/bytes.ts';
import type { Scalar } from './knowledge.ts';
import type { MessageField } from './messageFields.ts';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
/** Lengths of hashes, keys, signatures and addresses. */
const BYTE_LENGTHS = [0, 1, 20, 32, 33, 64];

/** Highest number that a plausible value has, by kind. */
const HIGHEST: Readonly<Record<string, number>> = { int32: 10_000, uint32: 10_000, sint32: 10_000 };
const LIMITS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int32: [-(1n << 31n), (1n << 31n) - 1n],
  sint32: [-(1n << 31n), (1n << 31n) - 1n],
  uint32: [0n, (1n << 32n) - 1n],
  int64: [-(1n << 63n), (1n << 63n) - 1n],
  sint64: [-(1n << 63n), (1n << 63n) - 1n],
};
const UINT64: readonly [bigint, bigint] = [0n, (1n << 64n) - 1n];

/** Whether the field holds a whole number, also one written as text. */
export function isNumeric({ kind, scalar }: MessageField): boolean {
  if (scalar === 'cosmos.Int') return true;
  return kind !== 'string' && kind !== 'bytes' && kind !== 'message' && kind !== 'enum';
}

/** A whole number up to `highest`, small ones as likely as large ones. */
export function amount(random: SimulationRandom, highest = 10 ** 12): number {
  const digits = random.integer(0, Math.floor(Math.log10(highest)));
  return Math.min(highest, random.integer(0, 10 ** (digits + 1)));
}

/** Lower-case letters. */
export function word(random: SimulationRandom, longest = 12): string {
  const length = random.integer(2, longest);
  return Array.from({ length }, () => random.pick(LETTERS)).join('');
}

/** A decimal from 0 to 1 with 18 places or fewer. */
export function decimal(random: SimulationRandom): string {
  if (random.chance(0.1)) return '1';
  const places = random.integer(1, 4);
  return `0.${random
    .integer(0, 10 ** places - 1)
    .toString()
    .padStart(places, '0')}`;
}

/** A plausible value of a field that is no message. */
export function plausible(random: SimulationRandom, field: MessageField): JsonValue {
  const { kind, scalar } = field;
  if (scalar === 'cosmos.Int') return amount(random).toString();
  if (scalar === 'cosmos.Dec') return decimal(random);
  if (kind === 'bool') return random.chance(0.5);
  if (kind === 'string') return word(random);
  if (kind === 'bytes') return toBase64(random.bytes(random.pick(BYTE_LENGTHS)));
  if (field.enumeration !== undefined) return random.pick([...field.enumeration.numbers.keys()]);
  const number = amount(random, HIGHEST[kind] ?? 10 ** 9);
  return kind.startsWith('u') || random.chance(0.8) ? number.toString() : (-number).toString();
}

/** A value that code may not expect, of a form that can still be encoded. */
export function hostile(random: SimulationRandom, field: MessageField): JsonValue {
  const { kind, scalar } = field;
  if (scalar === 'cosmos.Dec') {
    return random.pick(['0', '-1', '1.000000000000000001', '79228162514264337593543950335']);
  }
  if (scalar === 'cosmos.Int') return random.pick(['0', '-1', `${1n << 255n}`, `${1n << 64n}`]);
  if (kind === 'string') {
    return random.pick(['', ' ', '\u0000', 'ä'.repeat(40), 'x'.repeat(5000), '../..', '-0', '1e9']);
  }
  if (kind === 'bytes') return toBase64(random.bytes(random.pick([0, 1, 19, 31, 63, 65, 4096])));
  if (kind === 'bool') return random.chance(0.5);
  if (field.enumeration !== undefined) return random.pick([...field.enumeration.numbers.keys()]);
  const [low, high] = LIMITS[kind] ?? UINT64;
  return random.pick([low, low + 1n, 0n, 1n, high - 1n, high]).toString();
}

/** The known value as JSON of the field, or undefined when it cannot stand there. */
export function fitted(field: MessageField, value: Scalar): JsonValue | undefined {
  const { kind } = field;
  if (kind === 'message') return undefined;
  if (kind === 'bool') return typeof value === 'boolean' ? value : undefined;
  if (field.enumeration !== undefined) {
    return typeof value === 'string' && field.enumeration.numbers.has(value) ? value : undefined;
  }
  if (isNumeric(field) && kind !== 'string') {
    const text = String(value);
    if (!/^-?\d{1,20}$/.test(text)) return undefined;
    const [low, high] = LIMITS[kind] ?? UINT64;
    return BigInt(text) >= low && BigInt(text) <= high ? text : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (kind === 'bytes') return /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? padded(value) : undefined;
  if (field.scalar === 'cosmos.Int') return /^\d+$/.test(value) ? value : undefined;
  return value;
}

const padded = (text: string): string | undefined => (text.length % 4 === 0 ? text : undefined);
