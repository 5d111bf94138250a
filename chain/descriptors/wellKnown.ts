/** The JSON texts of google.protobuf.Timestamp and Duration, with Go's fractions of 0, 3, 6 or 9 digits. */
import { ProtoWriter } from '../../wire/protobuf.ts';

export const TIMESTAMP = 'google.protobuf.Timestamp';
export const DURATION = 'google.protobuf.Duration';
export const ANY = 'google.protobuf.Any';

/** Go's zero time, 0001-01-01T00:00:00Z, in seconds since the Unix epoch. */
export const GO_ZERO_SECONDS = -62_135_596_800n;
const LAST_SECOND = 253_402_300_799n;
const LAST_DURATION_SECOND = 315_576_000_000n;
const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;
const SECONDS_TEXT = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;

/** Seconds and nanoseconds, as both messages hold them. */
export interface Instant {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** The bytes of a Timestamp or a Duration: both have seconds in field 1 and nanoseconds in field 2. */
export function encodeInstant({ seconds, nanos }: Instant): Uint8Array {
  return new ProtoWriter().varint(1, seconds).varint(2, nanos).finish();
}

/** Go's time.Duration holds nanoseconds in an int64. */
const MAX_GO_DURATION_NS = (1n << 63n) - 1n;

/** @throws TypeError naming `title` for what Go does not decode as a time.Time. */
export function checkTimestamp({ seconds, nanos }: Instant, title: string): void {
  if (seconds >= GO_ZERO_SECONDS && seconds <= LAST_SECOND && nanos >= 0 && nanos < 1e9) return;
  throw new TypeError(`${title}: ${seconds} s ${nanos} ns is not in the years 1 to 9999`);
}

/** @throws TypeError naming `title` for what Go does not decode as a time.Duration. */
export function checkDuration({ seconds, nanos }: Instant, title: string): void {
  const isMixed = (seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0);
  const total = seconds * 1_000_000_000n + BigInt(nanos);
  const fits = total <= MAX_GO_DURATION_NS && total >= -MAX_GO_DURATION_NS - 1n;
  if (fits && !isMixed && Math.abs(nanos) < 1e9) return;
  throw new TypeError(`${title}: ${seconds} s ${nanos} ns is not a duration of Go`);
}

/** RFC 3339 in UTC. @throws TypeError naming `title` outside the years 1 to 9999. */
export function timestampText({ seconds, nanos }: Instant, title: string): string {
  if (seconds < GO_ZERO_SECONDS || seconds > LAST_SECOND || nanos < 0 || nanos > 999_999_999) {
    throw new TypeError(`${title}: ${seconds} s ${nanos} ns is not in the years 1 to 9999`);
  }
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}${fraction(nanos)}Z`;
}

/** Such as `3600s` or `1.500s`. @throws TypeError naming `title` for mixed signs or more than 10,000 years. */
export function durationText({ seconds, nanos }: Instant, title: string): string {
  const tooLong = seconds < -LAST_DURATION_SECOND || seconds > LAST_DURATION_SECOND;
  const mixed = (seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0);
  if (tooLong || mixed || Math.abs(nanos) > 999_999_999) {
    throw new TypeError(`${title}: ${seconds} s ${nanos} ns is not a duration`);
  }
  const sign = seconds === 0n && nanos < 0 ? '-' : '';
  return `${sign}${seconds}${fraction(Math.abs(nanos))}s`;
}

function fraction(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(000){1,2}$/, '')}`;
}

/** @throws TypeError naming `title` when the text is not RFC 3339 or the date does not exist. */
export function parseTimestamp(text: string, title: string): Instant {
  const match = RFC3339.exec(text);
  if (match === null) throw notATime(text, title);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  if (date.toISOString().slice(0, 19) !== text.slice(0, 19)) throw notATime(text, title);
  const offsetMinutes = Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0);
  const offset = BigInt((match[8] === '-' ? -60 : 60) * offsetMinutes);
  const seconds = BigInt(date.getTime() / 1000) - offset;
  if (seconds < GO_ZERO_SECONDS || seconds > LAST_SECOND) throw notATime(text, title);
  return { seconds, nanos: Number((match[7] ?? '').padEnd(9, '0')) };
}

function notATime(text: string, title: string): TypeError {
  const given = JSON.stringify(text.slice(0, 60));
  return new TypeError(`${title}: expected a time such as "2026-01-31T12:00:00Z", got ${given}`);
}

/** @throws TypeError naming `title` when the text is not a number of seconds followed by `s`. */
export function parseDuration(text: string, title: string): Instant {
  const match = SECONDS_TEXT.exec(text);
  const seconds = BigInt(match?.[2] ?? 0);
  if (match === null || seconds > LAST_DURATION_SECOND) {
    const given = JSON.stringify(text.slice(0, 60));
    throw new TypeError(`${title}: expected a duration such as "3600s", got ${given}`);
  }
  const nanos = Number((match[3] ?? '').padEnd(9, '0'));
  return match[1] === '-'
    ? { seconds: -seconds, nanos: nanos === 0 ? 0 : -nanos }
    : { seconds, nanos };
}
