/**
 * Asking other nodes whether they have the same header (CometBFT light/detector.go). A witness that shows
 * another one must show that validators signed it: otherwise it could stop the light client at will.
 */
import { equalBytes, joinBytes, toHex } from '../wire/bytes.ts';
import { sha256 } from '../wire/hash.ts';
import { hashHeader } from '../wire/header.ts';
import { encodeVarint } from '../wire/protobuf.ts';
import type { SignedHeader, Validator } from '../wire/types.ts';
import { sortValidators } from '../wire/validatorSet.ts';
import { verifyCommit } from './commitPower.ts';
import { type Accusation, accuse, accuseOfTwoVotes, type Sides } from './evidence/accuse.ts';
import { findFork, isSameBlock } from './evidence/findFork.ts';
import { fetchBlockAt } from './fetchLightBlock.ts';
import { heightOf } from './height.ts';
import { DivergenceError, LightClientError } from './lightClientError.ts';
import { judgeCommit, rulesOfBlock } from './ownCommit.ts';
import { firstRefusal } from './predicates.ts';
import { type Provider, ProviderError } from './provider.ts';
import { type ChainNode, isHonestFailure, type NamedNode, type Roster } from './roster.ts';
import type { SyncedBlock, SyncOptions } from './sync.ts';
import type { LightBlock } from './types.ts';

/** How often a witness is asked that is not there yet. */
export interface Patience {
  readonly asks: number;
  readonly waitMs: number;
  readonly wait: (ms: number) => Promise<void>;
}

/** What was verified, and what it was verified from; no start when it is the user's own header. */
export interface Comparison {
  readonly target: SyncedBlock;
  /** The node that served it. */
  readonly source: ChainNode;
  readonly start: SyncedBlock | undefined;
  readonly options: Omit<SyncOptions, 'provider'>;
  readonly patience: Patience;
  /** Told of another chain that a witness shows once nobody waits for it any more. */
  readonly late: (error: DivergenceError) => void;
}

/** Time for one that gave no answer the last time, once another has confirmed. */
const SILENT_WAIT_MS = 1_000;

interface OtherChain {
  readonly conflicting: SignedHeader;
  /** Tells both sides, once it is decided that this answer counts. */
  readonly accuse: (sides: Sides) => Promise<readonly Accusation[]>;
}

interface Scene {
  readonly roster: Roster;
  readonly comparison: Comparison;
}

type Answer =
  | { readonly says: 'same' }
  | ({ readonly says: 'other' } & OtherChain)
  | { readonly says: 'priorities' | 'nothing' | 'nonsense'; readonly why: string };

/**
 * Compares the target with what all other nodes have. Those that show what they cannot show to be signed are
 * removed; at least one must confirm. When one shows another chain, both sides are told.
 * @throws DivergenceError when a witness shows another chain.
 * @throws LightClientError `noWitness` when none confirms, `priorities` when one shows other priorities.
 */
export async function compareWithWitnesses(roster: Roster, comparison: Comparison): Promise<void> {
  const witnesses = roster.othersThan(comparison.source);
  const scene = { roster, comparison };
  const answers = await answersOf(witnesses, scene);
  const silent: string[] = [];
  let confirmed = 0;
  for (const [index, answer] of answers.entries()) {
    const witness = witnesses[index]!;
    if (answer.says === 'other') throw await divergence(answer, witness, scene);
    if (answer.says === 'priorities') {
      throw new LightClientError('priorities', `${witness.name}: ${answer.why}`);
    }
    roster.heard(witness, answer.says !== 'nothing');
    if (answer.says === 'same') confirmed += 1;
    else silent.push(`${witness.name}: ${answer.why}`);
    if (answer.says === 'nonsense') roster.remove(witness, answer.why);
  }
  if (confirmed > 0) return;
  const reasons = silent.length === 0 ? 'there is none left' : silent.join('; ');
  const height = heightOf(comparison.target.block);
  throw new LightClientError('noWitness', `height ${height}: no witness confirms: ${reasons}`);
}

const TOO_LATE: Answer = { says: 'nothing', why: 'it gives no answer, as the last time' };

/**
 * What all say, asked side by side. One that is not there costs its whole time-out once: from then on it has only a
 * little longer than the first that confirms, until it answers again.
 */
function answersOf(witnesses: readonly NamedNode[], scene: Scene): Promise<readonly Answer[]> {
  const { patience } = scene.comparison;
  const asked = witnesses.map((witness) => answerOf(witness, scene.comparison));
  const confirmed = new Promise<void>((resolve) => {
    const look = ({ says }: Answer) => says === 'same' && resolve();
    for (const answer of asked) answer.then(look, () => undefined);
  });
  const soon = async (witness: NamedNode, answer: Promise<Answer>): Promise<Answer> => {
    const late = confirmed.then(() => patience.wait(SILENT_WAIT_MS)).then(() => TOO_LATE);
    const first = await Promise.race([answer, late]);
    if (first === TOO_LATE) void hearLate(witness, answer, scene);
    return first;
  };
  const limited = witnesses.map((witness, index) =>
    scene.roster.isSilent(witness) ? soon(witness, asked[index]!) : asked[index]!,
  );
  return Promise.all(limited);
}

/** Nobody waits for it, but two chains are two chains: who delays a witness must not make it unheard. */
async function hearLate(witness: NamedNode, asked: Promise<Answer>, scene: Scene): Promise<void> {
  // Whatever else goes wrong there concerns nobody any more.
  const answer = await asked.catch(() => TOO_LATE);
  if (answer.says === 'nonsense') scene.roster.remove(witness, answer.why);
  if (answer.says !== 'other') return;
  scene.comparison.late(await divergence(answer, witness, scene));
}

async function divergence(
  { conflicting, accuse: tell }: OtherChain,
  witness: NamedNode,
  { roster, comparison }: Scene,
): Promise<DivergenceError> {
  const trusted = comparison.target.block.signedHeader;
  const accusations = await tell({ primary: roster.named(comparison.source), witness });
  return new DivergenceError({ witness: witness.name, trusted, conflicting, accusations });
}

async function answerOf({ node }: NamedNode, comparison: Comparison): Promise<Answer> {
  const { patience } = comparison;
  const target = comparison.target.block;
  try {
    const signedHeader = await askPatiently(node, heightOf(target), patience);
    if (signedHeader === undefined) return await answerOfLaggard(node, comparison);
    const { header } = signedHeader;
    if (header.height !== heightOf(target)) {
      return { says: 'nonsense', why: `served height ${header.height} for ${heightOf(target)}` };
    }
    if (!isSameHeader(signedHeader, target)) return await examine(node, signedHeader, comparison);
    return await answerOfPriorities(node, target);
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

/** No header covers whose turn it is to propose: CometBFT compares it apart, and so does this. */
async function answerOfPriorities(node: Provider, target: LightBlock): Promise<Answer> {
  const got = hashPriorities(await node.validators(heightOf(target)));
  const expected = hashPriorities(target.validators);
  if (got === expected) return { says: 'same' };
  const hashes = `priorities with hash ${got}, the primary's have ${expected}`;
  return { says: 'priorities', why: `height ${heightOf(target)}: ${hashes}` };
}

/** A lower header that is not of an earlier time cannot be of the same chain. */
async function answerOfLaggard(node: Provider, comparison: Comparison): Promise<Answer> {
  const { start } = comparison;
  const target = comparison.target.block;
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
  { start, target, options }: Comparison,
): Promise<Answer> {
  // The user's own header decides everything after it: any doubt is for the user to settle.
  if (start === undefined) return { says: 'other', conflicting, accuse: async () => [] };
  const block = await fetchBlockAt(node, conflicting.header.height);
  const { signedHeader } = block;
  if (heightOf(start.block) < heightOf(target.block)) {
    const fork = await findFork(target.trace, { target: block, source: node }, options);
    if (!fork.ok) return { says: 'nonsense', why: fork.why };
    const tell = (sides: Sides) => accuse(fork, sides, options);
    return { says: 'other', conflicting: signedHeader, accuse: tell };
  }
  if (!(await isSignedBySameSet(block, target.block, options))) {
    const why = `it cannot show its header at height ${signedHeader.header.height} to be signed`;
    return { says: 'nonsense', why };
  }
  const votes = { conflicting: block, trusted: target.block };
  const tell = (sides: Sides) => accuseOfTwoVotes(votes, sides);
  return { says: 'other', conflicting: signedHeader, accuse: tell };
}

/** Below a trusted header only the hash counts; two commits by one set of validators are an attack all the same. */
async function isSignedBySameSet(
  block: LightBlock,
  target: LightBlock,
  options: Comparison['options'],
): Promise<boolean> {
  const isMalformed = firstRefusal(rulesOfBlock(block, options.chainId)) !== undefined;
  if (isMalformed || isSameBlock(block, target)) return false;
  const { signedHeader } = block;
  const { validators } = target;
  return (await judgeCommit(verifyCommit, { signedHeader, validators }, options)).ok;
}

function isSameHeader({ header }: SignedHeader, block: LightBlock): boolean {
  return equalBytes(hashHeader(header), hashHeader(block.signedHeader.header));
}

/** As hex: zigzag varints in the order of the set, in one hash (CometBFT ProposerPriorityHash). */
function hashPriorities(validators: readonly Validator[]): string {
  const priorities = sortValidators(validators).map(({ proposerPriority }) =>
    encodeVarint((proposerPriority << 1n) ^ (proposerPriority >> 63n)),
  );
  return toHex(sha256(joinBytes(priorities)));
}
