/** Events of committed blocks, handed to whoever subscribed with a query (CometBFT types/event_bus.go). */
import type { Event } from '../../chain/abci/types.ts';
import { txHash } from '../../wire/block.ts';
import { hexToJson } from '../../wire/json/encode.ts';
import type { Validator } from '../../wire/types.ts';
import type { BlockRecord } from './blockRecord.ts';
import { type Condition, eventsMatch, type FlatEvents } from './query.ts';

/** What happened, by the name that `tm.event` has. */
export type ChainEvent =
  | {
      readonly type: 'NewBlock' | 'NewBlockHeader' | 'NewBlockEvents';
      readonly record: BlockRecord;
    }
  | { readonly type: 'Tx'; readonly record: BlockRecord; readonly index: number }
  | { readonly type: 'ValidatorSetUpdates'; readonly validators: readonly Validator[] };

export type Subscriber = (event: ChainEvent, attributes: FlatEvents) => void;

interface Subscription {
  readonly conditions: readonly Condition[];
  readonly subscriber: Subscriber;
}

export class EventBus {
  readonly #subscriptions = new Set<Subscription>();

  /** Calls the subscriber for each event that meets the conditions, until the returned function is called. */
  subscribe(conditions: readonly Condition[], subscriber: Subscriber): () => void {
    const subscription = { conditions, subscriber };
    this.#subscriptions.add(subscription);
    return () => {
      this.#subscriptions.delete(subscription);
    };
  }

  /** Publishes what a committed block means, in CometBFT's order. */
  publishBlock(record: BlockRecord, validators: readonly Validator[]): void {
    if (this.#subscriptions.size === 0) return;
    const { results, block } = record;
    const blockEvents = flatten(results.events);
    this.#publish({ type: 'NewBlock', record }, blockEvents);
    this.#publish({ type: 'NewBlockHeader', record }, new Map());
    this.#publish({ type: 'NewBlockEvents', record }, blockEvents);
    for (const [index, tx] of block.transactions.entries()) {
      const attributes = flatten(results.txResults[index]!.events);
      append(attributes, 'tx.hash', hexToJson(txHash(tx)));
      append(attributes, 'tx.height', String(block.header.height));
      this.#publish({ type: 'Tx', record, index }, attributes);
    }
    if (validators.length > 0) {
      this.#publish({ type: 'ValidatorSetUpdates', validators }, new Map());
    }
  }

  #publish(event: ChainEvent, attributes: ReadonlyMap<string, string[]>): void {
    const all = new Map([...attributes].map(([key, values]) => [key, [...values]]));
    append(all, 'tm.event', event.type);
    for (const { conditions, subscriber } of [...this.#subscriptions]) {
      if (eventsMatch(conditions, all)) subscriber(event, all);
    }
  }
}

function flatten(events: readonly Event[]): Map<string, string[]> {
  const flat = new Map<string, string[]>();
  for (const { type, attributes } of events) {
    if (type === '') continue;
    for (const { key, value } of attributes) {
      if (key !== '') append(flat, `${type}.${key}`, value);
    }
  }
  return flat;
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
