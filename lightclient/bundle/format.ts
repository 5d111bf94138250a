/**
 * A proof of what a device reported, in one piece: `dpb`, a version byte, and the fields of one protobuf message.
 * It holds the header above the state, how validators signed it, the header it follows from, the headers in between
 * where too many validators changed for one step, the proofs of the device's record and of its batch in one store, and
 * the report with its place. Nothing in it is trusted.
 */
import { equalBytes, joinBytes } from '../../wire/bytes.ts';
import { decodeHeader, encodeHeader } from '../../wire/header.ts';
import {
  type MessageShape,
  type ProtoField,
  ProtoWriter,
  readFields,
} from '../../wire/protobuf.ts';
import type { Header, SignedHeader, Validator } from '../../wire/types.ts';
import { decodeCompactCommit, decodeSet, encodeCompactCommit, encodeSet } from './compactCommit.ts';

/** Longest bundle that is read: one with two sets of 10,000 validators fits. */
export const MAX_BUNDLE_BYTES = 3_000_000;

/** Most headers in between that a bundle holds. */
export const MAX_LINKS = 32;

const START = Uint8Array.of(0x64, 0x70, 0x62, 1);

const SHAPE: MessageShape = {
  1: { name: 'header', wireType: 2 },
  2: { name: 'commit', wireType: 2 },
  3: { name: 'validators', wireType: 2 },
  4: { name: 'next_validators', wireType: 2 },
  5: { name: 'root_header', wireType: 2 },
  6: { name: 'root_next_validators', wireType: 2 },
  7: { name: 'record_proof', wireType: 2 },
  8: { name: 'record', wireType: 2 },
  9: { name: 'batch_proof', wireType: 2 },
  10: { name: 'batch', wireType: 2 },
  11: { name: 'store_proof', wireType: 2 },
  12: { name: 'report', wireType: 2 },
  13: { name: 'links', wireType: 2, repeated: true },
};
/** The same numbers as in a bundle. */
const LINK_SHAPE: MessageShape = { 1: SHAPE[1]!, 2: SHAPE[2]!, 3: SHAPE[3]!, 4: SHAPE[4]! };

/** How the validators signed the header. */
export interface SignedPart {
  readonly signedHeader: SignedHeader;
  readonly validators: readonly Validator[];
  /** Undefined when they are the validators. */
  readonly nextValidators: readonly Validator[] | undefined;
}

/** The header that the one above the state follows from. */
export interface RootPart {
  readonly header: Header;
  /** Undefined when they are those of the header above the state. */
  readonly nextValidators: readonly Validator[] | undefined;
}

/** What a bundle holds. Proofs are compact; `report` is the answer of the query for it. */
export interface ProofBundle {
  readonly header: Header;
  readonly signed: SignedPart | undefined;
  readonly root: RootPart | undefined;
  /** Between the root and the header above the state, in the order of their heights. */
  readonly links: readonly SignedPart[];
  readonly recordProof: Uint8Array;
  readonly record: Uint8Array;
  readonly batchProof: Uint8Array;
  readonly batch: Uint8Array;
  readonly storeProof: Uint8Array;
  readonly report: Uint8Array;
}

/** The bytes of a bundle. */
export function encodeBundle(bundle: ProofBundle): Uint8Array {
  const { header, signed, root, links } = bundle;
  const writer = writeSigned(header, signed);
  if (root !== undefined) {
    writer.message(5, encodeHeader(root.header));
    if (root.nextValidators !== undefined) writer.message(6, encodeSet(root.nextValidators));
  }
  const { recordProof, record, batchProof, batch, storeProof, report } = bundle;
  [recordProof, record, batchProof, batch, storeProof, report].forEach((part, index) => {
    writer.message(7 + index, part);
  });
  for (const link of links) {
    writer.message(13, writeSigned(link.signedHeader.header, link).finish());
  }
  return joinBytes([START, writer.finish()]);
}

/** A header, and if need be how it was signed. */
function writeSigned(header: Header, signed: SignedPart | undefined): ProtoWriter {
  const writer = new ProtoWriter().message(1, encodeHeader(header));
  if (signed === undefined) return writer;
  writer.message(2, encodeCompactCommit(header, signed.signedHeader.commit));
  writer.message(3, encodeSet(signed.validators));
  if (signed.nextValidators !== undefined) writer.message(4, encodeSet(signed.nextValidators));
  return writer;
}

/** The bundle that canonical bytes hold. @throws TypeError that names what is wrong. */
export function decodeBundle(bytes: Uint8Array): ProofBundle {
  if (bytes.length > MAX_BUNDLE_BYTES) {
    throw new TypeError(`bundle: expected at most ${MAX_BUNDLE_BYTES} bytes, got ${bytes.length}`);
  }
  if (!equalBytes(bytes.subarray(0, START.length), START)) {
    throw new TypeError('bundle: expected one of version 1');
  }
  const fields = readFields(bytes.subarray(START.length), 'bundle', SHAPE);
  const parts: Parts = new Map(fields.map((field) => [field.number, field.bytes]));
  const must = (number: number): Uint8Array => partOf(parts, number);
  const header = decodeHeader(must(1), 'bundle.header');
  const bundle: ProofBundle = {
    header,
    signed: signedPart(header, parts),
    root: rootPart(parts),
    links: linksOf(fields),
    recordProof: must(7),
    record: must(8),
    batchProof: must(9),
    batch: must(10),
    storeProof: must(11),
    report: must(12),
  };
  if (equalBytes(encodeBundle(bundle), bytes)) return bundle;
  throw new TypeError('bundle: expected the canonical encoding');
}

type Parts = ReadonlyMap<number, Uint8Array>;

function partOf(parts: Parts, number: number): Uint8Array {
  const part = parts.get(number);
  if (part === undefined) throw new TypeError(`bundle.${SHAPE[number]!.name}: expected one`);
  return part;
}

function linksOf(fields: readonly ProtoField[]): SignedPart[] {
  const links = fields.filter(({ number }) => number === 13);
  if (links.length > MAX_LINKS) {
    throw new TypeError(`bundle.links: expected at most ${MAX_LINKS}, got ${links.length}`);
  }
  return links.map(({ bytes }) => {
    const parts = new Map(
      readFields(bytes, 'bundle.links', LINK_SHAPE).map((field) => [field.number, field.bytes]),
    );
    const link = signedPart(decodeHeader(partOf(parts, 1), 'bundle.links.header'), parts);
    if (link === undefined) throw new TypeError('bundle.links: expected signatures');
    return link;
  });
}

function signedPart(header: Header, parts: Parts): SignedPart | undefined {
  const [commit, set] = [parts.get(2), parts.get(3)];
  if (commit === undefined || set === undefined) return undefined;
  const validators = decodeSet(set, 'bundle.validators');
  const next = parts.get(4);
  const signedHeader = { header, commit: decodeCompactCommit(commit, header, validators) };
  const nextValidators = next && decodeSet(next, 'bundle.next_validators');
  return { signedHeader, validators, nextValidators };
}

function rootPart(parts: Parts): RootPart | undefined {
  const [bytes, set] = [parts.get(5), parts.get(6)];
  if (bytes === undefined) return undefined;
  const nextValidators = set && decodeSet(set, 'bundle.root_next_validators');
  return { header: decodeHeader(bytes, 'bundle.root_header'), nextValidators };
}
