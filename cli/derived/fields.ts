/** Fields of messages as flags and arguments: their names, their help, and the JSON that a text stands for. */
import { readFile } from 'node:fs/promises';
import type {
  Descriptors,
  FieldSchema,
  JsonObject,
  JsonValue,
} from '../../chain/descriptors/index.ts';
import { fromHex, toBase64 } from '../../wire/bytes.ts';
import { parseCoinsText, parseCoinText } from '../coins.ts';
import { CliError } from '../errors.ts';
import { kebabCase, wordsOf } from './names.ts';

const COIN = 'cosmos.base.v1beta1.Coin';
const TEXT_MESSAGES: ReadonlySet<string> = new Set([
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
]);
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** One field that a command takes. */
export interface Field {
  readonly schema: FieldSchema;
  /** Flag without its dashes, and the name of the argument. */
  readonly name: string;
  /** What help says of it. */
  readonly help: string;
  /** Whether it holds an account address, so that the name of a key stands for it. */
  readonly isAddress: boolean;
}

/** The fields of a message in their order. `taken` are flags that mean something else already. */
export function fieldsOf(
  descriptors: Descriptors,
  messageName: string,
  taken: ReadonlySet<string>,
): Field[] {
  return descriptors.schema(messageName).declared.map((schema) => {
    const comment = wordsOf(schema.comment).all;
    const name = kebabCase(schema.name);
    return {
      schema,
      name: taken.has(name) ? `msg-${name}` : name,
      help: [comment, formOf(schema)].filter((part) => part !== '').join(' '),
      isAddress: schema.scalar === 'cosmos.AddressString' && !schema.repeated,
    };
  });
}

/** What is to be typed, where it is not plain text. */
function formOf(schema: FieldSchema): string {
  const { kind, typeName, repeated, enumeration } = schema;
  if (typeName === COIN) return repeated ? '(coins: 5udepin,7uother)' : '(coin: 5000udepin)';
  if (enumeration !== undefined) {
    return `(${[...enumeration.numbers.keys()].map((name) => shortName(schema, name)).join(', ')})`;
  }
  if (kind === 'message' && !TEXT_MESSAGES.has(typeName)) {
    return repeated ? '(JSON list, or @file.json)' : '(JSON, or @file.json)';
  }
  if (kind === 'bytes') return '(base64, or hex after 0x)';
  if (kind === 'bool') return '(true or false)';
  return repeated ? '(values between commas, or a JSON list)' : '';
}

/** `KEY_TYPE_ED25519` of the enum KeyType may be written `ed25519`. */
function shortName({ typeName }: FieldSchema, name: string): string {
  const type = typeName.slice(typeName.lastIndexOf('.') + 1);
  const prefix = `${kebabCase(type).replaceAll('-', '_').toUpperCase()}_`;
  return name.startsWith(prefix) ? name.slice(prefix.length).toLowerCase() : name;
}

/** The JSON of a field. @throws CliError naming the flag when the text is not of its form. */
export async function jsonOfText({ schema, name }: Field, text: string): Promise<JsonValue> {
  const title = `--${name}`;
  try {
    if (schema.typeName === COIN) return coinJson(schema, text, title);
    const isStructure = schema.kind === 'message' && !TEXT_MESSAGES.has(schema.typeName);
    if (isStructure || /^[@[]/.test(text)) return await parseJson(text, title);
    if (!schema.repeated) return scalarJson(schema, text, title);
    return text.split(',').map((part) => scalarJson(schema, part.trim(), title));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CliError(error.message, { cause: error });
  }
}

function coinJson({ repeated }: FieldSchema, text: string, title: string): JsonValue {
  const asJson = ({ denom, amount }: { denom: string; amount: string }): JsonObject => ({
    denom,
    amount,
  });
  return repeated ? parseCoinsText(text, title).map(asJson) : asJson(parseCoinText(text, title));
}

function scalarJson(schema: FieldSchema, text: string, title: string): JsonValue {
  if (schema.kind === 'bool') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new TypeError(`${title}: expected true or false, got "${text.slice(0, 80)}"`);
  }
  if (schema.kind === 'bytes') {
    return text.startsWith('0x') ? toBase64(fromHex(text.slice(2), title)) : text;
  }
  if (schema.enumeration === undefined) return text;
  const names = [...schema.enumeration.numbers.keys()];
  const name = names.find((known) => known === text || shortName(schema, known) === text);
  if (name !== undefined) return name;
  const expected = names.map((known) => shortName(schema, known)).join(', ');
  throw new TypeError(`${title}: expected one of ${expected}, got "${text.slice(0, 80)}"`);
}

async function parseJson(text: string, title: string): Promise<JsonValue> {
  const source = text.startsWith('@') ? await fileText(text.slice(1), title) : text;
  try {
    return JSON.parse(source) as JsonValue;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`${title}: expected JSON: ${reason}`, { cause });
  }
}

/** The text of a file that a flag or argument names. @throws CliError naming both. */
export async function fileText(path: string, title: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new CliError(`${title}: ${path} cannot be read: ${code}`, { cause });
  }
  if (text.length <= MAX_FILE_BYTES) return text;
  throw new CliError(`${title}: ${path} is larger than ${MAX_FILE_BYTES} bytes`);
}
