/** What amino JSON needs to know of a message beyond its schema: names, order and which empty fields stay. */
import type protobuf from 'protobufjs';
import type { Descriptors, FieldSchema } from '../../descriptors/index.ts';
import { optionOf } from '../../descriptors/options.ts';
import { type AminoEncoding, type AminoFacts, SDK_FACTS } from './sdkFacts.ts';

export interface AminoField {
  readonly schema: FieldSchema;
  /** The key in JSON. */
  readonly name: string;
  /** Written even when it is empty. */
  readonly kept: boolean;
  /** What an empty list that is kept looks like. */
  readonly emptyList: '[]' | 'null';
  /** Text that holds a number: empty it is "0", and a decimal is stored without its point. */
  readonly number: 'Int' | 'Dec' | undefined;
}

export interface AminoSchema {
  /** The registered name, such as `cosmos-sdk/MsgSend`. */
  readonly name: string | undefined;
  readonly encoding: AminoEncoding | undefined;
  /** In the order of JSON: by name. */
  readonly fields: readonly AminoField[];
}

const compiled = new WeakMap<Descriptors, Map<string, AminoSchema>>();

/**
 * The amino form of a message, compiled once.
 * @throws TypeError for an unknown message or one with a oneof, for which no message here has a name in amino.
 */
export function aminoSchemaOf(descriptors: Descriptors, fullName: string): AminoSchema {
  let schemas = compiled.get(descriptors);
  if (schemas === undefined) {
    schemas = new Map();
    compiled.set(descriptors, schemas);
  }
  let schema = schemas.get(fullName);
  if (schema === undefined) {
    schema = compile(descriptors, fullName);
    schemas.set(fullName, schema);
  }
  return schema;
}

function compile(descriptors: Descriptors, fullName: string): AminoSchema {
  const type = descriptors.message(fullName);
  const facts = SDK_FACTS.get(fullName) ?? {};
  const fields = descriptors
    .schema(fullName)
    .declared.map((schema) => compileField(schema, type.fields[schema.name]!, facts));
  for (const { schema } of fields) {
    if (schema.oneof !== '') {
      throw new TypeError(`${fullName}.${schema.name}: a oneof has no form in amino JSON`);
    }
  }
  const name = optionOf(type, 'amino.name');
  return {
    name: typeof name === 'string' ? name : facts.name,
    encoding: facts.encoding,
    fields: fields.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function compileField(
  schema: FieldSchema,
  field: protobuf.Field,
  { kept = [], coins = [] }: AminoFacts,
): AminoField {
  const isCoins =
    coins.includes(schema.name) || optionOf(field, 'amino.encoding') === 'legacy_coins';
  const name = optionOf(field, 'amino.field_name');
  const isInt = optionOf(field, 'cosmos_proto.scalar') === 'cosmos.Int';
  return {
    schema,
    name: typeof name === 'string' ? name : schema.name,
    kept:
      kept.includes(schema.name) ||
      coins.includes(schema.name) ||
      optionOf(field, 'amino.dont_omitempty') === true,
    emptyList: isCoins ? '[]' : 'null',
    number: schema.custom ?? (isInt ? 'Int' : undefined),
  };
}
