/**
 * Cuts a value of a message down, of which JSON is all that is known: fields and entries of lists are left out, texts
 * and bytes shortened, numbers brought to 0, to 1, or to the least that a failure takes.
 */
import type { JsonObject, JsonValue } from '../chain/descriptors/index.ts';
import { minimal } from './minimal.ts';

/** Whether the failure remains with this value in place of the one before. */
type Fails = (value: JsonValue) => Promise<boolean>;

/** What a message must keep to be one. */
const TYPE = '@type';
/** Steps of the search between a power of ten that is too small and one that is enough. */
const REFINEMENTS = 64;
const WHOLE = /^-?\d{1,100}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Of an address no part is one. */
const ADDRESS = /^[a-z]+1[a-z0-9]{38,}$/;

/** A value with which the failure remains, at most as large; the same one when nothing can be left out. */
export async function smallerValue(value: JsonValue, fails: Fails): Promise<JsonValue> {
  if (Array.isArray(value)) return smallerList(value, fails);
  if (typeof value === 'object' && value !== null) return smallerObject(value, fails);
  if (typeof value === 'number') return smallerNumber(BigInt(Math.trunc(value)), Number, fails);
  if (typeof value !== 'string') return value;
  if (WHOLE.test(value)) return smallerNumber(BigInt(value), String, fails);
  return smallerText(value, fails);
}

/** The object without the fields that the failure does not take, and the others cut down; its type stays. */
export async function smallerObject<T extends JsonObject>(
  object: T,
  fails: (value: T) => Promise<boolean>,
): Promise<T> {
  const type = Object.entries(object).filter(([name]) => name === TYPE);
  const withFields = (fields: readonly (readonly [string, JsonValue])[]): T =>
    Object.fromEntries([...type, ...fields]) as T;
  const fields = Object.entries(object).filter(([name]) => name !== TYPE);
  const kept = await minimal(fields, (some) => fails(withFields(some)));
  const smaller = [...kept];
  for (const [at, [name, value]] of kept.entries()) {
    const withValue = (other: JsonValue): T => withFields(smaller.with(at, [name, other]));
    smaller[at] = [name, await smallerValue(value, (other) => fails(withValue(other)))];
  }
  return withFields(smaller);
}

async function smallerList(list: readonly JsonValue[], fails: Fails): Promise<JsonValue> {
  const smaller = [...(await minimal(list, (some) => fails([...some])))];
  for (const [at, entry] of smaller.entries()) {
    smaller[at] = await smallerValue(entry, (other) => fails(smaller.with(at, other)));
  }
  return smaller;
}

/** The number nearest to 0 that the search finds: 0, 1, or between two powers of ten. */
async function smallerNumber(
  number: bigint,
  write: (number: bigint) => JsonValue,
  fails: Fails,
): Promise<JsonValue> {
  const sign = number < 0n ? -1n : 1n;
  const highest = number * sign;
  const suffices = (size: bigint): Promise<boolean> => fails(write(size * sign));
  for (const size of [0n, 1n]) {
    if (size >= highest) return write(number);
    if (await suffices(size)) return write(size * sign);
  }
  const powers = Array.from({ length: highest.toString().length }, (_, i) => 10n ** BigInt(i));
  const enough = await leastIndex(powers.length, (i) => suffices(powers[i]!));
  let low = powers[enough - 1] ?? 1n;
  let high = powers[enough] ?? highest;
  for (let step = 0; step < REFINEMENTS && high - low > 1n; step++) {
    const middle = (low + high) / 2n;
    if (await suffices(middle)) high = middle;
    else low = middle;
  }
  return write(high * sign);
}

/** The beginning of a text that it takes; of what reads as base64 whole groups, so that it stays base64. */
async function smallerText(text: string, fails: Fails): Promise<JsonValue> {
  if (ADDRESS.test(text)) return text;
  const unit = BASE64.test(text) ? 4 : 1;
  const cut = (units: number): string => text.slice(0, units * unit);
  const units = Math.ceil(text.length / unit);
  return cut(await leastIndex(units, (some) => fails(cut(some))));
}

/** The least number below `count` for which something holds, or `count`; it is taken to hold for all above it. */
async function leastIndex(
  count: number,
  holds: (index: number) => Promise<boolean>,
): Promise<number> {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await holds(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}
