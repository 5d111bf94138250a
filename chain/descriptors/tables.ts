/**
 * What the `.proto` texts come to, as plain data: made from the texts, and kept in `proto/descriptors.json`, since parsing
 * the texts would take most of the start of a process. The file says of which texts it was made, so that others are never
 * taken for them.
 */
import { crc32 } from 'node:zlib';
import type { AminoOptions, EnumSchema, FieldSchema, MessageSchema } from './schema.ts';
import type { ServiceDescription } from './services.ts';

/** A field; what is left out is empty, false, or for `nullable` true. `camelName` only where it is another name. */
export interface FieldRow {
  readonly name: string;
  readonly camelName?: string;
  readonly number: number;
  readonly kind: FieldSchema['kind'];
  readonly repeated?: true;
  readonly packed?: true;
  readonly typeName?: string;
  readonly nullable?: false;
  readonly custom?: 'Int' | 'Dec';
  readonly accepts?: string;
  readonly oneof?: string;
  readonly scalar?: string;
  readonly comment?: string;
  readonly amino?: AminoOptions;
}

export interface MessageRow {
  readonly fields?: readonly FieldRow[];
  readonly signers?: readonly string[];
  readonly implemented?: readonly string[];
  readonly aminoName?: string;
  /** Why the message can stand neither in state nor in a transaction. */
  readonly unsupported?: string;
}

/** Numbers by the name of the value. */
export type EnumRow = Readonly<Record<string, number>>;

/** By full name, without a leading dot, in the order of the names. */
export interface Tables {
  readonly enums: Readonly<Record<string, EnumRow>>;
  readonly messages: Readonly<Record<string, MessageRow>>;
  /** Ordered by full name. */
  readonly services: readonly ServiceDescription[];
}

/** The file of tables that were made of texts with this checksum: a line an entry, for readable differences. */
export function fileOfTables({ enums, messages, services }: Tables, textsChecksum: number): string {
  const content = [
    `"enums": {${linesOf(enums)}},`,
    `"messages": {${linesOf(messages)}},`,
    `"services": [\n${services.map((service) => JSON.stringify(service)).join(',\n')}\n]}\n`,
  ].join('\n');
  return headOf(content, textsChecksum) + content;
}

function linesOf(rows: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(rows).map(
    ([name, row]) => `${JSON.stringify(name)}: ${JSON.stringify(row)}`,
  );
  return `\n${lines.join(',\n')}\n`;
}

/** Covers the texts and all that follows, so that an edited or cut file is not taken either. */
function headOf(content: string, textsChecksum: number): string {
  return `{"checksum": ${crc32(content, textsChecksum)},\n`;
}

/** The tables in a file, or undefined when it was made of other texts or changed since. */
export function tablesOfFile(file: string, textsChecksum: number): Tables | undefined {
  const content = file.slice(file.indexOf('\n') + 1);
  if (!file.startsWith(headOf(content, textsChecksum))) return undefined;
  const { enums, messages, services } = JSON.parse(file) as Tables;
  return { enums, messages, services };
}

/** Both directions of an enum; the first of several names of a number is the one it is written with. */
export function enumOf(row: EnumRow): EnumSchema {
  const numbers = new Map(Object.entries(row));
  const names = new Map<number, string>();
  for (const [name, number] of numbers) if (!names.has(number)) names.set(number, name);
  return { names, numbers };
}

/**
 * The schema of a message.
 * @throws Error for a map, a group or a floating point field: none may stand in state or in a transaction.
 */
export function schemaOf(
  fullName: string,
  row: MessageRow,
  enumNamed: (name: string) => EnumSchema,
): MessageSchema {
  if (row.unsupported !== undefined) throw new Error(row.unsupported);
  const declared = (row.fields ?? []).map((field) => fieldOf(field, enumNamed));
  const byName = new Map<string, FieldSchema>();
  for (const field of declared) byName.set(field.camelName, field);
  for (const field of declared) byName.set(field.name, field);
  return {
    fullName,
    declared,
    ordered: [...declared].sort((a, b) => a.number - b.number),
    byNumber: new Map(declared.map((field) => [field.number, field])),
    byName,
    signers: row.signers ?? [],
    implemented: row.implemented ?? [],
    aminoName: row.aminoName ?? '',
  };
}

function fieldOf(row: FieldRow, enumNamed: (name: string) => EnumSchema): FieldSchema {
  const { name, number, kind, typeName = '', custom, amino } = row;
  return {
    name,
    camelName: row.camelName ?? name,
    number,
    kind,
    repeated: row.repeated ?? false,
    packed: row.packed ?? false,
    typeName,
    nullable: row.nullable ?? true,
    accepts: row.accepts ?? '',
    ...(custom ? { custom } : {}),
    ...(kind === 'enum' ? { enumeration: enumNamed(typeName) } : {}),
    oneof: row.oneof ?? '',
    scalar: row.scalar ?? '',
    comment: row.comment ?? '',
    ...(amino ? { amino } : {}),
  };
}
