/**
 * Values for fields of a message from what was seen of the state: from a record that speaks of the same thing as the
 * message so far, from one that it uses already, or from another one.
 */
import type { JsonValue } from '../chain/descriptors/index.ts';
import type { SimulationWorld } from '../chain/testing/simulation.ts';
import { shuffled, weighted } from './choices.ts';
import type { Knowledge, KnownRecord, Slot } from './knowledge.ts';
import type { MessageField } from './messageFields.ts';
import { fitted } from './values.ts';

/** Records looked at for one that speaks of what a message speaks of already. */
const MAX_JOINED = 400;
/** Records that are tried for one that fits. */
const ATTEMPTS = 6;

/** One message that is being made. */
export interface Making {
  readonly world: SimulationWorld;
  readonly messageName: string;
  readonly depth: number;
  /** Records that gave values to this message. */
  readonly used: KnownRecord[];
  /** Its values so far, by field name. */
  readonly chosen: Map<string, JsonValue>;
}

export class SeenValues {
  readonly #knowledge: Knowledge;
  readonly #prefix: string;

  constructor(knowledge: Knowledge, prefix: string) {
    this.#knowledge = knowledge;
    this.#prefix = prefix;
  }

  /** A value that was seen under a fitting name; undefined when there is none. */
  valueFor(making: Making, field: MessageField): JsonValue | undefined {
    const slots = this.#knowledge.slotsFor(field.name);
    const isJoined = making.world.random.chance(0.85);
    return (
      (isJoined ? this.#joined(making, field, slots) : undefined) ??
      this.#fromUsed(making, field, slots) ??
      this.#fromAnother(making, field, slots)
    );
  }

  /** From a record that says the same as this message under a name that both know, such as a `device_id`. */
  #joined(making: Making, field: MessageField, slots: readonly Slot[]): JsonValue | undefined {
    const { random } = making.world;
    const telling = [...making.chosen].filter(([name, value]) => isTelling(name, value));
    const good = slots.filter(({ score }) => score >= 2);
    let looked = 0;
    for (const [other, wanted] of shuffled(random, telling)) {
      const keys = this.#knowledge.slotsFor(other).filter(({ score }) => score >= 2);
      for (const { collection, leaf } of shuffled(random, good)) {
        const key = keys.find((each) => each.collection === collection);
        if (key === undefined || key.leaf === leaf || looked > MAX_JOINED) continue;
        const records = this.#knowledge.records(collection);
        looked += records.length;
        const record = records.findLast(({ values }) => values.get(key.leaf) === wanted);
        const usable = record && this.#usable(field, record, leaf);
        if (usable === undefined) continue;
        making.used.push(record!);
        return usable;
      }
    }
    return undefined;
  }

  #fromUsed(making: Making, field: MessageField, slots: readonly Slot[]): JsonValue | undefined {
    const { random } = making.world;
    for (const record of shuffled(random, making.used)) {
      const own = slots.filter(({ collection }) => collection === record.collection);
      const best = own.toSorted((a, b) => b.score - a.score)[0];
      if (best === undefined || (best.score < 2 && random.chance(0.5))) continue;
      const usable = this.#usable(field, record, best.leaf);
      if (usable !== undefined) return usable;
    }
    return undefined;
  }

  #fromAnother(making: Making, field: MessageField, slots: readonly Slot[]): JsonValue | undefined {
    const { random } = making.world;
    const own = moduleOf(making.messageName);
    const weigh = ({ score, collection }: Slot): number =>
      score ** 3 * (collection.startsWith(`${own}.`) ? 2 : 1);
    for (let attempt = 0; attempt < ATTEMPTS && slots.length > 0; attempt++) {
      const slot = weighted(random, slots, weigh);
      const records = this.#knowledge.records(slot.collection);
      if (records.length === 0) continue;
      const record = random.pick(random.chance(0.5) ? records.slice(-8) : records);
      // Values that belong together: early attempts want a record that agrees with the others.
      if (attempt < 4 && !making.used.every((other) => agree(record, other))) continue;
      const usable = this.#usable(field, record, slot.leaf);
      if (usable === undefined) continue;
      making.used.push(record);
      return usable;
    }
    return undefined;
  }

  /** The value of a leaf, if the field can hold it: an address only under the prefix that the field wants. */
  #usable(field: MessageField, { values }: KnownRecord, leaf: string): JsonValue | undefined {
    const value = values.get(leaf);
    if (value === undefined) return undefined;
    const isRightAddress = String(value).startsWith(`${this.#prefix}${roleOf(field)}1`);
    return isAddress(field) && !isRightAddress ? undefined : fitted(field, value);
  }
}

/** Whether the field names an account or a validator. */
export const isAddress = ({ scalar }: MessageField): boolean => scalar.endsWith('AddressString');

/** What stands behind the chain's prefix in addresses of this field; older texts call all of them addresses. */
export function roleOf({ scalar, name }: MessageField): string {
  if (scalar.startsWith('cosmos.Validator') || name.includes('validator')) return 'valoper';
  return scalar.startsWith('cosmos.Consensus') ? 'valcons' : '';
}

/** Whether two records say the same wherever both have a name that is an account's. */
function agree(a: KnownRecord, b: KnownRecord): boolean {
  for (const [leaf, value] of a.values) {
    const other = b.values.get(leaf);
    if (other === undefined || other === value) continue;
    if (typeof value === 'string' && /^[a-z]+1[a-z0-9]{38,}$/.test(value)) return false;
  }
  return true;
}

/** Whether a value names one thing, so that records with it speak of that thing. */
const isTelling = (name: string, value: JsonValue): boolean =>
  /(^|_)(id|number)$/.test(name) || (typeof value === 'string' && value.length >= 16);

/** `bank` of `cosmos.bank.v1beta1.MsgSend`. */
const moduleOf = (messageName: string): string => messageName.split('.').at(-3) ?? '';
