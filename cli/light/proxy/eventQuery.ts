/** Which events a verifying proxy tells of: those that headers prove. */
import { type EventCondition, parseEventQuery } from '../../../localnet/index.ts';

const KINDS = ['NewBlock', 'NewBlockHeader', 'Tx'] as const;
export type EventKind = (typeof KINDS)[number];

/** What is in hashes: all other attributes are the word of a node. */
const PROVEN_TAGS: ReadonlySet<string> = new Set(['tm.event', 'tx.hash', 'tx.height']);

/** A query for events of one kind. */
export interface EventQuery {
  readonly kind: EventKind;
  readonly conditions: readonly EventCondition[];
}

/**
 * The query, in CometBFT's language.
 * @throws TypeError for a text that is none, and for events and attributes that no header proves.
 */
export function readEventQuery(text: string): EventQuery {
  const conditions = parseEventQuery(text);
  const unproven = conditions.find(({ tag }) => !PROVEN_TAGS.has(tag));
  if (unproven !== undefined) {
    throw new TypeError(`query: ${unproven.tag} is in no hash: nothing proves its events`);
  }
  const kinds = conditions.flatMap(({ tag, operator, operand }) =>
    tag === 'tm.event' && operator === '=' && operand?.type === 'text' ? [operand.text] : [],
  );
  const kind = KINDS.find((known) => known === kinds[0]);
  if (kind !== undefined) return { kind, conditions };
  const known = KINDS.map((name) => `tm.event='${name}'`).join(', ');
  throw new TypeError(`query: expected one of ${known}: other events are in no hash`);
}
