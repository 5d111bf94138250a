/** Block headers: protobuf form and hash (CometBFT spec/core/data_structures, Header). */
import { type BlockIdMessage, blockIdCodec, blockIdOfMessage, encodeBlockId } from './blockId.ts';
import { equalBytes, toUtf8 } from './bytes.ts';
import { merkleRoot } from './merkle.ts';
import { messageCodec } from './messageCodec.ts';
import { ProtoWriter } from './protobuf.ts';
import { encodeTimestamp, type Timestamp, timeOf, timestampCodec } from './time.ts';
import { BLOCK_PROTOCOL, type Header, NIL_BLOCK_ID, ZERO_TIME } from './types.ts';
import { ACCEPTED, type Refusal } from './verdict.ts';

const NO_BYTES = new Uint8Array(0);

/** Longest chain id, in UTF-8 bytes. */
export const MAX_CHAIN_ID_LENGTH = 50;
/** Bytes of an account or validator address. */
export const ADDRESS_LENGTH = 20;

/** The first rule that data breaks by itself: its field, what it holds and what it should hold. */
export interface Malformed extends Refusal<'malformed'> {
  readonly field: string;
  readonly got: string;
  readonly expected: string;
}

/** Whether data is well formed on its own. */
export type BasicVerdict = { readonly ok: true } | Malformed;

/** The fields 6 to 14 in order, which are all bytes: each by its name here, and in protobuf and JSON. */
export const BYTE_FIELDS = [
  ['lastCommitHash', 'last_commit_hash'],
  ['dataHash', 'data_hash'],
  ['validatorsHash', 'validators_hash'],
  ['nextValidatorsHash', 'next_validators_hash'],
  ['consensusHash', 'consensus_hash'],
  ['appHash', 'app_hash'],
  ['lastResultsHash', 'last_results_hash'],
  ['evidenceHash', 'evidence_hash'],
  ['proposerAddress', 'proposer_address'],
] as const;
export type ByteField = (typeof BYTE_FIELDS)[number];

/** These fields of a header, each by what `read` gives of its two names. */
export function readByteFields(read: (field: ByteField) => Uint8Array): Pick<Header, ByteField[0]> {
  const fields = BYTE_FIELDS.map((field) => [field[0], read(field)]);
  return Object.fromEntries(fields) as Record<ByteField[0], Uint8Array>;
}

interface HeaderMessage extends Pick<Header, 'chainId' | 'height' | ByteField[0]> {
  readonly version: Header['version'] | undefined;
  readonly time: Timestamp | undefined;
  readonly lastBlockId: BlockIdMessage | undefined;
}

const headerCodec = /* @__PURE__ */ makeHeaderCodec();

function makeHeaderCodec() {
  const bytes = Object.fromEntries(BYTE_FIELDS.map(([name]) => [name, 'bytes']));
  return messageCodec<HeaderMessage>('header', {
    version: messageCodec<Header['version']>('version', { block: 'uint64', app: 'uint64' }),
    chainId: 'string',
    height: 'int64',
    time: timestampCodec,
    lastBlockId: blockIdCodec,
    ...(bytes as Record<ByteField[0], 'bytes'>),
  });
}

/** A tendermint.types.Header. @throws RangeError for a time outside the years 1 to 9999. */
export function encodeHeader(header: Header): Uint8Array {
  const writer = new ProtoWriter()
    .message(1, encodeVersion(header.version))
    .string(2, header.chainId)
    .varint(3, header.height)
    .message(4, encodeTimestamp(header.time))
    .message(5, encodeBlockId(header.lastBlockId));
  byteFields(header).forEach((value, index) => {
    writer.bytes(6 + index, value);
  });
  return writer.finish();
}

/**
 * The header that canonical bytes hold.
 * @throws TypeError for unknown, repeated or mistyped fields and for any other encoding of the same.
 */
export function decodeHeader(bytes: Uint8Array, title = 'header'): Header {
  const message = headerCodec.decode(bytes);
  const { version = { block: 0n, app: 0n }, time, lastBlockId } = message;
  const header: Header = {
    ...message,
    version,
    time: time ? timeOf(time, `${title}.time`) : ZERO_TIME,
    lastBlockId: lastBlockId ? blockIdOfMessage(lastBlockId) : NIL_BLOCK_ID,
  };
  if (!equalBytes(encodeHeader(header), bytes)) {
    throw new TypeError(`${title}: expected the canonical encoding`);
  }
  return header;
}

/**
 * The hash that commits sign, 32 bytes: the Merkle root over the 14 fields, of which an empty one
 * is an empty leaf. Empty when the validators' hash is missing: such a header has no hash.
 */
export function hashHeader(header: Header): Uint8Array {
  if (header.validatorsHash.length === 0) return NO_BYTES;
  return merkleRoot([
    encodeVersion(header.version),
    new ProtoWriter().string(1, header.chainId).finish(),
    new ProtoWriter().varint(1, header.height).finish(),
    encodeTimestamp(header.time),
    encodeBlockId(header.lastBlockId),
    ...byteFields(header).map((value) => new ProtoWriter().bytes(1, value).finish()),
  ]);
}

/**
 * The rules that a header keeps by itself, without state: protocol version, chain id, height and
 * the lengths of hashes and addresses. The app hash may have any length.
 */
export function checkHeader(header: Header): BasicVerdict {
  if (header.version.block !== BLOCK_PROTOCOL) {
    return malformed('version.block', header.version.block, `${BLOCK_PROTOCOL}`);
  }
  const chainIdLength = toUtf8(header.chainId).length;
  if (chainIdLength > MAX_CHAIN_ID_LENGTH) {
    return malformed('chain_id', `${chainIdLength} bytes`, `at most ${MAX_CHAIN_ID_LENGTH} bytes`);
  }
  if (header.height < 1n) return malformed('height', header.height, 'at least 1');
  for (const [field, hash] of fixedLengthHashes(header)) {
    if (hash.length !== 0 && hash.length !== 32) {
      return malformed(field, `${hash.length} bytes`, '32 bytes or none');
    }
  }
  const addressLength = header.proposerAddress.length;
  if (addressLength !== ADDRESS_LENGTH) {
    return malformed('proposer_address', `${addressLength} bytes`, `${ADDRESS_LENGTH} bytes`);
  }
  return ACCEPTED;
}

/** The verdict that `field` breaks a rule. */
export function malformed(field: string, got: string | bigint, expected: string): Malformed {
  return { ok: false, reason: 'malformed', field, got: `${got}`, expected };
}

function fixedLengthHashes(header: Header): readonly (readonly [string, Uint8Array])[] {
  const { hash, parts } = header.lastBlockId;
  const others = BYTE_FIELDS.filter(([name]) => name !== 'appHash' && name !== 'proposerAddress');
  return [
    ['last_block_id.hash', hash],
    ['last_block_id.parts.hash', parts.hash],
    ...others.map(([name, title]) => [title, header[name]] as const),
  ];
}

function byteFields(header: Header): readonly Uint8Array[] {
  return BYTE_FIELDS.map(([name]) => header[name]);
}

function encodeVersion(version: Header['version']): Uint8Array {
  return new ProtoWriter().varint(1, version.block).varint(2, version.app).finish();
}
