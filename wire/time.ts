/**
 * Times as nanoseconds since the Unix epoch: their protobuf form (google.protobuf.Timestamp) and
 * their text form (RFC 3339 with up to nine digits of a second, as Go's RFC3339Nano).
 * Both reach from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
 */
import { messageCodec } from './messageCodec.ts';
import { int32Of, int64Of, type MessageShape, ProtoWriter, readFields } from './protobuf.ts';
import { ZERO_TIME } from './types.ts';

const NS_PER_SECOND = 1_000_000_000n;
const NS_PER_MINUTE = 60n * NS_PER_SECOND;

/** 9999-12-31T23:59:59.999999999Z, the last time that a Timestamp may hold. */
export const MAX_TIME = 253_402_300_800n * NS_PER_SECOND - 1n;

const RFC_3339 =
  /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/** What a google.protobuf.Timestamp holds. */
export interface Timestamp {
  readonly seconds: bigint;
  readonly nanos: number;
}

const TIMESTAMP_SHAPE: MessageShape = {
  1: { name: 'seconds', wireType: 0 },
  2: { name: 'nanos', wireType: 0 },
};

/** Of a `Timestamp` in its canonical form. */
export const timestampCodec = /* @__PURE__ */ messageCodec<Timestamp>('time', {
  seconds: 'int64',
  nanos: 'enum',
});

/** A google.protobuf.Timestamp. @throws RangeError outside the years 1 to 9999. */
export function encodeTimestamp(ns: bigint): Uint8Array {
  const { seconds, nanos } = splitTime(ns, 'time');
  // Both are exact as numbers, which are written faster.
  return new ProtoWriter().varint(1, Number(seconds)).varint(2, Number(nanos)).finish();
}

/**
 * Nanoseconds of a google.protobuf.Timestamp in any order and with zeros written out: what a transaction holds need
 * not be canonical. @throws TypeError or RangeError naming `title`.
 */
export function decodeTimestamp(bytes: Uint8Array, title = 'time'): bigint {
  let seconds = 0n;
  let nanos = 0;
  for (const field of readFields(bytes, title, TIMESTAMP_SHAPE)) {
    if (field.number === 1) seconds = int64Of(field);
    else nanos = int32Of(field, `${title}.nanos`);
  }
  return timeOf({ seconds, nanos }, title);
}

/** Its nanoseconds. @throws RangeError naming `title`. */
export function timeOf({ seconds, nanos }: Timestamp, title: string): bigint {
  if (nanos < 0 || nanos > 999_999_999) {
    throw new RangeError(`${title}.nanos: expected 0 to 999999999, got ${nanos}`);
  }
  return checkTime(seconds * NS_PER_SECOND + BigInt(nanos), title);
}

/**
 * RFC 3339 in UTC with a trimmed fraction, for example "2024-05-01T10:00:00.00012Z".
 * @throws RangeError outside the years 1 to 9999.
 */
export function formatTime(ns: bigint): string {
  const { seconds, nanos } = splitTime(ns, 'time');
  const digits = nanos.toString().padStart(9, '0').replace(/0+$/, '');
  const fraction = digits === '' ? '' : `.${digits}`;
  return `${isoSeconds(Number(seconds))}${fraction}Z`;
}

/**
 * Nanoseconds of an RFC 3339 text in any offset, with up to nine digits of a second.
 * @throws TypeError naming `title` for another form, RangeError outside the years 1 to 9999.
 */
export function parseTime(text: string, title = 'time'): bigint {
  const match = RFC_3339.exec(text);
  const whole = match && `${match[1]}T${match[2]}`;
  const milliseconds = whole ? Date.parse(`${whole}Z`) : Number.NaN;
  // Engines differ on days such as 30 February: only a date that prints as it was read is one.
  if (!match || Number.isNaN(milliseconds) || isoSeconds(milliseconds / 1000) !== whole) {
    throw new TypeError(`${title}: expected an RFC 3339 time, got "${text.slice(0, 80)}"`);
  }
  const nanos = BigInt((match[3] ?? '').padEnd(9, '0'));
  const minutes = BigInt(match[5] ?? 0) * 60n + BigInt(match[6] ?? 0);
  const offset = (match[4] === '-' ? -minutes : minutes) * NS_PER_MINUTE;
  return checkTime(BigInt(milliseconds) * 1_000_000n + nanos - offset, title);
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}

function splitTime(ns: bigint, title: string): { seconds: bigint; nanos: bigint } {
  checkTime(ns, title);
  const nanos = (ns - ZERO_TIME) % NS_PER_SECOND;
  return { seconds: (ns - nanos) / NS_PER_SECOND, nanos };
}

function checkTime(ns: bigint, title: string): bigint {
  if (ns < ZERO_TIME || ns > MAX_TIME) {
    throw new RangeError(`${title}: expected the years 1 to 9999, got ${ns} ns since 1970`);
  }
  return ns;
}
