/** Who must sign a message, read from its own descriptor. */
import { fromUtf8 } from '../../wire/bytes.ts';
import { type Descriptors, messageNameOf } from './descriptors.ts';
import { readValues } from './fieldValues.ts';
import { plainTextOf } from './plainText.ts';

/** Signer options point from message to message; a longer chain is a mistake in a `.proto` text. */
const MAX_SIGNER_DEPTH = 8;

/**
 * Addresses that must sign, as the message spells them, in order of first mention and without repeats.
 * A signer field that holds messages leads to the signer fields of those (MsgMultiSend: `inputs`, then `address`).
 * @throws TypeError for an unknown type, a type without signers, an empty signer or malformed bytes.
 */
export function signersOf(
  descriptors: Descriptors,
  typeUrl: string,
  messageBytes: Uint8Array,
): string[] {
  const fullName = messageNameOf(typeUrl, 'type_url');
  const only = onlySigner(descriptors, fullName, messageBytes);
  if (only !== undefined) return [only];
  const found = new Set<string>();
  collect({ descriptors, found }, fullName, messageBytes, 1);
  return [...found];
}

/** The signer of a message that one field of text names: nearly all of them. */
function onlySigner(
  descriptors: Descriptors,
  fullName: string,
  bytes: Uint8Array,
): string | undefined {
  const { signers, byName } = descriptors.schema(fullName);
  const field = signers.length === 1 ? byName.get(signers[0]!) : undefined;
  if (field?.kind !== 'string' || field.repeated) return undefined;
  return plainTextOf(bytes, field.number);
}

interface Collection {
  readonly descriptors: Descriptors;
  readonly found: Set<string>;
}

function collect(into: Collection, fullName: string, bytes: Uint8Array, depth: number): void {
  const schema = into.descriptors.schema(fullName);
  if (schema.signers.length === 0 || depth > MAX_SIGNER_DEPTH) {
    throw new TypeError(`${fullName}: declares no signer (cosmos.msg.v1.signer)`);
  }
  const values = readValues(schema, bytes, fullName);
  for (const name of schema.signers) {
    const field = schema.byName.get(name);
    if (field === undefined || (field.kind !== 'string' && field.kind !== 'message')) {
      throw new TypeError(`${fullName}.${name}: cannot name a signer`);
    }
    const given = values.get(field) ?? [];
    if (given.length === 0) throw new TypeError(`${fullName}.${name}: signer is missing`);
    for (const value of given) {
      if (!(value instanceof Uint8Array)) continue;
      if (field.kind === 'message') collect(into, field.typeName, value, depth + 1);
      else into.found.add(signer(value, `${fullName}.${name}`));
    }
  }
}

function signer(bytes: Uint8Array, title: string): string {
  if (bytes.length === 0) throw new TypeError(`${title}: signer is empty`);
  return fromUtf8(bytes, title);
}
