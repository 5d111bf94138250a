/**
 * The CometBFT 0.38 data that is hashed, signed and served: headers, votes, commits, validators, blocks.
 * Heights, rounds, powers and times are exact: bigint where CometBFT has 64 bits. Times are nanoseconds since
 * the Unix epoch; the zero time of Go (year 1), which absent votes carry, is ZERO_TIME.
 */

/** 0001-01-01T00:00:00Z in nanoseconds since the Unix epoch. */
export const ZERO_TIME = -62_135_596_800n * 1_000_000_000n;

/** The block protocol version that CometBFT 0.38 writes into headers. */
export const BLOCK_PROTOCOL = 11n;

export interface PartSetHeader {
  readonly total: number;
  readonly hash: Uint8Array;
}

/** Empty hash and zero parts: the nil block. */
export interface BlockId {
  readonly hash: Uint8Array;
  readonly parts: PartSetHeader;
}

export const NIL_BLOCK_ID: BlockId = {
  hash: new Uint8Array(0),
  parts: { total: 0, hash: new Uint8Array(0) },
};

export interface Header {
  readonly version: { readonly block: bigint; readonly app: bigint };
  readonly chainId: string;
  readonly height: bigint;
  readonly time: bigint;
  readonly lastBlockId: BlockId;
  readonly lastCommitHash: Uint8Array;
  readonly dataHash: Uint8Array;
  readonly validatorsHash: Uint8Array;
  readonly nextValidatorsHash: Uint8Array;
  readonly consensusHash: Uint8Array;
  readonly appHash: Uint8Array;
  readonly lastResultsHash: Uint8Array;
  readonly evidenceHash: Uint8Array;
  readonly proposerAddress: Uint8Array;
}

/** How a validator voted, in the numbers of tendermint.types.BlockIDFlag. */
export const BLOCK_ID_FLAG = { absent: 1, commit: 2, nil: 3 } as const;
export type BlockIdFlag = (typeof BLOCK_ID_FLAG)[keyof typeof BLOCK_ID_FLAG];

export interface CommitSig {
  readonly flag: BlockIdFlag;
  readonly validatorAddress: Uint8Array;
  readonly timestamp: bigint;
  readonly signature: Uint8Array;
}

export interface Commit {
  readonly height: bigint;
  readonly round: number;
  readonly blockId: BlockId;
  readonly signatures: readonly CommitSig[];
}

export interface SignedHeader {
  readonly header: Header;
  readonly commit: Commit;
}

/** In the numbers of tendermint.types.SignedMsgType. */
export const VOTE_TYPE = { prevote: 1, precommit: 2 } as const;
export type VoteType = (typeof VOTE_TYPE)[keyof typeof VOTE_TYPE];

export interface Vote {
  readonly type: VoteType;
  readonly height: bigint;
  readonly round: number;
  readonly blockId: BlockId;
  readonly timestamp: bigint;
  readonly validatorAddress: Uint8Array;
  readonly validatorIndex: number;
  readonly signature: Uint8Array;
}

export interface PublicKey {
  readonly type: 'ed25519' | 'secp256k1';
  readonly bytes: Uint8Array;
}

export interface Validator {
  readonly address: Uint8Array;
  readonly publicKey: PublicKey;
  readonly votingPower: bigint;
  readonly proposerPriority: bigint;
}

/** Sorted by power downwards, then by address upwards. */
export interface ValidatorSet {
  readonly validators: readonly Validator[];
  readonly proposer: Validator;
}

export interface ConsensusParams {
  readonly block: { readonly maxBytes: bigint; readonly maxGas: bigint };
  readonly evidence: {
    readonly maxAgeNumBlocks: bigint;
    readonly maxAgeDurationNs: bigint;
    readonly maxBytes: bigint;
  };
  readonly validator: { readonly pubKeyTypes: readonly string[] };
  readonly version: { readonly app: bigint };
  readonly abci: { readonly voteExtensionsEnableHeight: bigint };
}

/** Evidence is kept as its encoded protobuf; the embedded localnet of today makes none. */
export interface Block {
  readonly header: Header;
  readonly transactions: readonly Uint8Array[];
  readonly evidence: readonly Uint8Array[];
  readonly lastCommit: Commit;
}

/** The part of a transaction's result that LastResultsHash covers. */
export interface DeterministicTxResult {
  readonly code: number;
  readonly data: Uint8Array;
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
}
