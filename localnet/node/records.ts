/** How the block store keeps data that has no protobuf form: JSON whose bigints and bytes are marked as such. */
import { fromBase64, fromUtf8, toBase64, toUtf8 } from '../../wire/bytes.ts';

const BIGINT_MARK = '$n';
const BYTES_MARK = '$b';

/**
 * The bytes of a record made of texts, numbers, booleans, bigints, byte arrays, lists and plain objects, or of objects
 * that say by `toJSON` which they stand for.
 */
export function encodeRecord(value: unknown): Uint8Array {
  return toUtf8(JSON.stringify(marked(value)));
}

/** The record that `encodeRecord` wrote. @throws TypeError for other bytes. */
export function decodeRecord<T>(bytes: Uint8Array): T {
  return JSON.parse(fromUtf8(bytes, 'record'), (_, value: unknown) => unmarked(value)) as T;
}

function marked(value: unknown): unknown {
  if (typeof value === 'bigint') return { [BIGINT_MARK]: value.toString() };
  if (value instanceof Uint8Array) return { [BYTES_MARK]: toBase64(value) };
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== 'object' || value === null) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return marked(value.toJSON());
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, marked(member)]));
}

function unmarked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (BIGINT_MARK in value) return BigInt(String(value[BIGINT_MARK]));
  return BYTES_MARK in value ? fromBase64(String(value[BYTES_MARK])) : value;
}
