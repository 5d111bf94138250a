/** Events: what a transaction or block says happened, for indexers and wallets. */
import type { Event } from '../abci/types.ts';

/** Attributes in the order in which they are written. */
export type EventAttributes = Readonly<Record<string, string>>;

/** An ABCI event whose attributes are all indexed. */
export function makeEvent(type: string, attributes: EventAttributes): Event {
  return {
    type,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value, index: true })),
  };
}

/** `deviceRegistered` becomes `device_registered`, the form that event queries use. */
export function eventType(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
