/**
 * Protobuf messages from a table of their fields: a tenth of the code that a generator writes for each, and
 * stricter: only the form that encoders write is read, with fields in order and no default written out. For what a
 * light client reads; the tests hold every table against the generated or the official codec.
 */
import { concatBytes } from './bytes.ts';
import {
  encodeVarint,
  int32Of,
  int64Of,
  nextField,
  type ProtoField,
  ProtoReader,
  ProtoWriter,
  textOf,
  uint32Of,
} from './protobuf.ts';

/** What a field holds. `enum` is an int32, `places` are small numbers packed into one field. */
type Scalar = 'string' | 'bytes' | 'uint64' | 'int64' | 'uint32' | 'enum' | 'places';

/** Reads and writes one message. */
export interface MessageCodec<T> {
  /** A message that shares nothing with `bytes`. @throws TypeError that names the message and what is wrong. */
  decode(bytes: Uint8Array): T;
  /** The same, whose bytes are those of `view` itself: for parts of what was copied already. */
  decodeView(view: Uint8Array): T;
  encode(message: T): { finish(): Uint8Array };
}

type Holds = Scalar | MessageCodec<unknown>;

/** What a field holds; besides, whether there may be several, how many of them, and the last enum that is known. */
export type FieldPlan =
  | Holds
  | {
      readonly holds: Holds;
      readonly repeated?: true;
      readonly most?: number;
      readonly last?: number;
    };

type Plan<T> = Readonly<Record<keyof T & string, FieldPlan>>;
interface NamedPlan {
  readonly name: string;
  readonly number: number;
  readonly wireType: 0 | 2;
  readonly holds: Holds;
  readonly repeated?: true;
  readonly most?: number;
  readonly last?: number;
}
type Values = Record<string, unknown>;

/** The codec of a message whose fields are numbered from 1, as they stand in the plan and are written. */
export function messageCodec<T extends object>(title: string, plan: Plan<T>): MessageCodec<T> {
  const fields = Object.entries<FieldPlan>(plan).map(([name, plan], index): NamedPlan => {
    const field = typeof plan === 'object' && 'holds' in plan ? plan : { holds: plan };
    return { ...field, name, number: index + 1, wireType: wireTypeOf(field.holds) };
  });
  const shape = Object.fromEntries(fields.map((field) => [field.number, field]));
  const empty = emptyMessage(fields);
  const decodeView = (view: Uint8Array): T => {
    const reader = new ProtoReader(view, title);
    const message = { ...empty };
    for (let before = 0; !reader.done; ) {
      const field = nextField(reader, shape);
      const planned = shape[field.number]!;
      const { name, repeated, most = Infinity } = planned;
      const isInOrder = field.number > before || (repeated && field.number === before);
      if (!isInOrder || isDefault(planned, field)) {
        const why = field.number === before ? 'stands twice' : 'is not in its canonical form';
        throw new TypeError(`${title}: field ${name} ${why}`);
      }
      const value = readValue(planned, field, title);
      if (!repeated) message[name] = value;
      else if (field.number > before) message[name] = [value];
      else if ((message[name] as unknown[]).push(value) > most) {
        throw new TypeError(`${title}: field ${name}: expected at most ${most}`);
      }
      before = field.number;
    }
    return message as T;
  };
  return {
    // One copy for all its parts: arrays are what a message of many short ones takes longest for.
    decode: (bytes) => decodeView(bytes.slice()),
    decodeView,
    encode(message) {
      const writer = new ProtoWriter();
      for (const field of fields) {
        const value = (message as Values)[field.name];
        const values = field.repeated ? (value as readonly unknown[]) : [value];
        for (const each of values) writeValue(writer, field, each);
      }
      return writer;
    },
  };
}

/** Messages and elements stand there even when they are empty; numbers and bytes do not. */
function isDefault({ holds, repeated }: NamedPlan, { wireType, value, bytes }: ProtoField) {
  if (typeof holds !== 'string' || repeated) return false;
  return wireType === 0 ? value === 0n : bytes.length === 0;
}

const DELIMITED: ReadonlySet<unknown> = new Set(['string', 'bytes', 'places']);

const wireTypeOf = (holds: Holds): 0 | 2 =>
  typeof holds !== 'string' || DELIMITED.has(holds) ? 2 : 0;

function emptyMessage(fields: readonly NamedPlan[]): Values {
  const message: Values = {};
  for (const { name, holds, repeated } of fields) {
    message[name] = repeated ? [] : typeof holds === 'string' ? DEFAULTS[holds] : undefined;
  }
  return message;
}

const DEFAULTS: Readonly<Record<Scalar, unknown>> = {
  string: '',
  bytes: new Uint8Array(0),
  uint64: 0n,
  int64: 0n,
  uint32: 0,
  enum: 0,
  places: [],
};

function readValue({ name, holds, last }: NamedPlan, field: ProtoField, title: string): unknown {
  if (typeof holds !== 'string') return holds.decodeView(field.bytes);
  switch (holds) {
    case 'string':
      return textOf(field, `${title}.${name}`);
    case 'bytes':
      return field.bytes;
    case 'uint64':
      return field.value;
    case 'int64':
      return int64Of(field);
    case 'uint32':
      return uint32Of(field, `${title}.${name}`);
    case 'enum':
      return last === undefined
        ? int32Of(field, `${title}.${name}`)
        : knownEnum(field, title, last);
    case 'places':
      return readPlaces(field.bytes, title);
  }
}

function knownEnum({ value }: ProtoField, title: string, last: number): number {
  if (value <= last) return Number(value);
  throw new TypeError(`${title}: expected 0 to ${last}, got ${value}`);
}

function readPlaces(bytes: Uint8Array, title: string): number[] {
  const reader = new ProtoReader(bytes, title);
  const places: number[] = [];
  while (!reader.done) places.push(Number(reader.varint()));
  return places;
}

function writeValue(writer: ProtoWriter, { number, holds, repeated }: NamedPlan, value: unknown) {
  if (typeof holds !== 'string') {
    if (value !== undefined) writer.message(number, holds.encode(value).finish());
  } else if (holds === 'string') writer.string(number, value as string);
  else if (holds === 'bytes') {
    if (repeated) writer.message(number, value as Uint8Array);
    else writer.bytes(number, value as Uint8Array);
  } else if (holds === 'places') {
    writer.bytes(number, concatBytes(...(value as readonly number[]).map(encodeVarint)));
  } else writer.varint(number, value as bigint | number);
}
