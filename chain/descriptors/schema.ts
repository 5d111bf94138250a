/** What encoding, JSON and strict checks need to know of a message. */

export const SCALARS = [
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
  /** `cosmos_proto.scalar`, such as `cosmos.AddressString`, otherwise empty. */
  readonly scalar: string;
  /** The comment beside it in the text, may be empty. */
  readonly comment: string;
  readonly amino?: AminoOptions;
}

/** What the text says of a field's form in amino JSON. */
export interface AminoOptions {
  /** `amino.field_name`. */
  readonly name?: string;
  /** `amino.encoding`. */
  readonly encoding?: string;
  /** `amino.dont_omitempty`. */
  readonly keptEmpty?: true;
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
  /** `amino.name`, such as `cosmos-sdk/MsgSend`, otherwise empty. */
  readonly aminoName: string;
}
