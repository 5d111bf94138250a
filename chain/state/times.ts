/** Times in state: nanoseconds since the Unix epoch, as protobuf has them and as text that sorts. */
import type { Timestamp } from '../../wire/gen/google/protobuf/timestamp.ts';
import { formatTime } from '../../wire/time.ts';

const SECOND = 1_000_000_000n;

/** Go's zero time, 0001-01-01T00:00:00Z: what a time that is not nullable holds when none was given. */
export const GO_ZERO_TIME_NS = -62_135_596_800n * SECOND;

/** A time as protobuf has it. */
export function timestampOf(timeNs: bigint): Timestamp {
  const nanos = ((timeNs % SECOND) + SECOND) % SECOND;
  return { seconds: (timeNs - nanos) / SECOND, nanos: Number(nanos) };
}

/** Nanoseconds of a Timestamp or a Duration; 0 for none. */
export const nanosecondsOf = (time: Pick<Timestamp, 'seconds' | 'nanos'> | undefined): bigint =>
  (time?.seconds ?? 0n) * SECOND + BigInt(time?.nanos ?? 0);

/**
 * `2006-01-02T15:04:05.000000000`: text that sorts as time does (the SDK's SortableTimeFormat).
 * @throws RangeError outside the years 1 to 9999.
 */
export function sortableTime(timeNs: bigint): string {
  const nanos = ((timeNs % SECOND) + SECOND) % SECOND;
  return `${formatTime(timeNs - nanos).slice(0, -1)}.${nanos.toString().padStart(9, '0')}`;
}
