/**
 * Asking other nodes whether they have the same header (CometBFT light/detector.go). A witness that shows
 * another one must show that validators signed it: otherwise it could stop the light client at will.
 */
import { equalBytes } from '../wire/bytes.ts';
import { hashHeader } from '../wire/header.ts';
import { nobleVerifier } from '../wire/signature.ts';
import type { SignedHeader } from '../wire/types.ts';
import { verifyCommit } from './commitPower.ts';
import { DivergenceError, LightClientError } from './lightClientError.ts';
import * as rules from './predicates.ts';
import { type Provider, ProviderError } from './provider.ts';
import { isHonestFailure, type NamedNode, type Roster } from './roster.ts';
import { settle } from './settle.ts';
import { fetchBlockAt, heightOf, type SyncedBlock, type SyncOptions, syncFrom } from './sync.ts';
import type { LightBlock } from './types.ts';
import { rulesOfCommit, rulesOfHeader, rulesOfSets } from './verify.ts';

/** How often a witness is asked that is not there yet. */
export interface Patience {
  readonly asks: number;
  readonly waitMs: number;
  readonly wait: (ms: number) => Promise<void>;
}

/** What was verified, and what it was verified from; no start when it is the user's own header. */
export interface Comparison {
  readonly target: LightBlock;
  readonly start: SyncedBlock | undefined;
  readonly options: Omit<SyncOptions, 'provider'>;
  readonly patience: Patience;
}

type Answer =
  | { readonly says: 'same' }
  | { readonly says: 'other'; readonly conflicting: SignedHeader }
  | { readonly says: 'nothing' | 'nonsense'; readonly why: string };

/**
 * Compares the target with what all witnesses have. Those that show what they cannot show to be signed are
 * removed; at least one must confirm.
 * @throws DivergenceError when a witness shows another chain.
 * @throws LightClientError `noWitness` when none confirms.
 */
export async function compareWithWitnesses(roster: Roster, comparison: Comparison): Promise<void> {
  const { witnesses } = roster;
  const answers = await Promise.all(witnesses.map((witness) => answerOf(witness, comparison)));
  const silent: string[] = [];
  let confirmed = 0;
  for (const [index, answer] of answers.entries()) {
    const witness = witnesses[index]!;
    if (answer.says === 'other') {
      const { conflicting } = answer;
      const trusted = comparison.target.signedHeader;
      throw new DivergenceError({ witness: witness.name, trusted, conflicting });
    }
    if (answer.says === 'same') confirmed += 1;
    else silent.push(`${witness.name}: ${answer.why}`);
    if (answer.says === 'nonsense') roster.remove(witness, answer.why);
  }
  if (confirmed > 0) return;
  const reasons = silent.length === 0 ? 'there is none left' : silent.join('; ');
  const height = heightOf(comparison.target);
  throw new LightClientError('noWitness', `height ${height}: no witness confirms: ${reasons}`);
}

async function answerOf({ node }: NamedNode, comparison: Comparison): Promise<Answer> {
  const { target, patience } = comparison;
  try {
    const signedHeader = await askPatiently(node, heightOf(target), patience);
    if (signedHeader === undefined) return await answerOfLaggard(node, comparison);
    const { header } = signedHeader;
    if (header.height !== heightOf(target)) {
      return { says: 'nonsense', why: `served height ${header.height} for ${heightOf(target)}` };
    }
    if (isSameHeader(signedHeader, target)) return { says: 'same' };
    return await examine(node, signedHeader, comparison);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { says: isHonestFailure(error) ? 'nothing' : 'nonsense', why: error.message };
  }
}

/** The header at a height, or undefined when the witness is not there in time. */
async function askPatiently(
  node: Provider,
  height: bigint,
  { asks, waitMs, wait }: Patience,
): Promise<SignedHeader | undefined> {
  for (let left = asks; left > 0; left--) {
    try {
      return await node.signedHeader(height);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.reason !== 'heightTooHigh') throw error;
    }
    if (left > 1) await wait(waitMs);
  }
  return undefined;
}

/** A lower header that is not of an earlier time cannot be of the same chain. */
async function answerOfLaggard(node: Provider, comparison: Comparison): Promise<Answer> {
  const { target, start } = comparison;
  const latest = await node.signedHeader();
  const { height, time } = latest.header;
  const isAhead = start !== undefined && height > heightOf(start.block);
  if (isAhead && height < heightOf(target) && time >= target.signedHeader.header.time) {
    return examine(node, latest, comparison);
  }
  return { says: 'nothing', why: `it is only at height ${height}` };
}

/** Whether the witness can show its header to be signed. */
async function examine(
  node: Provider,
  conflicting: SignedHeader,
  comparison: Comparison,
): Promise<Answer> {
  const { start, target } = comparison;
  // The user's own header decides everything after it: any doubt is for the user to settle.
  if (start === undefined) return { says: 'other', conflicting };
  const isForward = heightOf(start.block) < heightOf(target);
  const isShown = isForward
    ? await isReachable(node, conflicting, { ...comparison, start })
    : await isSignedBySameSet(node, conflicting, comparison);
  if (isShown) return { says: 'other', conflicting };
  const why = `it cannot show its header at height ${conflicting.header.height} to be signed`;
  return { says: 'nonsense', why };
}

async function isReachable(
  provider: Provider,
  conflicting: SignedHeader,
  { start, options }: Comparison & { readonly start: SyncedBlock },
): Promise<boolean> {
  const from = { ...start, headersFetched: 0 };
  const result = await syncFrom(from, { ...options, provider }, conflicting.header.height);
  return result.ok && isSameHeader(conflicting, result.block);
}

/** Below a trusted header only the hash counts; two commits by one set of validators are an attack all the same. */
async function isSignedBySameSet(
  provider: Provider,
  conflicting: SignedHeader,
  { target, options }: Comparison,
): Promise<boolean> {
  const block = await fetchBlockAt(provider, heightOf(target));
  const { chainId, verifier = nobleVerifier } = options;
  const { commit } = block.signedHeader;
  const refusal = rules.firstRefusal([
    ...rulesOfHeader(block.signedHeader, chainId),
    ...rulesOfCommit(block.signedHeader),
    ...rulesOfSets(block),
  ]);
  if (refusal !== undefined || !isSameHeader(conflicting, block)) return false;
  const { validators } = target;
  const verdict = await settle(verifier, (settled) =>
    verifyCommit({ chainId, commit, validators, verifier: settled }),
  );
  return verdict.ok;
}

function isSameHeader({ header }: SignedHeader, block: LightBlock): boolean {
  return equalBytes(hashHeader(header), hashHeader(block.signedHeader.header));
}
