/**
 * A proof of what a device reported, in one piece: `dpb`, a version byte, and the fields of one protobuf message.
 * It holds the header above the state, how validators signed it, the header it follows from, the headers in between
 * where too many validators changed for one step, the proofs of the device's record and of its batch in one store, and
 * the report with its place. Nothing in it is trusted.
 */
import { equalBytes, joinBytes } from '../../wire/bytes.ts';
import { decodeHeader, encodeHeader } from '../../wire/header.ts';
import { messageCodec } from '../../wire/messageCodec.ts';
import type { Header, SignedHeader, Validator } from '../../wire/types.ts';
import {
  type CompactCommit,
  type CompactSet,
  commitCodec,
  compactCommit,
  compactSet,
  expandCommit,
  expandSet,
  setCodec,
} from './compactCommit.ts';

/** Longest bundle that is read: one with two sets of 10,000 validators fits. */
export const MAX_BUNDLE_BYTES = 3_000_000;

/** Most headers in between that a bundle holds. */
export const MAX_LINKS = 32;

const START = Uint8Array.of(0x64, 0x70, 0x62, 1);

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

interface WirePart {
  readonly header: Uint8Array;
  readonly commit: CompactCommit | undefined;
  readonly validators: CompactSet | undefined;
  readonly nextValidators: CompactSet | undefined;
}

type Proofs = Omit<ProofBundle, 'header' | 'signed' | 'root' | 'links'>;

interface WireBundle extends WirePart, Proofs {
  readonly rootHeader: Uint8Array;
  readonly rootNextValidators: CompactSet | undefined;
  readonly links: readonly WirePart[];
}

const PROOFS = ['recordProof', 'record', 'batchProof', 'batch', 'storeProof', 'report'] as const;

const bundleCodec = /* @__PURE__ */ makeBundleCodec();

function makeBundleCodec() {
  const part = {
    header: 'bytes',
    commit: commitCodec,
    validators: setCodec,
    nextValidators: setCodec,
  } as const;
  return messageCodec<WireBundle>('bundle', {
    ...part,
    rootHeader: 'bytes',
    rootNextValidators: setCodec,
    recordProof: 'bytes',
    record: 'bytes',
    batchProof: 'bytes',
    batch: 'bytes',
    storeProof: 'bytes',
    report: 'bytes',
    // The same numbers as in a bundle.
    links: {
      holds: messageCodec<WirePart>('bundle.links', part),
      repeated: true,
      most: MAX_LINKS,
    },
  });
}

/** The bytes of a bundle. */
export function encodeBundle({ header, signed, root, links, ...proofs }: ProofBundle): Uint8Array {
  const message = bundleCodec.encode({
    ...proofs,
    ...writePart(header, signed),
    rootHeader: root ? encodeHeader(root.header) : new Uint8Array(0),
    rootNextValidators: root?.nextValidators && compactSet(root.nextValidators),
    links: links.map((link) => writePart(link.signedHeader.header, link)),
  });
  return joinBytes([START, message.finish()]);
}

/** A header, and if need be how it was signed. */
function writePart(header: Header, signed: SignedPart | undefined): WirePart {
  const next = signed?.nextValidators;
  return {
    header: encodeHeader(header),
    commit: signed && compactCommit(header, signed.signedHeader.commit),
    validators: signed && compactSet(signed.validators),
    nextValidators: next && compactSet(next),
  };
}

/** The bundle that canonical bytes hold. @throws TypeError that names what is wrong. */
export function decodeBundle(bytes: Uint8Array): ProofBundle {
  if (bytes.length > MAX_BUNDLE_BYTES) {
    throw new TypeError(`bundle: expected at most ${MAX_BUNDLE_BYTES} bytes, got ${bytes.length}`);
  }
  if (!equalBytes(bytes.subarray(0, START.length), START)) {
    throw new TypeError('bundle: expected one of version 1');
  }
  const message = bundleCodec.decode(bytes.subarray(START.length));
  const { header: headerBytes, rootHeader, rootNextValidators, links } = message;
  for (const name of PROOFS) {
    if (message[name].length === 0) throw new TypeError(`bundle.${name}: expected one`);
  }
  const { recordProof, record, batchProof, batch, storeProof, report } = message;
  const header = decodeHeader(headerBytes, 'bundle.header');
  const bundle: ProofBundle = {
    header,
    signed: readPart(header, message),
    root: rootPart(rootHeader, rootNextValidators),
    links: links.map(readLink),
    recordProof,
    record,
    batchProof,
    batch,
    storeProof,
    report,
  };
  if (equalBytes(encodeBundle(bundle), bytes)) return bundle;
  throw new TypeError('bundle: expected the canonical encoding');
}

function readLink(message: WirePart): SignedPart {
  const link = readPart(decodeHeader(message.header, 'bundle.links.header'), message);
  if (link === undefined) throw new TypeError('bundle.links: expected signatures');
  return link;
}

function readPart(
  header: Header,
  { commit, validators: set, nextValidators: next }: WirePart,
): SignedPart | undefined {
  if (commit === undefined || set === undefined) return undefined;
  const validators = expandSet(set);
  const signedHeader = { header, commit: expandCommit(commit, header, validators) };
  return { signedHeader, validators, nextValidators: next && expandSet(next) };
}

function rootPart(bytes: Uint8Array, next: CompactSet | undefined): RootPart | undefined {
  if (bytes.length === 0) return undefined;
  const header = decodeHeader(bytes, 'bundle.root_header');
  return { header, nextValidators: next && expandSet(next) };
}
