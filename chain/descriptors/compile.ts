/** Makes tables of parsed `.proto` texts. */
import type protobuf from 'protobufjs';
import { optionOf, optionsOf, propertyOf } from './options.ts';
import { type Protobufjs, protobufjs } from './protobufjs.ts';
import { type AminoOptions, type FieldSchema, SCALARS } from './schema.ts';
import { describeServices, nameOf } from './services.ts';
import type { EnumRow, FieldRow, MessageRow, Tables } from './tables.ts';

/** All messages, enums and services below a root. @throws Error naming a method whose types are unknown. */
export function compileTables(root: protobuf.Root): Tables {
  const library = protobufjs();
  const enums: Record<string, EnumRow> = {};
  const messages: Record<string, MessageRow> = {};
  const visit = (namespace: protobuf.NamespaceBase): void => {
    for (const nested of namespace.nestedArray) {
      if (nested instanceof library.Enum) enums[nameOf(nested)] = { ...nested.values };
      if (nested instanceof library.Type) messages[nameOf(nested)] = rowOf(library, nested);
      if (nested instanceof library.Namespace) visit(nested);
    }
  };
  visit(root);
  return { enums: sorted(enums), messages: sorted(messages), services: describeServices(root) };
}

/** By name, so that nothing depends on the order of the texts. */
function sorted<Row>(rows: Readonly<Record<string, Row>>): Record<string, Row> {
  const names = Object.keys(rows).sort();
  return Object.fromEntries(names.map((name) => [name, rows[name]!]));
}

function rowOf(library: Protobufjs, type: protobuf.Type): MessageRow {
  const fields: FieldRow[] = [];
  for (const field of type.fieldsArray) {
    field.resolve();
    const kind = kindOf(library, field);
    if (kind !== undefined) fields.push(fieldRow(library, field, kind));
    else {
      const name = `${nameOf(type)}.${field.name}`;
      return { unsupported: `${name}: fields of type ${field.type} are not supported` };
    }
  }
  const aminoName = textOf(type, 'amino.name');
  const signers = textsOf(type, 'cosmos.msg.v1.signer');
  const implemented = textsOf(type, 'cosmos_proto.implements_interface');
  return {
    ...(fields.length > 0 ? { fields } : {}),
    ...(signers.length > 0 ? { signers } : {}),
    ...(implemented.length > 0 ? { implemented } : {}),
    ...(aminoName ? { aminoName } : {}),
  };
}

function fieldRow(library: Protobufjs, field: protobuf.Field, kind: FieldSchema['kind']): FieldRow {
  const camelName = library.util.camelCase(field.name);
  const accepts = textOf(field, 'cosmos_proto.accepts_interface');
  const scalar = textOf(field, 'cosmos_proto.scalar');
  const custom = customOf(field);
  const amino = aminoOf(field);
  return {
    name: field.name,
    ...(camelName === field.name ? {} : { camelName }),
    number: field.id,
    kind,
    ...(field.repeated ? { repeated: true } : {}),
    ...(isPacked(field, kind) ? { packed: true } : {}),
    ...(field.resolvedType ? { typeName: nameOf(field.resolvedType) } : {}),
    ...(optionOf(field, 'gogoproto.nullable') === false ? { nullable: false } : {}),
    ...(custom ? { custom } : {}),
    ...(accepts ? { accepts } : {}),
    ...(field.partOf ? { oneof: field.partOf.name } : {}),
    ...(scalar ? { scalar } : {}),
    ...(field.comment ? { comment: field.comment } : {}),
    ...(Object.keys(amino).length > 0 ? { amino } : {}),
  };
}

/** Every text is proto3, where packed is the default. */
function isPacked(field: protobuf.Field, kind: FieldSchema['kind']): boolean {
  const isScalar = kind !== 'message' && kind !== 'string' && kind !== 'bytes';
  return field.repeated && isScalar && propertyOf(field.options, 'packed') !== false;
}

function kindOf(library: Protobufjs, field: protobuf.Field): FieldSchema['kind'] | undefined {
  if (field.map) return undefined;
  if (field.resolvedType instanceof library.Type) return 'message';
  if (field.resolvedType instanceof library.Enum) return 'enum';
  return SCALARS.find((kind) => kind === field.type);
}

function customOf(field: protobuf.Field): 'Int' | 'Dec' | undefined {
  const custom = textOf(field, 'gogoproto.customtype');
  const name = custom.slice(custom.lastIndexOf('.') + 1);
  if (name === 'Int') return 'Int';
  return name === 'Dec' || name === 'LegacyDec' ? 'Dec' : undefined;
}

function aminoOf(field: protobuf.Field): AminoOptions {
  const name = textOf(field, 'amino.field_name');
  const encoding = textOf(field, 'amino.encoding');
  return {
    ...(name ? { name } : {}),
    ...(encoding ? { encoding } : {}),
    ...(optionOf(field, 'amino.dont_omitempty') === true ? { keptEmpty: true } : {}),
  };
}

function textOf(object: protobuf.ReflectionObject, option: string): string {
  const value = optionOf(object, option);
  return typeof value === 'string' ? value : '';
}

function textsOf(object: protobuf.ReflectionObject, option: string): string[] {
  return optionsOf(object, option).filter((value) => typeof value === 'string');
}
