/** A provider over the JSON-RPC of a CometBFT node. It checks the form of answers and trusts none. */
import { equalBytes, toBase64, toHex } from '../wire/bytes.ts';
import { MAX_VALIDATORS } from '../wire/commit.ts';
import { MAX_PROOF_BYTES } from '../wire/ics23/index.ts';
import { signedHeaderFromJson, validatorSetFromJson } from '../wire/json/decode.ts';
import {
  mismatch,
  type Read,
  readBase64,
  readInteger,
  readList,
  readObject,
  readOptional,
  readSmallInteger,
  readText,
  readTime,
} from '../wire/json/read.ts';
import type { DeterministicTxResult, SignedHeader, Validator } from '../wire/types.ts';
import type { LightClientAttackEvidence } from './evidence/attack.ts';
import { evidenceToJson, hashEvidence } from './evidence/encodeEvidence.ts';
import { callRpc, type Fetch, type RpcEndpoint, readStrictly } from './jsonRpc.ts';
import {
  type EvidenceReceiver,
  type NodeStatus,
  type ProofOp,
  type Provider,
  ProviderError,
  type QueryAnswer,
  type RpcCaller,
  type ServedTransaction,
  type StateQuery,
  type TransactionSource,
} from './provider.ts';
import { servedTransactionFromJson, txResultsFromJson } from './transactionJson.ts';

const PER_PAGE = 100;
/** As CometBFT's own light client: whole sets fit, and pages of one validator each do not keep it busy for hours. */
const MAX_PAGES = 100;
const MAX_PROOF_OPS = 8;
const MAX_LOG_LENGTH = 100_000;
const NO_BYTES = new Uint8Array(0);

/** How to reach a node. */
export interface HttpProviderOptions {
  /** For example http://localhost:26657; `tcp://` and a missing scheme mean http. */
  readonly url: string;
  /** Headers and statuses of another chain are refused. */
  readonly chainId: string;
  /** For the whole of one answer. @default 5000 */
  readonly timeoutMs?: number | undefined;
  /** @default 10_000_000 */
  readonly maxResponseBytes?: number | undefined;
  /**
   * Whether to go where the node sends on to: on a server that may be a machine inside its network.
   * @default 'error', which takes it for unreachable
   */
  readonly redirect?: 'error' | 'follow' | undefined;
  /** @default the global fetch */
  readonly fetch?: Fetch | undefined;
}

/**
 * A full node's RPC as a Provider.
 *
 * @example
 * const provider = new HttpProvider({ url: 'http://localhost:26657', chainId: 'depind-localnet-1' });
 * const { latestHeight } = await provider.status();
 */
export class HttpProvider implements Provider, TransactionSource, EvidenceReceiver, RpcCaller {
  readonly #endpoint: RpcEndpoint;
  readonly #chainId: string;

  /** @throws TypeError for a url that is not one of http or https. */
  constructor(options: HttpProviderOptions) {
    this.#chainId = options.chainId;
    this.#endpoint = {
      url: endpointUrl(options.url),
      fetch: options.fetch ?? ((url, request) => fetch(url, request)),
      timeoutMs: options.timeoutMs ?? 5_000,
      maxResponseBytes: options.maxResponseBytes ?? 10_000_000,
      redirect: options.redirect ?? 'error',
    };
  }

  async signedHeader(height?: bigint): Promise<SignedHeader> {
    const params = height === undefined ? {} : { height: `${height}` };
    const read = fieldReader('signed_header', signedHeaderFromJson);
    const signedHeader = await this.#ask('commit', params, read);
    const { header } = signedHeader;
    this.#checkChain(header.chainId, 'commit.signed_header.header.chain_id');
    if (height !== undefined && header.height !== height) {
      throw unexpected('commit.signed_header.header.height', `${height}`, `${header.height}`);
    }
    return signedHeader;
  }

  async validators(height: bigint): Promise<readonly Validator[]> {
    const validators: Validator[] = [];
    for (let page = 1; ; page++) {
      const { items, total } = await this.#validatorPage(height, page);
      validators.push(...items);
      if (validators.length === total) return validators;
      if (items.length === 0 || validators.length > total || page === MAX_PAGES) {
        throw unexpected('validators', `${total} in all`, `${validators.length}`);
      }
    }
  }

  #validatorPage(height: bigint, page: number) {
    const params = { height: `${height}`, page: `${page}`, per_page: `${PER_PAGE}` };
    return this.#ask('validators', params, readValidatorPage);
  }

  abciQuery({ path, data, height, prove }: StateQuery): Promise<QueryAnswer> {
    const params = {
      path,
      data: toHex(data),
      prove: prove ?? false,
      ...(height !== undefined && { height: `${height}` }),
    };
    return this.#ask('abci_query', params, fieldReader('response', readQueryAnswer));
  }

  async status(): Promise<NodeStatus> {
    const status = await this.#ask('status', {}, readStatus);
    this.#checkChain(status.chainId, 'status.node_info.network');
    return status;
  }

  transaction(hash: Uint8Array): Promise<ServedTransaction> {
    return this.#ask('tx', { hash: toBase64(hash), prove: true }, servedTransactionFromJson);
  }

  async txResults(height: bigint): Promise<readonly DeterministicTxResult[]> {
    const served = await this.#ask('block_results', { height: `${height}` }, txResultsFromJson);
    if (served.height === height) return served.results;
    throw unexpected('block_results.height', `${height}`, `${served.height}`);
  }

  async reportEvidence(evidence: LightClientAttackEvidence): Promise<void> {
    const params = { evidence: evidenceToJson(evidence) };
    const hash = await this.#ask('broadcast_evidence', params, fieldReader('hash', readHash));
    const expected = hashEvidence(evidence);
    if (equalBytes(hash, expected)) return;
    throw unexpected('broadcast_evidence.hash', toHex(expected), toHex(hash));
  }

  call(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    return callRpc(this.#endpoint, method, params);
  }

  async #ask<T>(method: string, params: Parameters<RpcCaller['call']>[1], read: Read<T>) {
    const result = await this.call(method, params);
    return readStrictly(() => read(result, method));
  }

  #checkChain(chainId: string, path: string): void {
    if (chainId === this.#chainId) return;
    throw unexpected(path, JSON.stringify(this.#chainId), JSON.stringify(chainId));
  }
}

function unexpected(path: string, expected: string, got: string): ProviderError {
  return new ProviderError('badResponse', `${path}: expected ${expected}, got ${got}`);
}

function endpointUrl(text: string): string {
  const withScheme = text.includes('://') ? text.replace(/^tcp:/, 'http:') : `http://${text}`;
  let url: URL | undefined;
  try {
    url = new URL(withScheme);
  } catch {
    url = undefined;
  }
  const isUsable = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '';
  if (url !== undefined && isUsable) return url.href;
  // The text may hold a password: it is not repeated.
  throw new TypeError('url: expected http(s)://host:port without a user name, got another text');
}

/** Reads one field of an object. */
function fieldReader<T>(name: string, read: Read<T>): Read<T> {
  return (json, path) => readObject(json, path)(name, read);
}

const readValidatorPage: Read<{ readonly items: Validator[]; readonly total: number }> = (
  json,
  path,
) => {
  const field = readObject(json, path);
  return {
    items: field('validators', validatorSetFromJson),
    total: field('total', readSmallInteger(1, MAX_VALIDATORS)),
  };
};

const readHeight = readInteger(0n, (1n << 63n) - 1n);

const readHash = readBase64(32);

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

const readStatus: Read<NodeStatus> = (json, path) => {
  const field = readObject(json, path);
  return {
    chainId: field('node_info', fieldReader('network', readText)),
    ...field('sync_info', readSyncInfo),
  };
};
