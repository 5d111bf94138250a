/**
 * @module lightclient/bundle
 * A proof of what a device reported, in one file or QR code, for a phone that has a trusted header and no network.
 */
export { bundleFromText, bundleToText, QR_CODE_BYTES } from './bundleText.ts';
export type { ExportOptions } from './exportProof.ts';
export { decodeBundle, encodeBundle, MAX_BUNDLE_BYTES, type ProofBundle } from './format.ts';
export { type BundleOptions, verifyProofBundle } from './verifyBundle.ts';
