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
}

export class Generator {
  readonly #parts: GeneratorParts;
  readonly #fields: MessageFields;

  constructor(parts: GeneratorParts) {
    this.#parts = parts;
    this.#fields = new MessageFields(parts.descriptors);
  }

  /** A message of that full name. */
  message(world: SimulationWorld, name: string): SimulatedMessage {
    const json = this.#object({ world, messageName: name, depth: 0, used: [] }, name);
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
    for (const field of shuffled(random, fields)) {
      if (field.oneof !== '' && chosen.get(field.oneof) !== field.name) continue;
      const value = this.#field(making, field);
      if (value !== undefined) json[field.name] = value;
    }
    return json;
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
    if (field.scalar === 'cosmos.AddressString') return this.#anyAddress(making.world);
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
    const inner = { ...making, messageName: name, depth: making.depth + 1, used: [] };
    return { '@type': `/${name}`, ...this.#object(inner, name) };
  }

  /** Mostly the account that a record already used names under this name. */
  #signer(making: Making, field: MessageField): JsonValue {
    const { world } = making;
    const seen = world.random.chance(0.85) ? this.#seen(making, field) : undefined;
    if (typeof seen === 'string' && world.accounts.includes(seen)) return seen;
    return world.random.pick(world.accounts);
  }

  #anyAddress(world: SimulationWorld): string {
    if (world.random.chance(0.85)) return world.random.pick(world.accounts);
    return formatAddress(this.#parts.prefix, world.random.bytes(20));
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
      const value = record.values.get(best.leaf);
      const usable = value === undefined ? undefined : fitted(field, value);
      if (usable !== undefined) return usable;
    }
    return this.#fromNewRecord(making, field, slots);
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
      const value = record.values.get(slot.leaf);
      const usable = value === undefined ? undefined : fitted(field, value);
      if (usable === undefined) continue;
      making.used.push(record);
      return usable;
    }
    return undefined;
  }
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
  let rest = random.integer(1, items.reduce((sum, item) => sum + weigh(item), 0));
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
