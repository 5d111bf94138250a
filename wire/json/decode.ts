/**
 * CometBFT JSON from strangers into data, strictly: every number, hash and list is bounded, and an
 * error names the JSON path. Fields that are not known are not read. What the data means is not
 * judged here: see `checkHeader` and `checkCommit`.
 */
import { MAX_BLOCK_ITEMS, MAX_BLOCK_SIZE } from '../block.ts';
import { checkFlag, MAX_SIGNATURE_LENGTH, MAX_VALIDATORS } from '../commit.ts';
import { ADDRESS_LENGTH, readByteFields } from '../header.ts';
import type {
  Block,
  BlockId,
  Commit,
  CommitSig,
  Header,
  PartSetHeader,
  PublicKey,
  SignedHeader,
  Validator,
} from '../types.ts';
import { checkPublicKey } from '../validatorSet.ts';
import { PUBLIC_KEY_NAME } from './encode.ts';
import {
  mismatch,
  type Read,
  readBase64,
  readHex,
  readHexUpTo,
  readInt64,
  readInteger,
  readList,
  readObject,
  readOptional,
  readSmallInteger,
  readText,
  readTime,
  readUint64,
} from './read.ts';

const MAX_INT64 = (1n << 63n) - 1n;
/** Longest app hash that is read, in bytes; CometBFT itself sets no limit. */
const MAX_APP_HASH_LENGTH = 1024;

const readHash = readHex(0, 32);
/** A height as text; 0 stands for none. */
export const readHeight = readInteger(0n, MAX_INT64);
const readRound = readSmallInteger(0, 0x7fff_ffff);
/** A signature in base64, of no bytes for null. */
export const readSignature = readOptional(readBase64(MAX_SIGNATURE_LENGTH), new Uint8Array(0));

const readPartSetHeader: Read<PartSetHeader> = (json, path) => {
  const field = readObject(json, path);
  return {
    total: field('total', readSmallInteger(0, 0xffff_ffff)),
    hash: field('hash', readHash),
  };
};

/** A block id with its parts under either name: `parts` or `part_set_header`. */
export const blockIdFromJson: Read<BlockId> = (json, path) => {
  const field = readObject(json, path);
  return {
    hash: field('hash', readHash),
    parts: field('parts', readPartSetHeader, 'part_set_header'),
  };
};

const readVersion: Read<Header['version']> = (json, path) => {
  const field = readObject(json, path);
  return {
    block: field('block', readOptional(readUint64, 0n)),
    app: field('app', readOptional(readUint64, 0n)),
  };
};

/** A header. @throws TypeError or RangeError that names the path, as all readers here. */
export const headerFromJson: Read<Header> = (json, path) => {
  const field = readObject(json, path);
  return {
    version: field('version', readVersion),
    chainId: field('chain_id', readText),
    height: field('height', readHeight),
    time: field('time', readTime),
    lastBlockId: field('last_block_id', blockIdFromJson),
    ...readByteFields(([name, title]) => field(title, READ_BYTES[name] ?? readHash)),
  };
};

/** What is no hash of the block's own. */
const READ_BYTES: Partial<Record<keyof Header, Read<Uint8Array>>> = {
  appHash: readHexUpTo(MAX_APP_HASH_LENGTH),
  proposerAddress: readHex(0, ADDRESS_LENGTH),
};

const readCommitSig: Read<CommitSig> = (json, path) => {
  const field = readObject(json, path);
  return {
    flag: field('block_id_flag', (value, at) => checkFlag(readSmallInteger(1, 3)(value, at), at)),
    validatorAddress: field('validator_address', readHex(0, ADDRESS_LENGTH)),
    timestamp: field('timestamp', readTime),
    signature: field('signature', readSignature),
  };
};

/** A commit of up to 10,000 signatures. */
export const commitFromJson: Read<Commit> = (json, path) => {
  const field = readObject(json, path);
  return {
    height: field('height', readHeight),
    round: field('round', readRound),
    blockId: field('block_id', blockIdFromJson),
    signatures: field('signatures', readList(readCommitSig, MAX_VALIDATORS)),
  };
};

/** `{ header, commit }`. */
export const signedHeaderFromJson: Read<SignedHeader> = (json, path) => {
  const field = readObject(json, path);
  return { header: field('header', headerFromJson), commit: field('commit', commitFromJson) };
};

/** `{ type, value }` of an ed25519 or secp256k1 key. */
export const publicKeyFromJson: Read<PublicKey> = (json, path) => {
  const field = readObject(json, path);
  const type = field('type', readKeyType);
  const bytes = field('value', readBase64(33));
  return checkPublicKey({ type, bytes }, `${path}.value`);
};

const readKeyType: Read<PublicKey['type']> = (json, path) => {
  for (const type of ['ed25519', 'secp256k1'] as const) {
    if (json === PUBLIC_KEY_NAME[type]) return type;
  }
  throw mismatch(path, Object.values(PUBLIC_KEY_NAME).join(' or '), json);
};

/** One validator; a missing proposer priority counts as zero. */
export const validatorFromJson: Read<Validator> = (json, path) => {
  const field = readObject(json, path);
  return {
    address: field('address', readHex(ADDRESS_LENGTH)),
    publicKey: field('pub_key', publicKeyFromJson),
    votingPower: field('voting_power', readHeight),
    proposerPriority: field('proposer_priority', readOptional(readInt64, 0n)),
  };
};

/** The list of up to 10,000 validators that the RPC method validators gives, in its order. */
export const validatorSetFromJson: Read<Validator[]> = readList(validatorFromJson, MAX_VALIDATORS);

const readTransactions: Read<Uint8Array[]> = (json, path) =>
  readObject(json, path)(
    'txs',
    readOptional(readList(readBase64(MAX_BLOCK_SIZE), MAX_BLOCK_ITEMS), []),
  );

const readNoEvidence: Read<Uint8Array[]> = (json, path) =>
  readObject(json, path)(
    'evidence',
    readOptional(
      readList<Uint8Array>((item, at) => {
        throw mismatch(at, 'no evidence', item);
      }, MAX_BLOCK_ITEMS),
      [],
    ),
  );

/** A block without evidence. */
export const blockFromJson: Read<Block> = (json, path) => {
  const field = readObject(json, path);
  return {
    header: field('header', headerFromJson),
    transactions: field('data', readTransactions),
    evidence: field('evidence', readNoEvidence),
    lastCommit: field('last_commit', commitFromJson),
  };
};
