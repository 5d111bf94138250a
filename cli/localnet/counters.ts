/** What a network has done since genesis, counted from the results of its blocks. */
import type { Event, TxResult } from '../../chain/abci/types.ts';
import { parseTypedEvent } from '../../chain/module/events.ts';
import { EventLeaseSettled } from '../../wire/gen/depin/compute/v1/events.ts';
import { EventRewardPaid as CoverageReward } from '../../wire/gen/depin/coverage/v1/events.ts';
import {
  EventBatchCommitted,
  EventDeviceRegistered,
  EventReportRefused,
} from '../../wire/gen/depin/devices/v1/events.ts';
import { EventRewardPaid as SensorsReward } from '../../wire/gen/depin/sensors/v1/events.ts';

/** Results of one block. */
export interface BlockOutcome {
  readonly height: bigint;
  readonly results: readonly Pick<TxResult, 'code' | 'codespace' | 'log' | 'events'>[];
  /** Of the block itself. */
  readonly events: readonly Event[];
}

/** Counts up to a height; amounts in base units. */
export interface Counts {
  height: bigint;
  transactions: number;
  failedTransactions: number;
  devices: number;
  reportsVerified: number;
  /** To owners of devices: shares of the pools, and what leases pay to providers. */
  rewardsPaid: bigint;
  /** Refused reports and refused messages of the modules, by reason. */
  refusals: Record<string, number>;
}

/** As the chain's tables have it, so there are few. */
const MAX_REASONS = 256;

/** Nothing yet. */
export function noCounts(): Counts {
  return {
    height: 0n,
    transactions: 0,
    failedTransactions: 0,
    devices: 0,
    reportsVerified: 0,
    rewardsPaid: 0n,
    refusals: {},
  };
}

/** Adds a block, which must be the next one. */
export function countBlock(counts: Counts, block: BlockOutcome): void {
  counts.height = block.height;
  counts.transactions += block.results.length;
  for (const { code, codespace, log, events } of block.results) {
    if (code === 0) {
      for (const event of events) countEvent(counts, event);
      continue;
    }
    counts.failedTransactions++;
    // What a module refuses as a whole, for example a batch without one good report.
    if (codespace !== 'sdk') refuse(counts, `${codespace}/${code}: ${log.split(': ').at(-1)}`);
  }
  for (const event of block.events) countEvent(counts, event);
}

/** What an event adds, by its type. */
const COUNTED: Readonly<Record<string, (counts: Counts, event: Event) => void>> = {
  [EventDeviceRegistered.$type]: (counts) => {
    counts.devices++;
  },
  [EventReportRefused.$type]: (counts, event) => {
    refuse(counts, parseTypedEvent(EventReportRefused, event)?.reason ?? '');
  },
  [EventBatchCommitted.$type]: (counts, event) => {
    counts.reportsVerified += parseTypedEvent(EventBatchCommitted, event)?.accepted ?? 0;
  },
  [CoverageReward.$type]: (counts, event) => {
    counts.rewardsPaid += BigInt(parseTypedEvent(CoverageReward, event)?.amount ?? '0');
  },
  [SensorsReward.$type]: (counts, event) => {
    counts.rewardsPaid += BigInt(parseTypedEvent(SensorsReward, event)?.amount ?? '0');
  },
  [EventLeaseSettled.$type]: (counts, event) => {
    counts.rewardsPaid += BigInt(parseTypedEvent(EventLeaseSettled, event)?.paid ?? '0');
  },
};

function countEvent(counts: Counts, event: Event): void {
  COUNTED[event.type]?.(counts, event);
}

function refuse({ refusals }: Counts, reason: string): void {
  const isNew = !Object.hasOwn(refusals, reason);
  if (isNew && Object.keys(refusals).length >= MAX_REASONS) return;
  refusals[reason] = (refusals[reason] ?? 0) + 1;
}

/** The most frequent reasons. */
export function topRefusals({ refusals }: Counts, count: number): (readonly [string, number])[] {
  return Object.entries(refusals)
    .sort(([, a], [, b]) => b - a)
    .slice(0, count);
}

/** For `counters.json`. */
export function countsToText(counts: Counts): string {
  const value = {
    ...counts,
    height: counts.height.toString(),
    rewardsPaid: counts.rewardsPaid.toString(),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Counts of a file; undefined for a text that holds none: they are counted again then. */
export function countsOfText(text: string): Counts | undefined {
  try {
    const value = JSON.parse(text) as Record<keyof Counts, unknown>;
    const numbers = ['transactions', 'failedTransactions', 'devices', 'reportsVerified'] as const;
    if (!numbers.every((name) => Number.isSafeInteger(value[name]))) return undefined;
    const { refusals, height, rewardsPaid } = value;
    if (typeof refusals !== 'object' || refusals === null) return undefined;
    if (!Object.values(refusals).every(Number.isSafeInteger)) return undefined;
    return {
      ...(value as unknown as Counts),
      height: BigInt(String(height)),
      rewardsPaid: BigInt(String(rewardsPaid)),
    };
  } catch {
    return undefined;
  }
}
