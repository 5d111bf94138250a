/**
 * Messages made from their descriptors: every field gets a value that was seen in state under a fitting name, or a
 * plausible one of its kind. Values that belong together are taken from one record.
 */
import type { Descriptors, JsonObject, JsonValue } from '../chain/descriptors/index.ts';
import type { SimulatedMessage, SimulationWorld } from '../chain/testing/simulation.ts';
import { formatAddress } from '../wire/address.ts';
import type { Knowledge, KnownRecord, Slot } from './knowledge.ts';
import { type MessageField, MessageFields } from './messageFields.ts';
import { amount, fitted, hostile, isNumeric, plausible } from './values.ts';

const MAX_DEPTH = 6;
const COIN = 'cosmos.base.v1beta1.Coin';
const TIMESTAMP = 'google.protobuf.Timestamp';
const DURATION = 'google.protobuf.Duration';
const ANY = 'google.protobuf.Any';

/** What a module knows better, by `MsgName.field` or `field`. */
export type FieldValues = (
  message: string,
  field: string,
) => ((world: SimulationWorld) => JsonValue | undefined) | undefined;

export interface GeneratorParts {
  readonly descriptors: Descriptors;
  readonly knowledge: Knowledge;
  readonly prefix: string;
  readonly denom: string;
  readonly fieldValues: FieldValues;
  /** Full names of the messages that the application takes: what an Any of `sdk.Msg` holds. */
  readonly messageNames: readonly string[];
}

/** One message that is being made. */
interface Making {
  readonly world: SimulationWorld;
  readonly messageName: string;
  readonly depth: number;
  /** Records that gave values to this message. */
  readonly used: KnownRecord[];
  /** Its values so far, by field name. */
  readonly chosen: Map<string, JsonValue>;
}

/** Records looked at for one that speaks of what a message speaks of already. */
const MAX_JOINED = 400;

export class Generator {
  readonly #parts: GeneratorParts;
  readonly #fields: MessageFields;

  constructor(parts: GeneratorParts) {
    this.#parts = parts;
    this.#fields = new MessageFields(parts.descriptors);
  }

  /** A message of that full name. */
  message(world: SimulationWorld, name: string): SimulatedMessage {
    const json = this.#object(
      { world, messageName: name, depth: 0, used: [], chosen: new Map() },
      name,
    );
    return { '@type': `/${name}`, ...json };
  }

  /** The message with one of its values replaced by a hostile one. */
  spoilt(world: SimulationWorld, message: SimulatedMessage): SimulatedMessage {
    const fields = this.#fields.of(message['@type'].slice(1));
    const candidates = fields.filter(({ kind, repeated }) => kind !== 'message' && !repeated);
    if (candidates.length === 0) return message;
    const field = world.random.pick(candidates);
    return { ...message, [field.name]: hostile(world.random, field) };
  }

  #object(making: Making, name: string): JsonObject {
    const { random } = making.world;
    const fields = this.#fields.of(name);
    const chosen = new Map<string, string>();
    for (const oneof of new Set(fields.map((field) => field.oneof))) {
      if (oneof === '') continue;
      const members = fields.filter((field) => field.oneof === oneof);
      chosen.set(oneof, random.pick(members).name);
    }
    const json: JsonObject = {};
    for (const field of this.#order(random, fields)) {
      if (field.oneof !== '' && chosen.get(field.oneof) !== field.name) continue;
      const value = this.#field(making, field);
      if (value === undefined) continue;
      json[field.name] = value;
      making.chosen.set(field.name, value);
    }
    return json;
  }

  /** The signer mostly last: what the message speaks of says whose signature it needs. */
  #order(random: SimulationWorld['random'], fields: readonly MessageField[]): MessageField[] {
    const order = shuffled(random, fields);
    if (random.chance(0.15)) return order;
    return [...order.filter((each) => !each.isSigner), ...order.filter((each) => each.isSigner)];
  }

  #field(making: Making, field: MessageField): JsonValue | undefined {
    const { world, messageName } = making;
    const short = messageName.slice(messageName.lastIndexOf('.') + 1);
    const known = making.depth === 0 && this.#parts.fieldValues(short, field.name)?.(world);
    if (known !== undefined && known !== false) return known;
    if (!field.repeated) return this.#value(making, field);
    const count = world.random.chance(0.7) ? 1 : world.random.integer(0, 3);
    const values = Array.from({ length: count }, () => this.#value(making, field));
    const given = values.filter((value) => value !== undefined);
    // Coins of one denomination twice would be refused always.
    return field.typeName === COIN ? given.slice(0, 1) : given;
  }

  #value(making: Making, field: MessageField): JsonValue | undefined {
    if (field.kind === 'message') return this.#message(making, field);
    if (field.isSigner) return this.#signer(making, field);
    const { random } = making.world;
    const seen = random.chance(isNumeric(field) && !isReference(field) ? 0.3 : 0.93);
    const value = seen ? this.#seen(making, field) : undefined;
    if (value !== undefined) return value;
    if (isAddress(field)) return this.#anyAddress(making.world, field);
    if (field.name === 'denom' || field.name.endsWith('_denom')) return this.#parts.denom;
    return plausible(random, field);
  }

  #message(making: Making, field: MessageField): JsonValue | undefined {
    const { world, depth } = making;
    const { random } = world;
    if (depth >= MAX_DEPTH) return undefined;
    switch (field.typeName) {
      case COIN:
        return { denom: this.#denom(world), amount: amount(random, 10 ** 10).toString() };
      case TIMESTAMP:
        return new Date(Number(world.timeMs) + random.integer(-60_000, 3_600_000)).toISOString();
      case DURATION:
        return `${amount(random, 2_000_000)}s`;
      case ANY:
        return this.#any(making, field);
      default:
        return this.#object({ ...making, depth: depth + 1 }, field.typeName);
    }
  }

  #any(making: Making, field: MessageField): JsonValue | undefined {
    const isMessage = field.accepts.endsWith('Msg') || field.accepts === '';
    const names = isMessage
      ? this.#parts.messageNames
      : this.#fields.implementing(field.accepts).filter((name) => !name.startsWith('google.'));
    if (names.length === 0) return undefined;
    const name = making.world.random.pick(names);
    const inner = {
      ...making,
      messageName: name,
      depth: making.depth + 1,
      used: [],
      chosen: new Map(),
    };
    return { '@type': `/${name}`, ...this.#object(inner, name) };
  }

  /** Mostly the account that a record already used names under this name. */
  #signer(making: Making, field: MessageField): JsonValue {
    const { world } = making;
    const seen = world.random.chance(0.85) ? this.#seen(making, field) : undefined;
    if (typeof seen === 'string' && world.accounts.includes(seen)) return seen;
    return world.random.pick(world.accounts);
  }

  #anyAddress({ random, accounts }: SimulationWorld, field: MessageField): string {
    const role = roleOf(field);
    if (role === '' && random.chance(0.85)) return random.pick(accounts);
    return formatAddress(`${this.#parts.prefix}${role}`, random.bytes(20));
  }

  #denom(world: SimulationWorld): string {
    return world.random.chance(0.97) ? this.#parts.denom : 'unothing';
  }

  /** A value that was seen: of a record that this message uses already, or of another one. */
  #seen(making: Making, field: MessageField): JsonValue | undefined {
    const { random } = making.world;
    const slots = this.#parts.knowledge.slotsFor(field.name);
    for (const record of shuffled(random, making.used)) {
      const own = slots.filter(({ collection }) => collection === record.collection);
      const best = own.toSorted((a, b) => b.score - a.score)[0];
      if (best === undefined || (best.score < 2 && random.chance(0.5))) continue;
      const usable = this.#usable(field, record, best.leaf);
      if (usable !== undefined) return usable;
    }
    return (
      (random.chance(0.85) ? this.#joined(making, field, slots) : undefined) ??
      this.#fromNewRecord(making, field, slots)
    );
  }

  /** From a record that says the same as this message under a name that both know, such as a `device_id`. */
  #joined(making: Making, field: MessageField, slots: readonly Slot[]): JsonValue | undefined {
    const { random } = making.world;
    let looked = 0;
    for (const [other, wanted] of shuffled(random, [...making.chosen])) {
      const keys = this.#parts.knowledge.slotsFor(other).filter(({ score }) => score >= 2);
      for (const { collection, leaf } of shuffled(
        random,
        slots.filter(({ score }) => score >= 2),
      )) {
        const key = keys.find((each) => each.collection === collection);
        if (key === undefined || key.leaf === leaf || looked > MAX_JOINED) continue;
        const records = this.#parts.knowledge.records(collection);
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

  #fromNewRecord(
    making: Making,
    field: MessageField,
    slots: readonly Slot[],
  ): JsonValue | undefined {
    const { random } = making.world;
    const own = moduleOf(making.messageName);
    const weigh = ({ score, collection }: Slot): number =>
      score ** 3 * (collection.startsWith(`${own}.`) ? 2 : 1);
    for (let attempt = 0; attempt < 6 && slots.length > 0; attempt++) {
      const slot = weighted(random, slots, weigh);
      const records = this.#parts.knowledge.records(slot.collection);
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
    const isRightAddress = String(value).startsWith(`${this.#parts.prefix}${roleOf(field)}1`);
    return isAddress(field) && !isRightAddress ? undefined : fitted(field, value);
  }
}

const isAddress = ({ scalar }: MessageField): boolean => scalar.endsWith('AddressString');

/** What stands behind the chain's prefix in addresses of this field; older texts call all of them addresses. */
function roleOf({ scalar, name }: MessageField): string {
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

/** Whether a number names something rather than counting it. */
const isReference = ({ name }: MessageField): boolean => /(^|_)(id|number|index)$/.test(name);

/** `bank` of `cosmos.bank.v1beta1.MsgSend`. */
export const moduleOf = (messageName: string): string => messageName.split('.').at(-3) ?? '';

function weighted<T>(
  random: SimulationWorld['random'],
  items: readonly T[],
  weigh: (item: T) => number,
): T {
  let rest = random.integer(
    1,
    items.reduce((sum, item) => sum + weigh(item), 0),
  );
  for (const item of items) {
    rest -= weigh(item);
    if (rest <= 0) return item;
  }
  return items.at(-1)!;
}

function shuffled<T>(random: SimulationWorld['random'], items: readonly T[]): T[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}
