/** Evidence as CometBFT prints it over JSON-RPC, from strangers and back: types in CamelCase, votes in snake_case. */
import { MAX_BLOCK_SIZE } from '../block.ts';
import { MAX_VALIDATORS } from '../commit.ts';
import type {
  DuplicateVoteEvidence,
  Evidence,
  ExtendedVote,
  LightClientAttack,
} from '../evidence.ts';
import { ADDRESS_LENGTH } from '../header.ts';
import { formatTime } from '../time.ts';
import { VOTE_TYPE } from '../types.ts';
import {
  blockIdFromJson,
  readHeight,
  readSignature,
  signedHeaderFromJson,
  validatorFromJson,
  validatorSetFromJson,
} from './decode.ts';
import { base64OrNull, signedHeaderToJson, validatorToJson, voteToJson } from './encode.ts';
import {
  mismatch,
  type Read,
  readBase64,
  readHex,
  readInt64,
  readList,
  readObject,
  readOptional,
  readSmallInteger,
  readTime,
} from './read.ts';

const DUPLICATE_VOTE = 'tendermint/DuplicateVoteEvidence';
const LIGHT_CLIENT_ATTACK = 'tendermint/LightClientAttackEvidence';

const NO_BYTES = new Uint8Array(0);
const readPlace = readSmallInteger(0, 0x7fff_ffff);

/** `{ type, value }` of a piece of evidence. @throws TypeError that names the path. */
export const evidenceFromJson: Read<Evidence> = (json, path) => {
  const field = readObject(json, path);
  const read = field('type', (type, at) => {
    if (type === DUPLICATE_VOTE) return readDuplicateVote;
    if (type === LIGHT_CLIENT_ATTACK) return readAttack;
    throw mismatch(at, `${DUPLICATE_VOTE} or ${LIGHT_CLIENT_ATTACK}`, type);
  });
  return field<Evidence>('value', read);
};

const readVoteType: Read<ExtendedVote['type']> = (json, path) => {
  const type = Object.values(VOTE_TYPE).find((known) => known === json);
  if (type !== undefined) return type;
  throw mismatch(path, 'a type of vote', json);
};

const readVote: Read<ExtendedVote> = (json, path) => {
  const field = readObject(json, path);
  return {
    type: field('type', readVoteType),
    height: field('height', readHeight),
    round: field('round', readPlace),
    blockId: field('block_id', blockIdFromJson),
    timestamp: field('timestamp', readTime),
    validatorAddress: field('validator_address', readHex(ADDRESS_LENGTH)),
    validatorIndex: field('validator_index', readPlace),
    signature: field('signature', readSignature),
    extension: field('extension', readOptional(readBase64(MAX_BLOCK_SIZE), NO_BYTES)),
    extensionSignature: field('extension_signature', readSignature),
  };
};

const readDuplicateVote: Read<DuplicateVoteEvidence> = (json, path) => {
  const field = readObject(json, path);
  return {
    kind: 'duplicateVote',
    voteA: field('vote_a', readVote),
    voteB: field('vote_b', readVote),
    totalVotingPower: field('TotalVotingPower', readInt64),
    validatorPower: field('ValidatorPower', readInt64),
    timestamp: field('Timestamp', readTime),
  };
};

const readConflictingBlock: Read<
  Pick<LightClientAttack, 'signedHeader' | 'validators' | 'proposer'>
> = (json, path) => {
  const field = readObject(json, path);
  const signedHeader = field('signed_header', signedHeaderFromJson);
  const set = field('validator_set', (given, at) => {
    const member = readObject(given, at);
    return {
      validators: member('validators', validatorSetFromJson),
      proposer: member('proposer', readOptional(validatorFromJson, undefined)),
    };
  });
  return { signedHeader, ...set };
};

const readAttack: Read<LightClientAttack> = (json, path) => {
  const field = readObject(json, path);
  return {
    kind: 'lightClientAttack',
    ...field('ConflictingBlock', readConflictingBlock),
    commonHeight: field('CommonHeight', readHeight),
    byzantineValidators: field(
      'ByzantineValidators',
      readOptional(readList(validatorFromJson, MAX_VALIDATORS), []),
    ),
    totalVotingPower: field('TotalVotingPower', readInt64),
    timestamp: field('Timestamp', readTime),
  };
};

/** The JSON that `evidenceFromJson` reads. */
export function evidenceToJson(evidence: Evidence) {
  return evidence.kind === 'duplicateVote'
    ? { type: DUPLICATE_VOTE, value: duplicateVoteToJson(evidence) }
    : attackToJson(evidence);
}

function duplicateVoteToJson(evidence: DuplicateVoteEvidence) {
  return {
    vote_a: extendedVoteToJson(evidence.voteA),
    vote_b: extendedVoteToJson(evidence.voteB),
    TotalVotingPower: `${evidence.totalVotingPower}`,
    ValidatorPower: `${evidence.validatorPower}`,
    Timestamp: formatTime(evidence.timestamp),
  };
}

function extendedVoteToJson(vote: ExtendedVote) {
  return {
    ...voteToJson(vote),
    extension: base64OrNull(vote.extension),
    extension_signature: base64OrNull(vote.extensionSignature),
  };
}

/** The same of an attack on light clients. */
export function attackToJson(evidence: Omit<LightClientAttack, 'kind'>) {
  const { byzantineValidators: byzantine, proposer } = evidence;
  const value = {
    ConflictingBlock: {
      signed_header: signedHeaderToJson(evidence.signedHeader),
      validator_set: {
        validators: evidence.validators.map(validatorToJson),
        proposer: proposer ? validatorToJson(proposer) : null,
      },
    },
    CommonHeight: `${evidence.commonHeight}`,
    ByzantineValidators: byzantine.length === 0 ? null : byzantine.map(validatorToJson),
    TotalVotingPower: `${evidence.totalVotingPower}`,
    Timestamp: formatTime(evidence.timestamp),
  };
  return { type: LIGHT_CLIENT_ATTACK, value };
}
