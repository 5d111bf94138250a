/** What a simulation came to, as a table for people or as JSON. */
import type { JsonObject } from '../chain/descriptors/index.ts';
import { table } from '../cli/output.ts';
import { toHex } from '../wire/bytes.ts';
import type { SimulationResult } from './simulate.ts';
import type { MessageTally } from './tally.ts';

/** Reasons shown of a message in the table. */
const TOP_REASONS = 4;

/** The result as JSON; `seed` and the module as they were asked for. */
export function resultJson(seed: string, result: SimulationResult): JsonObject {
  const { failure } = result;
  return {
    seed,
    blocks: result.executed.length,
    transactions: result.transactions,
    app_hash: toHex(result.appHash).toUpperCase(),
    messages: result.messages.filter(isTried).map((tally) => ({
      type: `/${tally.name}`,
      module: tally.module,
      accepted: tally.accepted,
      refused: Object.fromEntries(sorted(tally)),
    })),
    never_accepted: neverAccepted(result).map(({ name }) => `/${name}`),
    failure:
      failure === undefined
        ? null
        : { kind: failure.kind, height: failure.height.toString(), text: failure.text },
  };
}

/** Tables of messages, and a line of what was run. */
export function resultText(seed: string, result: SimulationResult): string {
  const rows = result.messages.filter(isTried).map((tally) => {
    const refused = sorted(tally);
    const total = refused.reduce((sum, [, count]) => sum + count, 0);
    const shown = refused.slice(0, TOP_REASONS).map(([reason, count]) => `${reason} ×${count}`);
    return [
      tally.module,
      tally.name.slice(tally.name.lastIndexOf('.') + 1),
      tally.accepted.toString(),
      total.toString(),
      shown.join(', ') + (refused.length > TOP_REASONS ? ', …' : ''),
    ];
  });
  const never = neverAccepted(result).map(({ name }) => name);
  return [
    ...table(['module', 'message', 'accepted', 'refused', 'by code'], rows),
    '',
    `seed ${seed}: ${result.executed.length} blocks, ${result.transactions} transactions, AppHash ${toHex(result.appHash).toUpperCase()}`,
    ...(never.length === 0 ? [] : [`never accepted: ${never.join(', ')}`]),
  ].join('\n');
}

/** Messages that were tried but never accepted. */
export function neverAccepted({ messages }: SimulationResult): readonly MessageTally[] {
  return messages.filter((tally) => isTried(tally) && tally.accepted === 0);
}

const isTried = ({ accepted, refused }: MessageTally): boolean => accepted > 0 || refused.size > 0;

const sorted = ({ refused }: MessageTally): [string, number][] =>
  [...refused].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
