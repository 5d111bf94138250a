/**
 * From the header that the user trusts to the one that is wanted, by skipping verification
 * (CometBFT light/client.go): as far as trust reaches in one step, else by a header 9/16 of the way.
 */
import { fetchBlockAt, fetchLightBlock } from './fetchLightBlock.ts';
import { heightOf } from './height.ts';
import { verifyAlone } from './ownCommit.ts';
import * as rules from './predicates.ts';
import type { Provider } from './provider.ts';
import type { AnyVerifier } from './settle.ts';
import type { LightBlock, Tally, TrustLevel, TrustRoot, Verification } from './types.ts';
import { rulesOfHeader, verify } from './verify.ts';
import { makeRoom } from './waiting.ts';

/** One week in nanoseconds, as `cometbft light`. */
export const DEFAULT_TRUSTING_PERIOD = 7n * 86_400n * 1_000_000_000n;
/** Most headers fetched for one synchronisation; a chain with little turnover needs a handful. */
export const DEFAULT_MAX_HEADERS = 1_000;

const PIVOT = { numerator: 9n, denominator: 16n } as const;

/** What is verified with: times and durations in nanoseconds. */
export interface SyncOptions {
  readonly provider: Provider;
  readonly chainId: string;
  readonly trust: TrustRoot;
  readonly now: bigint;
  /** Must be shorter than the chain's unbonding period. @default 7 days */
  readonly trustingPeriod?: bigint | undefined;
  /** @default 10 s */
  readonly maxClockDrift?: bigint | undefined;
  /** @default 1/3 */
  readonly trustLevel?: TrustLevel | undefined;
  /** @default noble's, and for devices that of `createWebVerifier` */
  readonly verifier?: AnyVerifier | undefined;
  /** @default 1000 */
  readonly maxHeaders?: number | undefined;
}

/** A block that is trusted now, and the power that signed it. */
export interface SyncedBlock {
  readonly ok: true;
  readonly block: LightBlock;
  readonly tally: Tally;
  /** Headers asked for, the trusted one included. */
  readonly headersFetched: number;
  /** From the block that it began with up to `block`, each verified by the one before. */
  readonly trace: readonly LightBlock[];
}

/** Why it stopped, and at which header. */
export interface SyncRefusal {
  readonly ok: false;
  readonly reason:
    | Exclude<Verification, { ok: true }>['reason']
    | 'belowTrusted'
    | 'tooManyHeaders';
  readonly got: string;
  readonly expected: string;
  readonly height: bigint;
  readonly headersFetched: number;
  /** Time of the header that the user trusts, in nanoseconds, when it is that one which is refused. */
  readonly trustedTime?: bigint;
}

export type SyncResult = SyncedBlock | SyncRefusal;

/**
 * Verifies the header at `height`, starting from the trusted one. Heights below it are refused.
 * @throws ProviderError when the node does not serve what is needed.
 *
 * @example
 * const synced = await syncToHeight({ provider, chainId, trust: { height: 1n, hash }, now }, 5_000n);
 * if (synced.ok) console.log(synced.block.signedHeader.header.appHash, synced.headersFetched);
 */
export async function syncToHeight(options: SyncOptions, height: bigint): Promise<SyncResult> {
  const root = await openTrust(options);
  return root.ok ? syncFrom(root, options, height) : root;
}

/**
 * The header that the user trusts by its hash: still within the trusting period, complete, and signed by
 * more than 2/3 of its validators.
 * @throws ProviderError when the node does not serve it.
 */
export async function openTrust(options: SyncOptions): Promise<SyncResult> {
  const { provider, chainId, trust, now } = options;
  const block = await fetchLightBlock(provider, trust.height);
  const { signedHeader } = block;
  const period = options.trustingPeriod ?? DEFAULT_TRUSTING_PERIOD;
  const refusal = rules.firstRefusal([
    () => rules.isAtTrustedHeight(signedHeader, trust),
    () => rules.isTrustedHash(signedHeader, trust),
    ...rulesOfHeader(signedHeader, chainId),
    () => rules.isWithinTrustingPeriod(signedHeader.header, period, now),
  ]);
  const verdict = refusal ?? (await verifyAlone(block, options));
  if (verdict.ok) return { ...verdict, block, headersFetched: 1, trace: [block] };
  const at = { height: trust.height, headersFetched: 1 };
  return { ...stopped(verdict, at), trustedTime: signedHeader.header.time };
}

/**
 * Goes on from a block that is trusted already.
 * @throws ProviderError when the node does not serve what is needed.
 */
export async function syncFrom(
  start: SyncedBlock,
  options: SyncOptions,
  height: bigint,
): Promise<SyncResult> {
  const from = heightOf(start.block);
  if (height === from) return start;
  if (height < from) return belowTrusted(height, start);
  const target = await fetchBlockAt(options.provider, height);
  return skipTo({ ...start, headersFetched: start.headersFetched + 1 }, options, target);
}

/**
 * The same to a block that is at hand, above that of `start`.
 * @throws ProviderError when the node does not serve what is needed in between.
 */
export function skipTo(
  start: SyncedBlock,
  options: SyncOptions,
  target: LightBlock,
): Promise<SyncResult> {
  const between = (lower: LightBlock, upper: LightBlock) =>
    fetchBlockAt(options.provider, pivotOf(heightOf(lower), heightOf(upper)));
  return skipAlong(start, { ...options, between }, target);
}

/** What blocks are verified with, and where those in between come from; undefined where there is none. */
export interface SkipOptions
  extends Pick<SyncOptions, 'now' | 'trustingPeriod' | 'maxClockDrift' | 'trustLevel'> {
  readonly verifier?: AnyVerifier | undefined;
  readonly maxHeaders?: number | undefined;
  readonly between: (lower: LightBlock, upper: LightBlock) => Promise<LightBlock | undefined>;
}

/** The same with blocks in between from anywhere. @throws whatever `between` throws. */
export async function skipAlong(
  start: SyncedBlock,
  options: SkipOptions,
  target: LightBlock,
): Promise<SyncResult> {
  const most = options.maxHeaders ?? DEFAULT_MAX_HEADERS;
  let { headersFetched } = start;
  let trusted = start.block;
  const trace = [trusted];
  // Blocks that trust does not reach yet, each below the one before.
  const waiting = [target];
  for (let depth = 0; ; ) {
    const block: LightBlock = waiting[depth]!;
    const verdict = await verifyStep(trusted, block, options);
    const at = { height: heightOf(block), headersFetched };
    if (verdict.ok) {
      trace.push(block);
      if (depth === 0) return { ...verdict, block, headersFetched, trace };
      trusted = block;
      waiting.length = depth;
      depth = 0;
    } else if (verdict.reason === 'notEnoughTrust') {
      depth += 1;
      if (depth < waiting.length) continue;
      if (headersFetched >= most) {
        return tooManyHeaders(pivotOf(heightOf(trusted), at.height), headersFetched, most);
      }
      const pivot = await options.between(trusted, block);
      if (pivot === undefined) return stopped(verdict, at);
      waiting.push(pivot);
      makeRoom(waiting);
      depth = waiting.length - 1;
      headersFetched += 1;
    } else return stopped(verdict, at);
  }
}

/** One step of trust. */
export function verifyStep(
  trusted: LightBlock,
  untrusted: LightBlock,
  options: Omit<SkipOptions, 'between'>,
) {
  const { now, trustLevel, maxClockDrift, verifier } = options;
  const trustingPeriod = options.trustingPeriod ?? DEFAULT_TRUSTING_PERIOD;
  return verify({ trusted, untrusted, trustingPeriod, now, trustLevel, maxClockDrift, verifier });
}

/** Between the two: a header that is not adjacent is at least two above. */
function pivotOf(trusted: bigint, target: bigint): bigint {
  return trusted + ((target - trusted) * PIVOT.numerator) / PIVOT.denominator;
}

/** A block that is trusted already, to go on from. */
export function trustedStart(block: LightBlock): SyncedBlock {
  const tally = { signed: 0n, needed: 0n, total: 0n };
  return { ok: true, block, tally, headersFetched: 0, trace: [block] };
}

/** The refusal of a step, at a header. */
export function stopped(
  verdict: Exclude<Verification, { ok: true }>,
  at: Pick<SyncRefusal, 'height' | 'headersFetched'>,
): SyncRefusal {
  const { ok, reason, got, expected } = verdict;
  return { ok, reason, got, expected, ...at };
}

function belowTrusted(height: bigint, { block, headersFetched }: SyncedBlock): SyncRefusal {
  const expected = `the trusted height ${heightOf(block)} or above`;
  const got = `height ${height}`;
  return { ok: false, reason: 'belowTrusted', got, expected, height, headersFetched };
}

/** The refusal to go on fetching. */
export function tooManyHeaders(height: bigint, headersFetched: number, most: number): SyncRefusal {
  const expected = `at most ${most} headers`;
  const got = `${headersFetched} and no end`;
  return { ok: false, reason: 'tooManyHeaders', got, expected, height, headersFetched };
}
