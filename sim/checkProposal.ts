/** What comes before a block: the mempool's checks and a proposal, which must take anything and agree with each other. */
import type { CommitInfo, ExtendedCommitInfo, FinalizeBlockRequest } from '../chain/abci/types.ts';
import type { SimulatedChain } from './chain.ts';
import type { Failure } from './failure.ts';

/** Blocks between two checks. */
const EVERY = 4n;
const ROOM_BYTES = 200_000n;

/**
 * Every fourth block: gives its transactions to CheckTx, proposes a block of them and votes on it. The block itself
 * is executed as it is, as that of a dishonest proposer would be.
 */
export async function checkProposal(
  { app }: SimulatedChain,
  request: FinalizeBlockRequest,
): Promise<Failure | undefined> {
  const { height, txs, decidedLastCommit, ...context } = request;
  if (height % EVERY !== 0n) return undefined;
  for (const type of ['new', 'recheck'] as const) {
    for (const tx of txs) await app.checkTx({ tx, type });
  }
  const proposal = await app.prepareProposal({
    ...context,
    height,
    txs,
    maxTxBytes: ROOM_BYTES,
    localLastCommit: withoutExtensions(decidedLastCommit),
  });
  const isTaken = await app.processProposal({
    ...context,
    height,
    txs: proposal.txs,
    proposedLastCommit: decidedLastCommit,
  });
  if (isTaken.accept && proposal.txs.every((tx) => txs.includes(tx))) return undefined;
  const text = `of ${txs.length} transactions ${proposal.txs.length} were proposed, and refused`;
  return { kind: 'proposal', text, height };
}

function withoutExtensions({ round, votes }: CommitInfo): ExtendedCommitInfo {
  const none = { voteExtension: new Uint8Array(0), extensionSignature: new Uint8Array(0) };
  return { round, votes: votes.map((vote) => ({ ...vote, ...none })) };
}
