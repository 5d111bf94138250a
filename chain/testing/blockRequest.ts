/** Requests about blocks that nobody proposed and nobody voted on, unless given: for tests without consensus. */
import type {
  FinalizeBlockRequest,
  PrepareProposalRequest,
  ProcessProposalRequest,
} from '../abci/types.ts';

/** Height, and time in nanoseconds since the Unix epoch, must be told; all else may be. */
type Told<Request extends FinalizeBlockRequest | PrepareProposalRequest | ProcessProposalRequest> =
  Pick<Request, 'height' | 'time'> & Partial<Request>;

const NO_HASH = new Uint8Array(32);
const NO_VOTES = { round: 0, votes: [] };
const CONTEXT = {
  txs: [],
  nextValidatorsHash: NO_HASH,
  proposerAddress: new Uint8Array(20),
  misbehavior: [],
};

/** Executes an empty block. */
export function blockRequest(block: Told<FinalizeBlockRequest>): FinalizeBlockRequest {
  return { ...CONTEXT, hash: NO_HASH, decidedLastCommit: NO_VOTES, ...block };
}

/** Asks what to propose, with room for a megabyte. */
export function prepareRequest(proposal: Told<PrepareProposalRequest>): PrepareProposalRequest {
  return { ...CONTEXT, maxTxBytes: 1_000_000n, localLastCommit: NO_VOTES, ...proposal };
}

/** Asks for a vote on an empty block. */
export function processRequest(proposal: Told<ProcessProposalRequest>): ProcessProposalRequest {
  return { ...CONTEXT, hash: NO_HASH, proposedLastCommit: NO_VOTES, ...proposal };
}
