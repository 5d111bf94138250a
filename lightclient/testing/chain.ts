/** Real headers, validators and commits for tests, signed with keys from fixed seeds. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { toUtf8 } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import { hashHeader } from '../../wire/header.ts';
import {
  BLOCK_ID_FLAG,
  BLOCK_PROTOCOL,
  type BlockIdFlag,
  type Commit,
  type CommitSig,
  type Header,
  NIL_BLOCK_ID,
  type PublicKey,
  type Validator,
  ZERO_TIME,
} from '../../wire/types.ts';
import { hashValidatorSet, sortValidators, validatorAddress } from '../../wire/validatorSet.ts';
import { commitVoteSignBytes } from '../../wire/vote.ts';
import type { LightBlock } from '../types.ts';

export const CHAIN_ID = 'test-chain-1';
export const SECOND = 1_000_000_000n;
/** 2024-01-01T00:00:00Z. */
export const START = 1_704_067_200n * SECOND;

const NO_BYTES = new Uint8Array(0);

/** A validator with the secret that signs for it. */
export interface Signer {
  readonly secret: Uint8Array;
  readonly validator: Validator;
}

/** Signers of the powers given, in the order of the set; the name keeps their keys apart. */
export function signersOf(
  name: string,
  powers: readonly bigint[],
  type: PublicKey['type'] = 'ed25519',
): Signer[] {
  const signers = powers.map((votingPower, index) => {
    const secret = sha256(toUtf8(`${name} ${index}`));
    const curve = type === 'ed25519' ? ed25519 : secp256k1;
    const publicKey = { type, bytes: curve.getPublicKey(secret) };
    const address = validatorAddress(publicKey);
    return { secret, validator: { address, publicKey, votingPower, proposerPriority: 0n } };
  });
  return inOrder(signers);
}

/** The signers in the order of their validator set. */
export function inOrder(signers: readonly Signer[]): Signer[] {
  const sorted = sortValidators(signers.map(({ validator }) => validator));
  return sorted.map((validator) => signers.find((signer) => signer.validator === validator)!);
}

/** A block to make: who signs it how (all commit when absent), and what its header says besides. */
export interface BlockPlan {
  readonly height: bigint;
  readonly signers: readonly Signer[];
  readonly nextSigners?: readonly Signer[];
  /** In the order of the signers. */
  readonly flags?: readonly BlockIdFlag[];
  readonly header?: Partial<Header>;
}

/** A block as an honest node serves it. One second passes from height to height. */
export function makeBlock(plan: BlockPlan): LightBlock {
  const { height, signers, nextSigners = signers } = plan;
  const validators = signers.map(({ validator }) => validator);
  const nextValidators = nextSigners.map(({ validator }) => validator);
  const header: Header = {
    version: { block: BLOCK_PROTOCOL, app: 0n },
    chainId: CHAIN_ID,
    height,
    time: START + height * SECOND,
    lastBlockId: {
      hash: sha256(toUtf8(`block ${height - 1n}`)),
      parts: { total: 1, hash: sha256(toUtf8('parts')) },
    },
    lastCommitHash: sha256(toUtf8('last commit')),
    dataHash: sha256(NO_BYTES),
    validatorsHash: hashValidatorSet(validators),
    nextValidatorsHash: hashValidatorSet(nextValidators),
    consensusHash: sha256(toUtf8('consensus')),
    appHash: sha256(toUtf8(`app ${height}`)),
    lastResultsHash: sha256(NO_BYTES),
    evidenceHash: sha256(NO_BYTES),
    proposerAddress: validators[0]!.address,
    ...plan.header,
  };
  const commit = signCommit(header, signers, plan.flags);
  return { signedHeader: { header, commit }, validators, nextValidators };
}

/** The commit for a header with each signer's vote. */
export function signCommit(
  header: Header,
  signers: readonly Signer[],
  flags: readonly BlockIdFlag[] = signers.map(() => BLOCK_ID_FLAG.commit),
): Commit {
  const hash = hashHeader(header);
  const unsigned: Commit = {
    height: header.height,
    round: 0,
    blockId: { hash, parts: { total: 1, hash: sha256(hash) } },
    signatures: signers.map(({ validator }, index) =>
      unsignedVote(validator, flags[index]!, header.time + BigInt(index)),
    ),
  };
  const signatures = unsigned.signatures.map((vote, index): CommitSig => {
    if (vote.flag === BLOCK_ID_FLAG.absent) return vote;
    const message = commitVoteSignBytes(header.chainId, unsigned, index);
    return { ...vote, signature: sign(signers[index]!, message) };
  });
  return { ...unsigned, signatures };
}

function sign({ secret, validator }: Signer, message: Uint8Array): Uint8Array {
  const isEd25519 = validator.publicKey.type === 'ed25519';
  return isEd25519 ? ed25519.sign(message, secret) : secp256k1.sign(message, secret);
}

function unsignedVote(validator: Validator, flag: BlockIdFlag, timestamp: bigint): CommitSig {
  return flag === BLOCK_ID_FLAG.absent
    ? { flag, validatorAddress: NO_BYTES, timestamp: ZERO_TIME, signature: NO_BYTES }
    : { flag, validatorAddress: validator.address, timestamp, signature: NO_BYTES };
}

/** The same block with fields of its header changed, and nothing else. */
export function withHeader(block: LightBlock, change: Partial<Header>): LightBlock {
  const { header, commit } = block.signedHeader;
  return { ...block, signedHeader: { header: { ...header, ...change }, commit } };
}

/** The same block with fields of its commit changed, and nothing else. */
export function withCommit(block: LightBlock, change: Partial<Commit>): LightBlock {
  const { header, commit } = block.signedHeader;
  return { ...block, signedHeader: { header, commit: { ...commit, ...change } } };
}

/** The same block with one signature changed. */
export function withSignature(
  block: LightBlock,
  index: number,
  change: Partial<CommitSig>,
): LightBlock {
  const { signatures } = block.signedHeader.commit;
  const changed = signatures.map((sig, i) => (i === index ? { ...sig, ...change } : sig));
  return withCommit(block, { signatures: changed });
}

/** The id of no block. */
export const NO_BLOCK = NIL_BLOCK_ID;

/** The bytes with one bit turned. */
export function flipped(bytes: Uint8Array, at = 0): Uint8Array {
  const out = Uint8Array.from(bytes);
  out[at] = out[at]! ^ 1;
  return out;
}
