/** Evidence as CometBFT prints it over JSON-RPC, from strangers and back: its names differ from 0.38 to 1.x. */
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

/** Up to 0.38 the names are those of Go, but for the votes; since 1.0 all are as elsewhere. */
const NAMES = {
  CamelCase: {
    conflictingBlock: 'ConflictingBlock',
    commonHeight: 'CommonHeight',
    byzantineValidators: 'ByzantineValidators',
    totalVotingPower: 'TotalVotingPower',
    validatorPower: 'ValidatorPower',
    timestamp: 'Timestamp',
  },
  snake_case: {
    conflictingBlock: 'conflicting_block',
    commonHeight: 'common_height',
    byzantineValidators: 'byzantine_validators',
    totalVotingPower: 'total_voting_power',
    validatorPower: 'validator_power',
    timestamp: 'timestamp',
  },
} as const;

/** How a version of CometBFT spells evidence: `CamelCase` up to 0.38, `snake_case` since 1.0. */
export type EvidenceSpelling = keyof typeof NAMES;

const NO_BYTES = new Uint8Array(0);
const readPlace = readSmallInteger(0, 0x7fff_ffff);

/** `{ type, value }` of a piece of evidence, in either spelling. @throws TypeError that names the path. */
export const evidenceFromJson: Read<Evidence> = (json, path) => {
  const field = readObject(json, path);
  const spelling = evidenceSpelling(json);
  const read = field<Read<Evidence>>('type', (type, at) => {
    if (type === DUPLICATE_VOTE) return duplicateVoteReader(spelling);
    if (type === LIGHT_CLIENT_ATTACK) return attackReader(spelling);
    throw mismatch(at, `${DUPLICATE_VOTE} or ${LIGHT_CLIENT_ATTACK}`, type);
  });
  return field<Evidence>('value', read);
};

/** How a piece of evidence is spelled; what is none counts as the older way. */
export function evidenceSpelling(json: unknown): EvidenceSpelling {
  const value: unknown = isObject(json) ? json.value : undefined;
  const name = NAMES.snake_case.totalVotingPower;
  return isObject(value) && Object.hasOwn(value, name) ? 'snake_case' : 'CamelCase';
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null;
}

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

function duplicateVoteReader(spelling: EvidenceSpelling): Read<DuplicateVoteEvidence> {
  const names = NAMES[spelling];
  return (json, path) => {
    const field = readObject(json, path);
    return {
      kind: 'duplicateVote',
      voteA: field('vote_a', readVote),
      voteB: field('vote_b', readVote),
      totalVotingPower: field(names.totalVotingPower, readInt64),
      validatorPower: field(names.validatorPower, readInt64),
      timestamp: field(names.timestamp, readTime),
    };
  };
}

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

const readByzantine = readOptional(readList(validatorFromJson, MAX_VALIDATORS), []);

function attackReader(spelling: EvidenceSpelling): Read<LightClientAttack> {
  const names = NAMES[spelling];
  return (json, path) => {
    const field = readObject(json, path);
    return {
      kind: 'lightClientAttack',
      ...field(names.conflictingBlock, readConflictingBlock),
      commonHeight: field(names.commonHeight, readHeight),
      byzantineValidators: field(names.byzantineValidators, readByzantine),
      totalVotingPower: field(names.totalVotingPower, readInt64),
      timestamp: field(names.timestamp, readTime),
    };
  };
}

/** The JSON that `evidenceFromJson` reads. */
export function evidenceToJson(evidence: Evidence, spelling: EvidenceSpelling = 'CamelCase') {
  return evidence.kind === 'duplicateVote'
    ? { type: DUPLICATE_VOTE, value: duplicateVoteToJson(evidence, spelling) }
    : attackToJson(evidence, spelling);
}

function duplicateVoteToJson(evidence: DuplicateVoteEvidence, spelling: EvidenceSpelling) {
  const names = NAMES[spelling];
  return {
    vote_a: extendedVoteToJson(evidence.voteA),
    vote_b: extendedVoteToJson(evidence.voteB),
    [names.totalVotingPower]: `${evidence.totalVotingPower}`,
    [names.validatorPower]: `${evidence.validatorPower}`,
    [names.timestamp]: formatTime(evidence.timestamp),
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
export function attackToJson(
  evidence: Omit<LightClientAttack, 'kind'>,
  spelling: EvidenceSpelling = 'CamelCase',
) {
  const { byzantineValidators: byzantine, proposer } = evidence;
  const names = NAMES[spelling];
  const value = {
    [names.conflictingBlock]: {
      signed_header: signedHeaderToJson(evidence.signedHeader),
      validator_set: {
        validators: evidence.validators.map(validatorToJson),
        proposer: proposer ? validatorToJson(proposer) : null,
      },
    },
    [names.commonHeight]: `${evidence.commonHeight}`,
    [names.byzantineValidators]: byzantine.length === 0 ? null : byzantine.map(validatorToJson),
    [names.totalVotingPower]: `${evidence.totalVotingPower}`,
    [names.timestamp]: formatTime(evidence.timestamp),
  };
  return { type: LIGHT_CLIENT_ATTACK, value };
}
