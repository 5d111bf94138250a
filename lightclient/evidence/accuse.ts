/**
 * Telling both sides of a fork about the other: whoever is honest can have the attackers punished
 * (CometBFT light/detector.go, handleConflictingHeaders). Each node is told at most once and need not listen.
 */
import { ProviderError } from '../provider.ts';
import type { NamedNode } from '../roster.ts';
import type { SyncOptions } from '../sync.ts';
import type { Fork } from './attack.ts';
import {
  type AttackKind,
  attackKind,
  type LightClientAttackEvidence,
  makeEvidence,
} from './attack.ts';
import { type ForkFound, findFork } from './findFork.ts';

/** Evidence, and what became of it. */
export interface Accusation {
  readonly kind: AttackKind;
  /** The node that shows the conflicting block. */
  readonly against: string;
  /** The node that was told, which can bring it before the chain that it follows. */
  readonly toldTo: string;
  readonly evidence: LightClientAttackEvidence;
  /** Why that node did not take it; undefined when it did. */
  readonly refusal: string | undefined;
}

/** The two nodes that show different chains. */
export interface Sides {
  readonly primary: NamedNode;
  readonly witness: NamedNode;
}

/**
 * Tells the witness about the primary's block, then the primary about the witness's, as far as the primary still
 * leads to its own.
 */
export async function accuse(
  fork: ForkFound,
  { primary, witness }: Sides,
  options: Omit<SyncOptions, 'provider'>,
): Promise<readonly Accusation[]> {
  const { diverging, sourceTrace } = fork;
  const first = await tell(forkOf(diverging, sourceTrace), primary, witness);
  try {
    const side = { target: diverging, source: primary.node };
    const back = await findFork(sourceTrace, side, options);
    if (!back.ok) return [first];
    return [first, await tell(forkOf(back.diverging, back.sourceTrace), witness, primary)];
  } catch (error) {
    if (error instanceof ProviderError) return [first];
    throw error;
  }
}

/**
 * The same of two blocks of one height and one set of validators, below which no common block was verified: only a
 * lunatic attack would need that, and is not told of.
 */
export async function accuseOfTwoVotes(
  { conflicting, trusted }: Omit<Fork, 'common'>,
  { primary, witness }: Sides,
): Promise<readonly Accusation[]> {
  if (attackKind({ conflicting, trusted }) === 'lunatic') return [];
  return [
    await tell(
      { conflicting: trusted, trusted: conflicting, common: conflicting },
      primary,
      witness,
    ),
    await tell({ conflicting, trusted, common: trusted }, witness, primary),
  ];
}

function forkOf(conflicting: Fork['conflicting'], trace: ForkFound['sourceTrace']): Fork {
  return { conflicting, trusted: trace.at(-1)!, common: trace[0]! };
}

async function tell(fork: Fork, against: NamedNode, receiver: NamedNode): Promise<Accusation> {
  const evidence = makeEvidence(fork);
  const refusal = await refusalOf(receiver, evidence);
  const names = { against: against.name, toldTo: receiver.name };
  return { kind: attackKind(fork), ...names, evidence, refusal };
}

async function refusalOf(
  { node }: NamedNode,
  evidence: LightClientAttackEvidence,
): Promise<string | undefined> {
  if (node.reportEvidence === undefined) return 'it has no way to take evidence';
  try {
    await node.reportEvidence(evidence);
    return undefined;
  } catch (error) {
    if (error instanceof ProviderError) return error.message;
    throw error;
  }
}
