/** What a CometBFT node's RPC answers, read strictly: its status, commits, validators and queries. Nothing is verified. */
import { MAX_VALIDATORS } from '../wire/commit.ts';
import { MAX_PROOF_BYTES } from '../wire/ics23/index.ts';
import { readHeight, signedHeaderFromJson, validatorSetFromJson } from '../wire/json/decode.ts';
import {
  mismatch,
  type Read,
  readBase64,
  readList,
  readObject,
  readOptional,
  readSmallInteger,
  readText,
  readTime,
} from '../wire/json/read.ts';
import type { SignedHeader, Validator } from '../wire/types.ts';
import type { NodeStatus, ProofOp, QueryAnswer } from './provider.ts';

const MAX_PROOF_OPS = 8;
const MAX_LOG_LENGTH = 100_000;
const NO_BYTES = new Uint8Array(0);

/** One page of a validator set, and of how many the set is. */
export interface ValidatorPage {
  readonly items: readonly Validator[];
  readonly total: number;
}

/** Reads one field of an object. */
function fieldReader<T>(name: string, read: Read<T>): Read<T> {
  return (json, path) => readObject(json, path)(name, read);
}

/** The answer of `commit`. */
export const servedHeaderFromJson: Read<SignedHeader> = /* @__PURE__ */ fieldReader(
  'signed_header',
  signedHeaderFromJson,
);

/** The answer of `validators`. */
export const validatorPageFromJson: Read<ValidatorPage> = (json, path) => {
  const field = readObject(json, path);
  return {
    items: field('validators', validatorSetFromJson),
    total: field('total', readSmallInteger(1, MAX_VALIDATORS)),
  };
};

const readLog: Read<string> = (json, path) => {
  if (typeof json === 'string' && json.length <= MAX_LOG_LENGTH) return json;
  throw mismatch(path, `a text of up to ${MAX_LOG_LENGTH} characters`, json);
};

const readProofOp: Read<ProofOp> = (json, path) => {
  const field = readObject(json, path);
  return {
    type: field('type', readText),
    key: field('key', readOptional(readBase64(MAX_PROOF_BYTES), NO_BYTES)),
    data: field('data', readOptional(readBase64(MAX_PROOF_BYTES), NO_BYTES)),
  };
};

const readProofOps = /* @__PURE__ */ fieldReader(
  'ops',
  readOptional(readList(readProofOp, MAX_PROOF_OPS), []),
);

const readQueryAnswer: Read<QueryAnswer> = (json, path) => {
  const field = readObject(json, path);
  return {
    code: field('code', readOptional(readSmallInteger(0, 0xffff_ffff), 0)),
    codespace: field('codespace', readOptional(readText, '')),
    log: field('log', readOptional(readLog, '')),
    key: field('key', readOptional(readBase64(MAX_PROOF_BYTES), NO_BYTES)),
    value: field('value', readOptional(readBase64(MAX_PROOF_BYTES), NO_BYTES)),
    height: field('height', readOptional(readHeight, 0n)),
    proofOps: field('proofOps', readOptional(readProofOps, []), 'proof_ops'),
  };
};

/** The answer of `abci_query`. */
export const queryAnswerFromJson: Read<QueryAnswer> = /* @__PURE__ */ fieldReader(
  'response',
  readQueryAnswer,
);

/** The answer of `broadcast_evidence`: the hash of what the node took. */
export const evidenceHashFromJson: Read<Uint8Array> = /* @__PURE__ */ fieldReader(
  'hash',
  readBase64(32),
);

const readBoolean: Read<boolean> = (json, path) => {
  if (typeof json === 'boolean') return json;
  throw mismatch(path, 'true or false', json);
};

const readSyncInfo: Read<Omit<NodeStatus, 'chainId'>> = (json, path) => {
  const field = readObject(json, path);
  return {
    latestHeight: field('latest_block_height', readHeight),
    latestTime: field('latest_block_time', readTime),
    isCatchingUp: field('catching_up', readBoolean),
  };
};

/** The answer of `status`. */
export const statusFromJson: Read<NodeStatus> = (json, path) => {
  const field = readObject(json, path);
  return {
    chainId: field('node_info', fieldReader('network', readText)),
    ...field('sync_info', readSyncInfo),
  };
};
