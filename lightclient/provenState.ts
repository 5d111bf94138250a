/** The first steps of every proof about state: from the trusted header to an AppHash. */
import { toHex } from '../wire/bytes.ts';
import { hashHeader } from '../wire/header.ts';
import { formatTime } from '../wire/time.ts';
import type { Header } from '../wire/types.ts';
import { verifyWholeCommit } from './commitPower.ts';
import { ExpiredError } from './lightClientError.ts';
import { type CommitOptions, judgeCommit } from './ownCommit.ts';
import type { Provider } from './provider.ts';
import {
  DEFAULT_TRUSTING_PERIOD,
  openTrust,
  type SyncedBlock,
  type SyncOptions,
  type SyncRefusal,
  type SyncResult,
  syncFrom,
} from './sync.ts';
import { type Finding, refusalText, StepFailure, type Trail } from './trail.ts';
import type { LightBlock, Tally } from './types.ts';

/** The root of the state after block `height`: the header above carries it. */
export interface ProvenState {
  readonly height: bigint;
  readonly appHash: Uint8Array;
}

/** The same with the blocks that prove it: the trusted one and the one above the state. */
export interface ProvenBlocks extends ProvenState {
  readonly root: LightBlock;
  readonly block: LightBlock;
}

/** The same with the way from the one to the other, both included. */
export interface TracedBlocks extends ProvenBlocks {
  readonly trace: readonly LightBlock[];
}

interface HeaderProgress {
  headersFetched: number;
  height?: bigint;
  time?: bigint;
}

type StateOptions = SyncOptions & { readonly height?: bigint | undefined };
type JudgeOptions = Pick<SyncOptions, 'chainId' | 'verifier' | 'now' | 'trustingPeriod'>;

// What is refused for its commit alone; the header itself kept its rules before.
const COMMIT_REASONS: ReadonlySet<SyncRefusal['reason']> = new Set([
  'commit',
  'commitHeight',
  'validators',
  'validatorsHash',
  'signatureCount',
  'signerAddress',
  'doubleVote',
  'signature',
  'notEnoughPower',
] as const);

/**
 * The AppHash of `options.height`, by default of the node's latest height less one.
 * @throws TrailEnded when a step does not hold.
 */
export async function proveState(
  options: StateOptions,
  trail: Trail,
  progress: HeaderProgress,
): Promise<TracedBlocks> {
  const root = await trail.step('trusted header', async () => {
    const opened = await openTrust(options);
    progress.headersFetched = opened.headersFetched;
    const found = await wholeBlock(opened, options);
    return { detail: headerText(found), found };
  });
  const result = await trail.step('header at H+1', async () => {
    const target = await targetHeight(options);
    const synced = await syncFrom(root, options, target);
    progress.headersFetched = synced.headersFetched;
    return headerFinding(synced, target);
  });
  const { block, trace } = await trail.step('commit', () => commitFinding(result, options));
  const { header } = block.signedHeader;
  const height = header.height - 1n;
  progress.height = height;
  progress.time = header.time;
  await trail.step('AppHash', () => appHashFinding(header));
  return { height, appHash: header.appHash, root: root.block, block, trace };
}

async function targetHeight({ provider, height }: StateOptions): Promise<bigint> {
  const read = height ?? (await latestHeight(provider)) - 1n;
  if (read >= 1n) return read + 1n;
  throw new StepFailure(`height: expected at least 1, got ${read}`);
}

async function latestHeight(provider: Provider): Promise<bigint> {
  const { latestHeight } = await provider.status();
  return latestHeight;
}

/** A header refused only for its commit passes here, and fails at the next step. @throws StepFailure */
export function headerFinding(synced: SyncResult, target: bigint): Finding<SyncResult> {
  if (synced.ok) return { detail: headerText(synced), found: synced };
  if (synced.height === target && COMMIT_REASONS.has(synced.reason)) {
    const detail = `height ${target}: form, chain, hash, height and time fit`;
    return { detail, found: synced };
  }
  throw new StepFailure(`height ${synced.height}: ${refusalText(synced)}`);
}

/** The same of what a synchronisation gave. @throws StepFailure or ExpiredError otherwise. */
export async function commitFinding(
  synced: SyncResult,
  options: JudgeOptions,
): Promise<Finding<SyncedBlock>> {
  const found = await wholeBlock(synced, options);
  return { detail: tallyText(found.tally), found };
}

/** That more than 2/3 signed a block, with every vote looked at. @throws StepFailure otherwise. */
export async function wholeCommitFinding(
  block: LightBlock,
  options: CommitOptions,
): Promise<Finding<Tally>> {
  const whole = await judgeCommit(verifyWholeCommit, block, options);
  if (!whole.ok) throw new StepFailure(refusalText(whole));
  return { detail: tallyText(whole.tally), found: whole.tally };
}

function tallyText({ signed, total }: Tally): string {
  return `${signed} of ${total} power signed`;
}

/** That the header carries the root of a state. @throws StepFailure otherwise. */
export function appHashFinding({ height, appHash }: Header): Finding<void> {
  if (appHash.length !== 32) throw new StepFailure(`got ${appHash.length} bytes, expected 32`);
  return { detail: `${toHex(appHash)}, of the state at height ${height - 1n}`, found: undefined };
}

/** With every vote looked at: who shows a proof to others wants no byte of it to be wrong. */
async function wholeBlock(synced: SyncResult, options: JudgeOptions): Promise<SyncedBlock> {
  if (!synced.ok) throw failureOf(synced, options);
  const { found: tally } = await wholeCommitFinding(synced.block, options);
  return { ...synced, tally };
}

/** Expired trust is no fault of a node: it says what to do. */
function failureOf(refusal: SyncRefusal, { now, trustingPeriod }: JudgeOptions): Error {
  const { reason, height, trustedTime } = refusal;
  if (reason !== 'trustedExpired' || trustedTime === undefined) {
    return new StepFailure(refusalText(refusal));
  }
  const period = trustingPeriod ?? DEFAULT_TRUSTING_PERIOD;
  return new ExpiredError({ height, age: now - trustedTime, period });
}

function headerText({ block, headersFetched }: SyncedBlock): string {
  const fetched = headersFetched === 1 ? '1 header' : `${headersFetched} headers`;
  return `${headerLine(block.signedHeader.header)}, ${fetched} fetched`;
}

/** Height, time and hash of a header for people. */
export function headerLine(header: Header): string {
  const hash = toHex(hashHeader(header)).toUpperCase();
  return `height ${header.height}, ${formatTime(header.time)}, hash ${hash}`;
}
