/** Whether a transaction came to the same again. */
import type { TxResult } from '../../chain/abci/types.ts';
import type { JsonObject } from '../../chain/descriptors/index.ts';
import { toHex } from '../../wire/bytes.ts';

/** A part of a result that is not what was recorded. */
export interface Difference extends JsonObject {
  readonly field: string;
  readonly recorded: string;
  readonly now: string;
}

const PARTS: readonly (readonly [string, (result: TxResult) => string])[] = [
  ['codespace', ({ codespace }) => codespace],
  ['code', ({ code }) => code.toString()],
  ['gas_wanted', ({ gasWanted }) => gasWanted.toString()],
  ['gas_used', ({ gasUsed }) => gasUsed.toString()],
  ['data', ({ data }) => toHex(data)],
  ['log', ({ log }) => log],
];

/** Every field of the result that differs; events one by one. */
export function compareResults(recorded: TxResult, now: TxResult): Difference[] {
  const differences: Difference[] = [];
  const note = (field: string, before: string, after: string): void => {
    if (before !== after) differences.push({ field, recorded: before, now: after });
  };
  for (const [field, read] of PARTS) note(field, read(recorded), read(now));
  const count = Math.max(recorded.events.length, now.events.length);
  for (let i = 0; i < count; i++) {
    const [before, after] = [recorded.events[i], now.events[i]].map((event) =>
      event === undefined ? 'absent' : JSON.stringify(event),
    );
    note(`events[${i}]`, before!, after!);
  }
  return differences;
}
