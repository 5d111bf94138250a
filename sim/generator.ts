/**
 * Messages made from their descriptors: every field gets a value that was seen in state under a fitting name, or a
 * plausible one of its kind. Values that belong together are taken from one record.
 */
import type { Descriptors, JsonObject, JsonValue } from '../chain/descriptors/index.ts';
import type { SimulatedMessage, SimulationWorld } from '../chain/testing/simulation.ts';
import { formatAddress } from '../wire/address.ts';
import { shuffled } from './choices.ts';
import type { Knowledge } from './knowledge.ts';
import { type MessageField, MessageFields } from './messageFields.ts';
import { isAddress, type Making, roleOf, SeenValues } from './seenValues.ts';
import { amount, hostile, isNumeric, plausible } from './values.ts';

const MAX_DEPTH = 6;
/** How often an `optional` field is not set, and a message is spoilt by a field that is missing. */
const LEFT_OUT = 0.3;
const COIN = 'cosmos.base.v1beta1.Coin';
const TIMESTAMP = 'google.protobuf.Timestamp';
const DURATION = 'google.protobuf.Duration';
const ANY = 'google.protobuf.Any';
/** The signer of messages that only governance may send. */
export const AUTHORITY = 'authority';

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

export class Generator {
  readonly #parts: GeneratorParts;
  readonly #fields: MessageFields;
  readonly #seen: SeenValues;

  constructor(parts: GeneratorParts) {
    this.#parts = parts;
    this.#fields = new MessageFields(parts.descriptors);
    this.#seen = new SeenValues(parts.knowledge, parts.prefix);
  }

  /** A message of that full name. */
  message(world: SimulationWorld, name: string): SimulatedMessage {
    const json = this.#object(
      { world, messageName: name, depth: 0, used: [], chosen: new Map() },
      name,
    );
    return { '@type': `/${name}`, ...json };
  }

  /** The message with one of its values replaced by a hostile one, or without one of its fields. */
  spoilt(world: SimulationWorld, message: SimulatedMessage): SimulatedMessage {
    const fields = this.#fields.of(message['@type'].slice(1));
    if (fields.length > 0 && world.random.chance(LEFT_OUT)) {
      const { [world.random.pick(fields).name]: _leftOut, ...rest } = message;
      return { ...rest, '@type': message['@type'] };
    }
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
      // The compiler makes a oneof of its own of every `optional` field.
      if (members.length === 1 && random.chance(LEFT_OUT)) continue;
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
    const value = seen ? this.#seen.valueFor(making, field) : undefined;
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
    if (field.name === AUTHORITY && world.random.chance(0.8)) return world.accounts[0]!;
    const seen = world.random.chance(0.85) ? this.#seen.valueFor(making, field) : undefined;
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
}

/** Whether a number names something rather than counting it. */
const isReference = ({ name }: MessageField): boolean => /(^|_)(id|number|index)$/.test(name);
