/** The one encoding that a transaction may have: ADR-027 for its frame, strict fields for what is inside. */
import { ProtoReader } from '../../wire/protobuf.ts';
import type { Descriptors } from './descriptors.ts';
import { PlainReader } from './plainReader.ts';
import { rejectUnknownFields, type StrictResult } from './strict.ts';

const FIELD_NAMES = ['', 'body_bytes', 'auth_info_bytes', 'signatures'];

/** The parts of a TxRaw, as views of the given bytes. */
export interface TxRawParts {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly signatures: readonly Uint8Array[];
}

/**
 * Checks the frame by ADR-027: only fields 1, 2 and 3, in this order, the first two at most once, minimal lengths,
 * no empty body or auth info written out. Otherwise others could change the hash of a transaction in flight.
 * @throws TypeError naming the field.
 */
export function checkCanonicalTxRaw(bytes: Uint8Array): TxRawParts {
  const reader = new ProtoReader(bytes, 'tx');
  const signatures: Uint8Array[] = [];
  const parts: Uint8Array[] = [new Uint8Array(0), new Uint8Array(0)];
  let previous = 0;
  while (!reader.done) {
    const { number, wireType, bytes: content } = reader.field();
    const name = FIELD_NAMES[number];
    if (name === undefined) throw new TypeError(`tx: field ${number} is unknown in TxRaw`);
    if (wireType !== 2) throw new TypeError(`tx.${name}: wire type ${wireType}, expected 2`);
    if (number < previous) {
      throw new TypeError(
        `tx.${name}: stands behind ${FIELD_NAMES[previous]}, expected field order`,
      );
    }
    if (number === previous && number !== 3) throw new TypeError(`tx.${name}: stands twice`);
    if (number !== 3 && content.length === 0) throw new TypeError(`tx.${name}: empty but written`);
    if (number === 3) signatures.push(content);
    else parts[number - 1] = content;
    previous = number;
  }
  return { bodyBytes: parts[0]!, authInfoBytes: parts[1]!, signatures };
}

/**
 * Checks a whole transaction: canonical frame, no unknown field in auth info, no unknown critical one in the body.
 * @throws TypeError naming the path of what is wrong.
 */
export function checkTxEncoding(
  descriptors: Descriptors,
  bytes: Uint8Array,
): TxRawParts & StrictResult {
  const { bodyBytes, authInfoBytes, signatures } = plainTxRaw(bytes) ?? checkCanonicalTxRaw(bytes);
  const body = rejectUnknownFields(descriptors, 'cosmos.tx.v1beta1.TxBody', bodyBytes, IN_BODY);
  const authInfo = rejectUnknownFields(
    descriptors,
    'cosmos.tx.v1beta1.AuthInfo',
    authInfoBytes,
    IN_AUTH_INFO,
  );
  return {
    bodyBytes,
    authInfoBytes,
    signatures,
    hasUnknownNonCriticals: body.hasUnknownNonCriticals,
    isPlain: body.isPlain && authInfo.isPlain,
  };
}

const IN_BODY = { title: 'body', allowUnknownNonCriticals: true } as const;
const IN_AUTH_INFO = { title: 'auth_info' } as const;

/** The parts of a frame as wallets write it: body, auth info and signatures, each once or more; undefined for any other. */
function plainTxRaw(bytes: Uint8Array): TxRawParts | undefined {
  const reader = new PlainReader(bytes);
  const bodyBytes = reader.part(0x0a);
  const authInfoBytes = reader.part(0x12);
  if (bodyBytes === undefined || authInfoBytes === undefined) return undefined;
  if (bodyBytes.length === 0 || authInfoBytes.length === 0) return undefined;
  const signatures: Uint8Array[] = [];
  while (reader.at < bytes.length) {
    const signature = reader.part(0x1a);
    if (signature === undefined) return undefined;
    signatures.push(signature);
  }
  return { bodyBytes, authInfoBytes, signatures };
}
