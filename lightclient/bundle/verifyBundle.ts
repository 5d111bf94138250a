/** Verifying a proof in one piece with nothing but a trusted header: no node is asked. */
import { equalBytes, toHex } from '../../wire/bytes.ts';
import { hashHeader } from '../../wire/header.ts';
import type { Header } from '../../wire/types.ts';
import { reportResponseCodec } from '../deviceMessages.ts';
import { checkDeviceId, proveReport } from '../deviceProof.ts';
import { heightOf } from '../height.ts';
import { ExpiredError } from '../lightClientError.ts';
import * as rules from '../predicates.ts';
import {
  appHashFinding,
  commitFinding,
  headerFinding,
  headerLine,
  type ProvenState,
  wholeCommitFinding,
} from '../provenState.ts';
import { rememberingVerifier } from '../rememberingVerifier.ts';
import { DEFAULT_TRUSTING_PERIOD, type SyncOptions, type SyncResult, stopped } from '../sync.ts';
import { type Finding, refusalText, StepFailure, type Trail } from '../trail.ts';
import type { Check, LightBlock, TrustedState, TrustRoot } from '../types.ts';
import { verify } from '../verify.ts';
import { type DeviceVerdict, followSteps } from '../verifyDevice.ts';
import { defaultVerifier } from '../webVerifier.ts';
import { BundleProvider, type ClaimedReport } from './bundleProvider.ts';
import { bundleFromText } from './bundleText.ts';
import { decodeBundle, type ProofBundle, type SignedPart } from './format.ts';

/** What a bundle is verified with. */
export interface BundleOptions extends Omit<SyncOptions, 'provider' | 'trust' | 'maxHeaders'> {
  /**
   * A header by its height and hash, that of the bundle's root or of its own header; or a trusted state below the
   * bundle's header, from a light client's store.
   */
  readonly trusted: TrustRoot | TrustedState;
  /** The device that it must be of. @default any */
  readonly deviceId?: string | undefined;
}

/** Trust in the bundle's header: because it is the trusted one, or because it follows from it. */
type Anchor =
  | { readonly isItself: true }
  | { readonly isItself: false; readonly state: TrustedState };

/**
 * Verifies a bundle, in bytes or as text, by the steps of `verifyDevice`. Never rejects for what it holds:
 * `verified` is false then, and the last step says why.
 * @throws TypeError for a device id that is not 40 hex digits.
 *
 * @example
 * const bundle = (await client.verifyDevice(id)).exportProof?.({ maxBytes: QR_CODE_BYTES });
 * // on another phone, without a network
 * const { verified, report } = await verifyProofBundle(bundle, { chainId, trusted: { height, hash }, now });
 */
export async function verifyProofBundle(
  given: Uint8Array | string,
  options: BundleOptions,
): Promise<DeviceVerdict> {
  const deviceId = options.deviceId && checkDeviceId(options.deviceId);
  const verifier = rememberingVerifier(options.verifier ?? (await defaultVerifier()));
  const { verdict } = await followSteps(0, async (course) => {
    const { trail, progress } = course;
    const opened = await trail.step('trusted header', () => open(given, options));
    const { bundle, bytes } = opened;
    const state = await proveHeader(opened, { ...options, verifier }, trail);
    progress.height = state.height;
    progress.time = bundle.header.time;
    const claimed = await trail.note('store proof of the batch root', () =>
      claimOf(bundle, deviceId),
    );
    const provider = new BundleProvider(bundle, claimed);
    const question = { provider, chainId: options.chainId, deviceId: claimed.deviceId, verifier };
    const proof = await proveReport(question, state, course);
    return { proof, header: bundle.header, exportProof: () => bytes };
  });
  return verdict;
}

interface Opened {
  readonly bytes: Uint8Array;
  readonly bundle: ProofBundle;
  readonly anchor: Anchor;
}

function open(given: Uint8Array | string, options: BundleOptions): Finding<Opened> {
  const bytes = typeof given === 'string' ? bundleFromText(given) : given;
  const bundle = decodeBundle(bytes);
  const anchor = anchorOf(bundle, options.trusted);
  const header = anchor.isItself ? bundle.header : anchor.state.signedHeader.header;
  const { chainId, now, trustingPeriod = DEFAULT_TRUSTING_PERIOD } = options;
  if (!rules.isWithinTrustingPeriod(header, trustingPeriod, now).ok) {
    const { height, time } = header;
    throw new ExpiredError({ height, age: now - time, period: trustingPeriod });
  }
  const signedHeader = { header, commit: NO_COMMIT };
  const basics: Check[] = [
    rules.isHeaderWellFormed(signedHeader),
    rules.isOfChain(signedHeader, chainId),
  ];
  for (const check of basics) if (!check.ok) throw new StepFailure(refusalText(check));
  return { detail: headerLine(header), found: { bytes, bundle, anchor } };
}

function anchorOf(bundle: ProofBundle, trusted: BundleOptions['trusted']): Anchor {
  if ('signedHeader' in trusted) {
    const isItself = isHeader(bundle.header, trusted.signedHeader.header.height, hashOf(trusted));
    return isItself ? { isItself } : { isItself: false, state: trusted };
  }
  const { height, hash } = trusted;
  if (isHeader(bundle.header, height, hash)) return { isItself: true };
  const { root, links, signed } = bundle;
  if (root !== undefined && isHeader(root.header, height, hash)) {
    const nextValidators = root.nextValidators ?? (links[0] ?? signed)?.validators ?? [];
    const signedHeader = { header: root.header, commit: NO_COMMIT };
    return { isItself: false, state: { signedHeader, nextValidators } };
  }
  const what = `the trusted header ${toHex(hash).toUpperCase()} at height ${height}`;
  throw new StepFailure(`the bundle neither is of ${what} nor follows from it`);
}

function isHeader(header: Header, height: bigint, hash: Uint8Array): boolean {
  return header.height === height && hash.length === 32 && equalBytes(hashHeader(header), hash);
}

function hashOf({ signedHeader }: TrustedState): Uint8Array {
  return hashHeader(signedHeader.header);
}

/** A trusted header counts by its hash: its commit is not looked at. */
const NO_COMMIT = {
  height: 0n,
  round: 0,
  blockId: { hash: new Uint8Array(0), parts: { total: 0, hash: new Uint8Array(0) } },
  signatures: [],
};

async function proveHeader(
  { bundle, anchor }: Opened,
  options: BundleOptions,
  trail: Trail,
): Promise<ProvenState> {
  const { header } = bundle;
  if (anchor.isItself) {
    const detail = `${headerLine(header)}, the trusted one itself`;
    await trail.step('header at H+1', () => ({ detail, found: undefined }));
    const why = 'not needed: the header is trusted by its hash';
    await trail.step('commit', () => ({ detail: why, found: undefined }));
  } else {
    const result = await trail.step('header at H+1', async () =>
      headerFinding(await follow(bundle, anchor.state, options), header.height),
    );
    await trail.step('commit', () => commitFinding(result, options));
  }
  await trail.step('AppHash', () => appHashFinding(header));
  return { height: header.height - 1n, appHash: header.appHash };
}

/** From the trusted state to the bundle's header, by every header in between that is above the trusted one. */
async function follow(
  { header, signed, links }: ProofBundle,
  trusted: TrustedState,
  options: BundleOptions,
): Promise<SyncResult> {
  if (signed === undefined) {
    throw new StepFailure(
      'the bundle holds no signatures: it is for whoever trusts its very header',
    );
  }
  const { now, trustLevel, maxClockDrift, verifier } = options;
  const trustingPeriod = options.trustingPeriod ?? DEFAULT_TRUSTING_PERIOD;
  const settings = { trustingPeriod, now, trustLevel, maxClockDrift, verifier };
  const { height } = trusted.signedHeader.header;
  const above = links.filter(({ signedHeader }) => signedHeader.header.height > height);
  let last = trusted;
  for (const link of above.map(blockOf)) {
    const verdict = await verify({ trusted: last, untrusted: link, ...settings });
    if (!verdict.ok) return stopped(verdict, { height: heightOf(link), headersFetched: 0 });
    await wholeCommitFinding(link, options);
    last = link;
  }
  const block = blockOf(signed);
  const verdict = await verify({ trusted: last, untrusted: block, ...settings });
  if (!verdict.ok) return stopped(verdict, { height: header.height, headersFetched: 0 });
  return { ...verdict, block, headersFetched: 0, trace: [block] };
}

function blockOf({
  signedHeader,
  validators,
  nextValidators = validators,
}: SignedPart): LightBlock {
  return { signedHeader, validators, nextValidators };
}

function claimOf({ report }: ProofBundle, expected: string | undefined): ClaimedReport {
  const served = reportResponseCodec.decode(report);
  const deviceId = checkDeviceId(served.report?.deviceId ?? '');
  if (expected !== undefined && deviceId !== expected) {
    throw new StepFailure(`device: got ${deviceId}, expected ${expected}`);
  }
  return { deviceId, batchId: served.batchId };
}
