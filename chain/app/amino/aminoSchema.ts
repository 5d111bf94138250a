/** What amino JSON needs to know of a message beyond its schema: names, order and which empty fields stay. */
import type { Descriptors, FieldSchema } from '../../descriptors/index.ts';
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
  const { declared, aminoName } = descriptors.schema(fullName);
  const facts = SDK_FACTS.get(fullName) ?? {};
  const fields = declared.map((schema) => compileField(schema, facts));
  for (const { schema } of fields) {
    if (schema.oneof !== '') {
      throw new TypeError(`${fullName}.${schema.name}: a oneof has no form in amino JSON`);
    }
  }
  return {
    name: aminoName || facts.name,
    encoding: facts.encoding,
    fields: fields.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function compileField(schema: FieldSchema, { kept = [], coins = [] }: AminoFacts): AminoField {
  const { name, amino = {}, scalar, custom } = schema;
  const isCoins = coins.includes(name) || amino.encoding === 'legacy_coins';
  return {
    schema,
    name: amino.name ?? name,
    kept: kept.includes(name) || coins.includes(name) || amino.keptEmpty === true,
    emptyList: isCoins ? '[]' : 'null',
    number: custom ?? (scalar === 'cosmos.Int' ? 'Int' : undefined),
  };
}
