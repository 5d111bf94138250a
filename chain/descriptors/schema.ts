/** What encoding, JSON and strict checks need to know of a message, compiled once from its descriptor. */
import protobuf from 'protobufjs';
import { optionOf, optionsOf } from './options.ts';

const SCALARS = [
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed64',
  'sfixed64',
  'bool',
  'string',
  'bytes',
] as const;

/** The scalar types that depind and the Cosmos texts use. Floating point is refused on purpose. */
export type ScalarKind = (typeof SCALARS)[number];

export interface FieldSchema {
  /** As in the `.proto` text: snake_case. */
  readonly name: string;
  readonly camelName: string;
  readonly number: number;
  readonly kind: ScalarKind | 'enum' | 'message';
  readonly repeated: boolean;
  readonly packed: boolean;
  /** Full name of the message or enum, otherwise empty. */
  readonly typeName: string;
  /** False for `gogoproto.nullable = false`: Go holds a value and writes it always. */
  readonly nullable: boolean;
  /** Text (or bytes) that Go holds as math.Int or math.LegacyDec. */
  readonly custom?: 'Int' | 'Dec';
  readonly enumeration?: EnumSchema;
  /** Interfaces that the message in an Any must implement; empty for all other fields. */
  readonly accepts: string;
  /** Name of the oneof it belongs to, otherwise empty. */
  readonly oneof: string;
}

export interface EnumSchema {
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
}

export interface MessageSchema {
  readonly fullName: string;
  /** In the order of the text, which is the order of JSON. */
  readonly declared: readonly FieldSchema[];
  /** In the order of the field numbers, which is the order on the wire. */
  readonly ordered: readonly FieldSchema[];
  readonly byNumber: ReadonlyMap<number, FieldSchema>;
  /** By snake_case and by lowerCamelCase name. */
  readonly byName: ReadonlyMap<string, FieldSchema>;
  /** Fields named by `cosmos.msg.v1.signer`, in order. */
  readonly signers: readonly string[];
  /** Interfaces named by `cosmos_proto.implements_interface`. */
  readonly implemented: readonly string[];
}

/** @throws Error for a map, a group or a floating point field: none may stand in state or in a transaction. */
export function compileMessage(type: protobuf.Type): MessageSchema {
  const declared = type.fieldsArray.map((field) => compileField(type, field));
  const byName = new Map<string, FieldSchema>();
  for (const field of declared) byName.set(field.camelName, field);
  for (const field of declared) byName.set(field.name, field);
  return {
    fullName: nameOf(type),
    declared,
    ordered: [...declared].sort((a, b) => a.number - b.number),
    byNumber: new Map(declared.map((field) => [field.number, field])),
    byName,
    signers: textsOf(type, 'cosmos.msg.v1.signer'),
    implemented: textsOf(type, 'cosmos_proto.implements_interface'),
  };
}

const textsOf = (object: protobuf.ReflectionObject, option: string): string[] =>
  optionsOf(object, option).filter((value) => typeof value === 'string');

function compileField(type: protobuf.Type, field: protobuf.Field): FieldSchema {
  field.resolve();
  const kind = kindOf(type, field);
  const custom = customOf(field);
  const accepts = optionOf(field, 'cosmos_proto.accepts_interface');
  const scalar = kind !== 'message' && kind !== 'string' && kind !== 'bytes';
  return {
    name: field.name,
    camelName: protobuf.util.camelCase(field.name),
    number: field.id,
    kind,
    repeated: field.repeated,
    // Every text is proto3, where packed is the default.
    packed: field.repeated && scalar && optionOf(field, 'packed') !== false,
    typeName: field.resolvedType ? nameOf(field.resolvedType) : '',
    nullable: optionOf(field, 'gogoproto.nullable') !== false,
    accepts: typeof accepts === 'string' ? accepts : '',
    ...(custom ? { custom } : {}),
    ...(field.resolvedType instanceof protobuf.Enum
      ? { enumeration: compileEnum(field.resolvedType) }
      : {}),
    oneof: field.partOf?.name ?? '',
  };
}

function kindOf(type: protobuf.Type, field: protobuf.Field): FieldSchema['kind'] {
  if (!field.map) {
    if (field.resolvedType instanceof protobuf.Type) return 'message';
    if (field.resolvedType instanceof protobuf.Enum) return 'enum';
    for (const kind of SCALARS) if (kind === field.type) return kind;
  }
  throw new Error(`${nameOf(type)}.${field.name}: fields of type ${field.type} are not supported`);
}

function customOf(field: protobuf.Field): 'Int' | 'Dec' | undefined {
  const custom = optionOf(field, 'gogoproto.customtype');
  if (typeof custom !== 'string') return undefined;
  const name = custom.slice(custom.lastIndexOf('.') + 1);
  if (name === 'Int') return 'Int';
  return name === 'Dec' || name === 'LegacyDec' ? 'Dec' : undefined;
}

function compileEnum(enumeration: protobuf.Enum): EnumSchema {
  const numbers = new Map(Object.entries(enumeration.values));
  const names = new Map<number, string>();
  for (const [name, number] of numbers) if (!names.has(number)) names.set(number, name);
  return { names, numbers };
}

/** The full name without the dot that protobufjs puts before it. */
export function nameOf(object: protobuf.ReflectionObject): string {
  return object.fullName.replace(/^\./, '');
}
