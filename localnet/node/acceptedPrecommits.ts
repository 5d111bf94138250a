/** Which precommits count where they carry extensions: every validator judges those of the others. */
import { hexToJson } from '../../wire/json/encode.ts';
import type { ExtendedVote } from '../consensus/extensions.ts';
import { verifyRequest } from '../consensus/requests.ts';
import type { ChainState } from '../consensus/state.ts';
import { hasTwoThirds } from '../consensus/voting.ts';
import type { Logger } from '../logger.ts';
import { HaltError } from './halt.ts';
import type { ValidatorNode } from './validatorNode.ts';

/** A validator in force whose key is here. */
export interface Voter {
  readonly node: ValidatorNode;
  /** In the validator set. */
  readonly place: number;
}

export interface CastPrecommits {
  readonly state: ChainState;
  readonly logger: Logger;
  readonly voters: readonly Voter[];
  readonly votes: readonly ExtendedVote[];
}

/**
 * The precommits that validators with more than two thirds of the power take. On a real network each one counts by
 * itself; the commit here is what most of them see. Nobody judges its own.
 * @throws HaltError when too little power is left for a commit.
 */
export async function acceptedPrecommits(cast: CastPrecommits): Promise<ExtendedVote[]> {
  const { state, logger, votes } = cast;
  const accepted: ExtendedVote[] = [];
  for (const vote of votes) {
    const { height, validatorAddress } = vote;
    if (hasTwoThirds(state.validators, await placesThatTake(vote, cast))) accepted.push(vote);
    else {
      const validator = hexToJson(validatorAddress);
      logger.warn('a precommit does not count: its extension was refused', { height, validator });
    }
  }
  const places = accepted.map(({ validatorIndex }) => validatorIndex);
  if (hasTwoThirds(state.validators, places)) return accepted;
  throw new HaltError(
    state.lastBlockHeight + 1n,
    `the extensions of ${votes.length - accepted.length} of ${votes.length} precommits were refused, ` +
      'and the rest have not more than two thirds of the power',
  );
}

/** Places of the validators that count the vote: its own, and those whose applications take its extension. */
async function placesThatTake(vote: ExtendedVote, { voters }: CastPrecommits): Promise<number[]> {
  const request = verifyRequest(vote);
  const answers = await Promise.all(
    voters.map(async ({ node, place }) => {
      if (place === vote.validatorIndex) return true;
      return (await node.application.verifyVoteExtension(request)).accept;
    }),
  );
  return voters.filter((_, index) => answers[index]).map(({ place }) => place);
}
