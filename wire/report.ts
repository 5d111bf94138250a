/**
 * The device report: the exact 169 bytes that a device signs, big endian, and nothing else.
 *
 *     domain 16 · chain id length 1 · chain id padded with zeros 50 · device id 20 · sequence 8 ·
 *     time 8 · kind 2 · payload 64
 *
 * The domain keeps a report's signature from passing for anything else, the chain id from passing on
 * another chain, the sequence from passing twice.
 */
import { concatBytes, equalBytes, fromUtf8, toHex, toUtf8 } from './bytes.ts';
import { fixedDecoder, fixedEncoder } from './fixedLayout.ts';
import { sha256 } from './hash.ts';
import { PAYLOAD_BYTES } from './reportPayload.ts';
import { type KeyType, SIGNATURE_BYTES, type SignatureVerifier } from './signature.ts';

/** What a device says once. */
export interface Report {
  /** 20 bytes, from `deviceIdOf` the device's first key. */
  readonly deviceId: Uint8Array;
  /** Rises with every report of the device. */
  readonly sequence: bigint;
  /** Milliseconds since the Unix epoch by the device's clock. */
  readonly timeMs: bigint;
  /** One of REPORT_KIND, or a number that a later module takes: 0 to 65535. */
  readonly kind: number;
  /** Exactly 64 bytes. */
  readonly payload: Uint8Array;
}

/** A device's public key with its kind. */
export interface DevicePublicKey {
  readonly keyType: KeyType;
  readonly publicKey: Uint8Array;
}

/** Bytes of a device id. */
export const DEVICE_ID_BYTES = 20;

const DOMAIN = toUtf8('depind/report/v1');
const DEVICE_DOMAIN = toUtf8('depind/device/v1');
const KEY_TYPE_BYTE: Readonly<Record<KeyType, number>> = { ed25519: 1, secp256k1: 2, p256: 3 };

/** Most bytes of a chain id (CometBFT MaxChainIDLen). */
const MAX_CHAIN_ID_BYTES = 50;
const CHAIN_ID_START = DOMAIN.length + 1;
const CHAIN_ID_END = CHAIN_ID_START + MAX_CHAIN_ID_BYTES;

const BODY_BYTES = DEVICE_ID_BYTES + 8 + 8 + 2 + PAYLOAD_BYTES;
const BODY = [
  ['deviceId', `bytes${DEVICE_ID_BYTES}`],
  ['sequence', 'u64'],
  ['timeMs', 'u64'],
  ['kind', 'u16'],
  ['payload', `bytes${PAYLOAD_BYTES}`],
] as const;

// Apart, so that the light client, which only encodes reports, does without the decoder.
const encodeBody = /* @__PURE__ */ fixedEncoder('report', BODY_BYTES, BODY);
const decodeBody = /* @__PURE__ */ fixedDecoder('report', BODY_BYTES, BODY);

/** Bytes of an encoded report: 169. */
export const REPORT_BYTES = CHAIN_ID_END + BODY_BYTES;
/** Bytes of a leaf in a batch's Merkle tree: 233. */
export const REPORT_LEAF_BYTES = REPORT_BYTES + SIGNATURE_BYTES;

/** The bytes to sign. @throws TypeError naming the field that does not fit. */
export function encodeReport(chainId: string, report: Report): Uint8Array {
  const chainIdBytes = toUtf8(chainId);
  if (chainIdBytes.length === 0 || chainIdBytes.length > MAX_CHAIN_ID_BYTES) {
    throw new TypeError(
      `chainId: expected 1 to ${MAX_CHAIN_ID_BYTES} bytes, got ${chainIdBytes.length}`,
    );
  }
  if (fromUtf8(chainIdBytes) !== chainId) throw new TypeError('chainId: expected well-formed text');
  const out = new Uint8Array(REPORT_BYTES);
  out.set(DOMAIN, 0);
  out[DOMAIN.length] = chainIdBytes.length;
  out.set(chainIdBytes, CHAIN_ID_START);
  out.set(encodeBody(report), CHAIN_ID_END);
  return out;
}

/**
 * The report that the bytes hold, and the chain that it is for.
 * @throws TypeError for another length or domain, and for a chain id of no or over 50 bytes, not
 * UTF-8, or with padding that is not zero.
 */
export function decodeReport(bytes: Uint8Array): {
  readonly chainId: string;
  readonly report: Report;
} {
  if (bytes.length !== REPORT_BYTES) {
    throw new TypeError(`report: expected ${REPORT_BYTES} bytes, got ${bytes.length}`);
  }
  const domain = bytes.subarray(0, DOMAIN.length);
  if (!equalBytes(domain, DOMAIN)) {
    throw new TypeError(`domain: expected ${toHex(DOMAIN)}, got ${toHex(domain)}`);
  }
  return { chainId: decodeChainId(bytes), report: decodeBody(bytes.subarray(CHAIN_ID_END)) };
}

function decodeChainId(bytes: Uint8Array): string {
  const length = bytes[DOMAIN.length]!;
  if (length === 0 || length > MAX_CHAIN_ID_BYTES) {
    throw new TypeError(`chainId: expected 1 to ${MAX_CHAIN_ID_BYTES} bytes, got ${length}`);
  }
  const end = CHAIN_ID_START + length;
  if (bytes.subarray(end, CHAIN_ID_END).some((byte) => byte !== 0)) {
    throw new TypeError(`chainId: expected zeros after its ${length} bytes`);
  }
  return fromUtf8(bytes.subarray(CHAIN_ID_START, end), 'chainId');
}

/** The leaf of a report in its batch: the report, then the signature. @throws TypeError for another length of either. */
export function reportLeaf(reportBytes: Uint8Array, signature: Uint8Array): Uint8Array {
  if (reportBytes.length !== REPORT_BYTES) {
    throw new TypeError(`report: expected ${REPORT_BYTES} bytes, got ${reportBytes.length}`);
  }
  if (signature.length !== SIGNATURE_BYTES) {
    throw new TypeError(`signature: expected ${SIGNATURE_BYTES} bytes, got ${signature.length}`);
  }
  return concatBytes(reportBytes, signature);
}

/** The report and the signature of a leaf. @throws TypeError unless it has 233 bytes. */
export function splitReportLeaf(leaf: Uint8Array): {
  readonly reportBytes: Uint8Array;
  readonly signature: Uint8Array;
} {
  if (leaf.length !== REPORT_LEAF_BYTES) {
    throw new TypeError(`leaf: expected ${REPORT_LEAF_BYTES} bytes, got ${leaf.length}`);
  }
  return { reportBytes: leaf.subarray(0, REPORT_BYTES), signature: leaf.subarray(REPORT_BYTES) };
}

/**
 * The id of a device, 20 bytes: of the key that it is registered with, kept when the key changes.
 * It does not check the key; `isValidPublicKey` does.
 */
export function deviceIdOf(keyType: KeyType, publicKey: Uint8Array): Uint8Array {
  const type = Uint8Array.of(KEY_TYPE_BYTE[keyType]);
  return sha256(concatBytes(DEVICE_DOMAIN, type, publicKey)).slice(0, DEVICE_ID_BYTES);
}

/**
 * Whether the device key signed exactly `signedBytes`: a report, or an enrolment under its own domain.
 * False, never a throw, for a malformed key or signature. The form of the bytes is the caller's to check.
 */
export function verifyReportSignature(
  verifier: SignatureVerifier,
  { keyType, publicKey }: DevicePublicKey,
  signedBytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  return verifier[keyType](signature, signedBytes, publicKey);
}
