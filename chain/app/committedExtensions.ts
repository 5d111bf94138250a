/**
 * How the extensions of the votes for a block come into the state: the proposer of the next block puts what its node
 * has of them in front of the transactions, every validator verifies it, and the modules hear of it before all else.
 */
import { equalBytes, toHex } from '../../wire/bytes.ts';
import { CommittedExtensions } from '../../wire/gen/depin/abci/v1/vote_extension.ts';
import type { SignatureVerifier } from '../../wire/signature.ts';
import type { PublicKey } from '../../wire/types.ts';
import { voteExtensionSignBytes } from '../../wire/vote.ts';
import type { CommitInfo, ExtendedCommitInfo, TxResult } from '../abci/types.ts';
import type { Frame } from '../module/frame.ts';
import type { ModuleSet } from '../module/moduleSet.ts';
import { inHook } from './blockHooks.ts';
import type { ChainRecord } from './chainRecord.ts';
import { decodeParts, type ExtensionPart, speakers } from './voteExtensions.ts';

/** CometBFT's flag of a vote that is for the block. */
const FOR_THE_BLOCK = 2;
const NO_BYTES = new Uint8Array(0);

/** What a block answers for the transaction that holds the extensions: it is no transaction of anybody. */
export const EXTENSIONS_RESULT: TxResult = {
  code: 0,
  data: NO_BYTES,
  log: '',
  info: '',
  gasWanted: 0n,
  gasUsed: 0n,
  events: [],
  codespace: '',
};

/** What one validator added to its vote. */
export interface CommittedVote {
  readonly validator: Uint8Array;
  readonly power: bigint;
  readonly parts: readonly ExtensionPart[];
}

/** What the extensions are verified against. */
export interface CommittedVotes {
  readonly chainId: string;
  /** Of the block that was voted on. */
  readonly height: bigint;
  /** As the block that carries them has it. */
  readonly commit: CommitInfo;
  readonly verifier: SignatureVerifier;
  consensusKey(address: Uint8Array): PublicKey | undefined;
}

/** Whether the first transaction of the block at `height` must hold extensions. */
export function carriesExtensions(
  modules: ModuleSet,
  { extensionsFrom, initialHeight }: Pick<ChainRecord, 'extensionsFrom' | 'initialHeight'>,
  height: bigint,
): boolean {
  const isEnabled = extensionsFrom > 0n && height > extensionsFrom && height > initialHeight;
  return isEnabled && speakers(modules).length > 0;
}

/** The transaction that a proposer puts in front of the others. */
export function encodeExtensions({ votes }: ExtendedCommitInfo): Uint8Array {
  const signed = votes.map(({ voteExtension, extensionSignature }) => ({
    extension: voteExtension,
    signature: extensionSignature,
  }));
  return CommittedExtensions.encode({ votes: signed }).finish();
}

/**
 * The extensions that a block carries, with those of every vote that its commit holds and of no other.
 * @throws TypeError or RangeError naming the vote when the bytes are not canonical, a signature is wrong, or those who
 * signed have not more than two thirds of the power.
 */
export function readExtensions(bytes: Uint8Array, committed: CommittedVotes): CommittedVote[] {
  const signed = decodeExtensions(bytes);
  const { votes } = committed.commit;
  if (signed.length !== votes.length) {
    throw new RangeError(
      `extensions: expected those of ${votes.length} votes, got ${signed.length}`,
    );
  }
  const total = votes.reduce((sum, { validator }) => sum + validator.power, 0n);
  const read = signed.flatMap((vote, index) => readVote(vote, index, committed) ?? []);
  const power = read.reduce((sum, vote) => sum + vote.power, 0n);
  if (power * 3n <= total * 2n) {
    throw new RangeError(`extensions: expected more than two thirds of ${total}, got ${power}`);
  }
  return read;
}

type Signed = CommittedExtensions['votes'][number];

function decodeExtensions(bytes: Uint8Array): Signed[] {
  let decoded: CommittedExtensions;
  try {
    decoded = CommittedExtensions.decode(bytes);
  } catch (cause) {
    throw new TypeError('extensions: the bytes do not decode', { cause });
  }
  if (equalBytes(CommittedExtensions.encode(decoded).finish(), bytes)) return decoded.votes;
  throw new TypeError('extensions: expected their canonical bytes');
}

/** Undefined for a vote that the commit does not hold. */
function readVote(
  { extension, signature }: Signed,
  index: number,
  { chainId, height, commit, verifier, consensusKey }: CommittedVotes,
): CommittedVote | undefined {
  const { validator, blockIdFlag } = commit.votes[index]!;
  const title = `extensions[${index}]`;
  if (blockIdFlag !== FOR_THE_BLOCK) {
    if (extension.length === 0 && signature.length === 0) return undefined;
    throw new RangeError(`${title}: expected nothing of a vote that is not in the commit`);
  }
  const parts = decodeParts(extension);
  if (parts === undefined) throw new TypeError(`${title}: expected a VoteExtension`);
  const key = consensusKey(validator.address);
  if (key === undefined) {
    throw new RangeError(`${title}: the key of validator ${toHex(validator.address)} is not known`);
  }
  const signBytes = voteExtensionSignBytes(chainId, { height, round: commit.round, extension });
  if (!verifier[key.type](signature, signBytes, key.bytes)) {
    throw new RangeError(`${title}.signature: it is not one of ${toHex(validator.address)}`);
  }
  return { validator: validator.address, power: validator.power, parts };
}

/**
 * Tells every module that adds to votes what the validators added of it.
 * @throws Bug naming height and module when one breaks off.
 */
export function deliverExtensions(
  modules: ModuleSet,
  frame: Frame,
  votes: readonly CommittedVote[],
): void {
  for (const module of speakers(modules)) {
    const own = votes.flatMap(({ validator, power, parts }) => {
      const part = parts.find((each) => each.module === module.name);
      return part === undefined ? [] : [{ validator, power, extension: part.extension }];
    });
    inHook({ module, hook: 'onVoteExtensions', frame }, () => {
      module.definition.onVoteExtensions?.(modules.context(module, frame), own);
    });
  }
}
