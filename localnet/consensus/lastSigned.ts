/** What a validator signed last, as CometBFT keeps it (privval/file.go, FilePVLastSignState). */
import { fromHex, toBase64 } from '../../wire/bytes.ts';
import { hexToJson } from '../../wire/json/encode.ts';
import { ProtoReader } from '../../wire/protobuf.ts';
import { decodeTimestamp } from '../../wire/time.ts';
import { VOTE_TYPE } from '../../wire/types.ts';
import { Fields } from '../fields.ts';
import { parseStrictJson } from '../strictJson.ts';
import { verifyEd25519 } from './ed25519.ts';

/** The steps that votes of each type belong to; 1 is a proposal. */
export const SIGNED_STEP = { [VOTE_TYPE.prevote]: 2, [VOTE_TYPE.precommit]: 3 } as const;

/** The extension of a precommit, as it was signed beside it. CometBFT's file has none: it signs what it is given again. */
export interface LastExtension {
  readonly signature: Uint8Array;
  readonly signBytes: Uint8Array;
}

/** The last thing signed: what priv_validator_state.json holds. */
export interface LastSigned {
  readonly height: bigint;
  readonly round: number;
  /** 1 proposal, 2 prevote, 3 precommit. */
  readonly step: number;
  readonly signature?: Uint8Array;
  readonly signBytes?: Uint8Array;
  readonly extended?: LastExtension;
}

/** What a signature is over, as far as it must agree with the rest of the file. */
export interface SignBytesContent {
  readonly type: number;
  readonly height: bigint;
  readonly round: bigint;
  /** Nanoseconds since 1970. */
  readonly timestamp: bigint;
}

/** The fields of a canonical vote behind its length. @throws TypeError when the bytes are none. */
export function readSignBytes(signBytes: Uint8Array): SignBytesContent {
  const reader = new ProtoReader(signBytes, 'signbytes');
  reader.varint();
  let content = { type: 0, height: 0n, round: 0n };
  let timestamp: bigint | undefined;
  while (!reader.done) {
    const { number, value, bytes } = reader.field();
    if (number === 1) content = { ...content, type: Number(value) };
    if (number === 2) content = { ...content, height: sfixed64Of(bytes) };
    if (number === 3) content = { ...content, round: sfixed64Of(bytes) };
    if (number === 5) timestamp = decodeTimestamp(bytes, 'signbytes.timestamp');
  }
  if (timestamp === undefined) throw reader.fail('timestamp is missing');
  return { ...content, timestamp };
}

/** The fields of a canonical vote extension behind its length. @throws TypeError when the bytes are none. */
export function readExtensionSignBytes(signBytes: Uint8Array): {
  readonly extension: Uint8Array;
  readonly height: bigint;
  readonly round: bigint;
} {
  const reader = new ProtoReader(signBytes, 'extensionsignbytes');
  reader.varint();
  let content = { extension: new Uint8Array(0), height: 0n, round: 0n };
  while (!reader.done) {
    const { number, bytes } = reader.field();
    if (number === 1) content = { ...content, extension: bytes.slice() };
    if (number === 2) content = { ...content, height: sfixed64Of(bytes) };
    if (number === 3) content = { ...content, round: sfixed64Of(bytes) };
  }
  return content;
}

function sfixed64Of(bytes: Uint8Array): bigint {
  if (bytes.length !== 8) throw new TypeError(`signbytes: expected 8 bytes, got ${bytes.length}`);
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
}

/** The text of priv_validator_state.json. */
export function lastSignedToText(last: LastSigned): string {
  const { height, round, step, signature, signBytes, extended } = last;
  const value = {
    height: String(height),
    round,
    step,
    ...(signature && { signature: toBase64(signature) }),
    ...(signBytes && { signbytes: hexToJson(signBytes) }),
    ...(extended && {
      extensionsignature: toBase64(extended.signature),
      extensionsignbytes: hexToJson(extended.signBytes),
    }),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * What a state file says, checked against itself: an altered file must not make a validator forget what it signed.
 * @throws TypeError naming the field that is wrong, and what to do.
 */
export function parseLastSigned(text: string, path: string, publicKey: Uint8Array): LastSigned {
  try {
    const last = parseState(text, path);
    checkSignature(last, path, publicKey);
    checkExtended(last, path, publicKey);
    return last;
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const advice =
      'put its newest copy back: without it the validator could sign a second block at a height';
    throw new TypeError(`${cause.message}; ${advice}`, { cause });
  }
}

function parseState(text: string, path: string): LastSigned {
  const extension = ['extensionsignature', 'extensionsignbytes'] as const;
  const known = ['height', 'round', 'step', 'signature', 'signbytes', ...extension];
  const fields = Fields.of(parseStrictJson(text, path), path, known);
  const round = Number(fields.integer('round'));
  const step = Number(fields.integer('step'));
  const height = fields.integer('height');
  if (height < 0n || round < 0 || step < 0 || step > 3)
    throw fields.fail('height', 'a signed step');
  return {
    height,
    round,
    step,
    ...(fields.has('signature') && { signature: fields.base64('signature') }),
    ...(fields.has('signbytes') && { signBytes: fromHex(fields.text('signbytes'), path) }),
    ...(extension.some((name) => fields.has(name)) && {
      extended: {
        signature: fields.base64('extensionsignature'),
        signBytes: fromHex(fields.text('extensionsignbytes'), path),
      },
    }),
  };
}

/** The signature must be the key's own, of a vote of the height, round and step that the file names. */
function checkSignature(
  { height, round, step, signature, signBytes }: LastSigned,
  path: string,
  publicKey: Uint8Array,
): void {
  if (signature === undefined && signBytes === undefined) return;
  if (signature === undefined || signBytes === undefined) {
    throw new TypeError(`${path}: expected signature and signbytes, or neither`);
  }
  if (!verifyEd25519(publicKey, signBytes, signature)) {
    throw new TypeError(`${path}.signature: expected one of its own key over signbytes`);
  }
  const signed = readSignBytes(signBytes);
  const signedStep = Object.entries(SIGNED_STEP).find(
    ([type]) => Number(type) === signed.type,
  )?.[1];
  if (signed.height === height && signed.round === BigInt(round) && signedStep === step) return;
  throw new TypeError(
    `${path}.signbytes: expected a vote of height ${height} round ${round} step ${step}, ` +
      `got one of height ${signed.height} round ${signed.round} type ${signed.type}`,
  );
}

/** An extension belongs to a precommit of the same height and round, and is signed by the same key. */
function checkExtended(
  { height, round, step, signature, extended }: LastSigned,
  path: string,
  publicKey: Uint8Array,
): void {
  if (extended === undefined) return;
  if (signature === undefined || step !== SIGNED_STEP[VOTE_TYPE.precommit]) {
    throw new TypeError(`${path}.extensionsignbytes: expected none without a precommit`);
  }
  if (!verifyEd25519(publicKey, extended.signBytes, extended.signature)) {
    throw new TypeError(
      `${path}.extensionsignature: expected one of its own key over extensionsignbytes`,
    );
  }
  const signed = readExtensionSignBytes(extended.signBytes);
  if (signed.height === height && signed.round === BigInt(round)) return;
  throw new TypeError(
    `${path}.extensionsignbytes: expected an extension of height ${height} round ${round}, ` +
      `got one of height ${signed.height} round ${signed.round}`,
  );
}
