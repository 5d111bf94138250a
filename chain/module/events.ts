/** Events: what a transaction or block says happened, for indexers and wallets. */
import type { Event, EventAttribute } from '../abci/types.ts';
import { Descriptors, fromJson, type JsonObject, toJson } from '../descriptors/index.ts';

/** Attributes in the order in which they are written. */
export type EventAttributes = Readonly<Record<string, string>>;

/** A generated message that is emitted as an event. */
export interface EventType<T> {
  readonly $type: string;
  encode(event: T): { finish(): Uint8Array };
  // biome-ignore lint/suspicious/noExplicitAny: generated decoders take more than bytes.
  decode(input: any, length?: number): T;
}

/**
 * An ABCI event as it was emitted, all its attributes indexed. The list of them is made when it is asked for: a block has
 * tens of thousands, and few are ever read.
 */
export class EmittedEvent implements Event {
  readonly type: string;
  readonly emitted: EventAttributes;
  /** One more attribute, behind the others. */
  readonly last: EventAttribute | undefined;

  /** @param emitted must not be changed afterwards */
  constructor(type: string, emitted: EventAttributes, last?: EventAttribute) {
    this.type = type;
    this.emitted = emitted;
    this.last = last;
  }

  /** Another list each time. */
  get attributes(): readonly EventAttribute[] {
    const list = Object.entries(this.emitted).map(([key, value]) => ({ key, value, index: true }));
    if (this.last !== undefined) list.push(this.last);
    return list;
  }

  /** The event as data, for who writes it down. */
  toJSON(): Event {
    return { type: this.type, attributes: this.attributes };
  }
}

/** An event of a block hook, marked as baseapp marks them (baseapp/baseapp.go, beginBlock and endBlock). */
export function hookEvent({ type, attributes }: Event, mode: 'BeginBlock' | 'EndBlock'): Event {
  return { type, attributes: [...attributes, { key: 'mode', value: mode, index: true }] };
}

/**
 * A message as an event, as the SDK emits typed events (types/events.go, TypedEventToEvent): the type is the full
 * name of the message, each attribute the JSON of a field, in the order of the names; `last` stands behind them.
 */
export function typedEvent<T>(type: EventType<T>, event: T, last?: EventAttribute): Event {
  const fields = toJson(Descriptors.load(), type.$type, type.encode(event).finish());
  const attributes = Object.entries(fields as Record<string, unknown>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, value: jsonText(value), index: true }));
  if (last !== undefined) attributes.push(last);
  return { type: type.$type, attributes };
}

/**
 * The message that an event was emitted from; undefined for an event of another type.
 * @throws TypeError naming the attribute that does not fit the type.
 */
export function parseTypedEvent<T>(type: EventType<T>, event: Event): T | undefined {
  if (event.type !== type.$type) return undefined;
  const isOwn = ({ key }: { readonly key: string }): boolean =>
    key !== 'msg_index' && key !== 'mode';
  const fields: JsonObject = Object.fromEntries(
    event.attributes.filter(isOwn).map(({ key, value }) => [key, JSON.parse(value)]),
  );
  return type.decode(fromJson(Descriptors.load(), type.$type, fields, type.$type));
}

/** Go's encoder writes these five as escapes, so that JSON can stand in HTML. */
const ESCAPED = /[<>&\u2028\u2029]/g;

const jsonText = (value: unknown): string =>
  JSON.stringify(value).replace(
    ESCAPED,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** @throws TypeError naming an entry that is not a message whose name begins with Event. */
export function checkEvents(
  module: string,
  events: Readonly<Record<string, { readonly $type: string }>>,
): void {
  for (const [name, type] of Object.entries(events)) {
    if (/\.Event[A-Z][A-Za-z0-9]*$/.test(type.$type)) continue;
    throw new TypeError(`${module}.events.${name}: ${type.$type} is not named Event…`);
  }
}
