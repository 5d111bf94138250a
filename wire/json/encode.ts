/**
 * Data as CometBFT 0.38 prints it over JSON-RPC and in genesis files: 64-bit integers as decimal
 * strings, smaller ones as numbers, hashes and addresses in upper-case hex, other bytes in base64,
 * times in RFC 3339. Keys stand in CometBFT's order, so the JSON text is the same too.
 */
import { toBase64, toHex } from '../bytes.ts';
import { BYTE_FIELDS, type ByteField } from '../header.ts';
import type { TxProof } from '../results.ts';
import { formatTime } from '../time.ts';
import type {
  Block,
  BlockId,
  Commit,
  CommitSig,
  ConsensusParams,
  Header,
  PublicKey,
  SignedHeader,
  Validator,
  Vote,
} from '../types.ts';

/** The name that CometBFT's JSON gives to each type of key. */
export const PUBLIC_KEY_NAME = {
  ed25519: 'tendermint/PubKeyEd25519',
  secp256k1: 'tendermint/PubKeySecp256k1',
} as const;

/** Upper-case hex, the form of hashes and addresses. */
export function hexToJson(bytes: Uint8Array): string {
  return toHex(bytes).toUpperCase();
}

/** `{ hash, parts: { total, hash } }`; the total is a number. */
export function blockIdToJson(blockId: BlockId) {
  return {
    hash: hexToJson(blockId.hash),
    parts: { total: blockId.parts.total, hash: hexToJson(blockId.parts.hash) },
  };
}

/** A header. A protocol version of zero is left out of `version`. */
export function headerToJson(header: Header) {
  const { block, app } = header.version;
  const hashes = Object.fromEntries(
    BYTE_FIELDS.map(([name, title]) => [title, hexToJson(header[name])]),
  ) as Record<ByteField[1], string>;
  return {
    version: { ...(block !== 0n && { block: `${block}` }), ...(app !== 0n && { app: `${app}` }) },
    chain_id: header.chainId,
    height: `${header.height}`,
    time: formatTime(header.time),
    last_block_id: blockIdToJson(header.lastBlockId),
    ...hashes,
  };
}

/** A commit; an absent signature has an empty address, the zero time and null. */
export function commitToJson(commit: Commit) {
  return {
    height: `${commit.height}`,
    round: commit.round,
    block_id: blockIdToJson(commit.blockId),
    signatures: commit.signatures.map(commitSigToJson),
  };
}

function commitSigToJson(signature: CommitSig) {
  return {
    block_id_flag: signature.flag,
    validator_address: hexToJson(signature.validatorAddress),
    timestamp: formatTime(signature.timestamp),
    signature: base64OrNull(signature.signature),
  };
}

/** `{ header, commit }`, the `signed_header` of the RPC method commit. */
export function signedHeaderToJson(signedHeader: SignedHeader) {
  return { header: headerToJson(signedHeader.header), commit: commitToJson(signedHeader.commit) };
}

/** `{ type, value }` with the raw key in base64. */
export function publicKeyToJson(publicKey: PublicKey) {
  return { type: PUBLIC_KEY_NAME[publicKey.type], value: toBase64(publicKey.bytes) };
}

/** One entry of the RPC method validators. */
export function validatorToJson(validator: Validator) {
  return {
    address: hexToJson(validator.address),
    pub_key: publicKeyToJson(validator.publicKey),
    voting_power: `${validator.votingPower}`,
    proposer_priority: `${validator.proposerPriority}`,
  };
}

/** A vote without vote extension. */
export function voteToJson(vote: Vote) {
  return {
    type: vote.type,
    height: `${vote.height}`,
    round: vote.round,
    block_id: blockIdToJson(vote.blockId),
    timestamp: formatTime(vote.timestamp),
    validator_address: hexToJson(vote.validatorAddress),
    validator_index: vote.validatorIndex,
    signature: base64OrNull(vote.signature),
    extension: null,
    extension_signature: null,
  };
}

/**
 * A block, as the RPC method block prints it.
 * @throws TypeError for a block with evidence, whose content has no JSON form here.
 */
export function blockToJson(block: Block) {
  if (block.evidence.length > 0) {
    throw new TypeError(`block.evidence: expected none, got ${block.evidence.length}`);
  }
  return {
    header: headerToJson(block.header),
    data: { txs: block.transactions.map(toBase64) },
    evidence: { evidence: [] as never[] },
    last_commit: commitToJson(block.lastCommit),
  };
}

/** Consensus parameters, as in the RPC method consensus_params and in a genesis file. */
export function consensusParamsToJson(params: ConsensusParams) {
  const { block, evidence, validator, version, abci } = params;
  return {
    block: { max_bytes: `${block.maxBytes}`, max_gas: `${block.maxGas}` },
    evidence: {
      max_age_num_blocks: `${evidence.maxAgeNumBlocks}`,
      max_age_duration: `${evidence.maxAgeDurationNs}`,
      max_bytes: `${evidence.maxBytes}`,
    },
    validator: { pub_key_types: [...validator.pubKeyTypes] },
    version: { app: `${version.app}` },
    abci: { vote_extensions_enable_height: `${abci.voteExtensionsEnableHeight}` },
  };
}

/** The `proof` of the RPC methods tx and tx_search. */
export function txProofToJson({ rootHash, transaction, proof }: TxProof) {
  return {
    root_hash: hexToJson(rootHash),
    data: toBase64(transaction),
    proof: {
      total: `${proof.total}`,
      index: `${proof.index}`,
      leaf_hash: toBase64(proof.leafHash),
      aunts: proof.aunts.map(toBase64),
    },
  };
}

/** Base64, or null for no bytes, as Go prints an empty slice. */
export function base64OrNull(bytes: Uint8Array): string | null {
  return bytes.length === 0 ? null : toBase64(bytes);
}
