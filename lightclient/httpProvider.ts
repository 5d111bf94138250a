/** A provider over the JSON-RPC of a CometBFT node. It checks the form of answers and trusts none. */
import { equalBytes, toBase64, toHex } from '../wire/bytes.ts';
import type { EvidenceSpelling } from '../wire/json/evidence.ts';
import type { Read } from '../wire/json/read.ts';
import type { DeterministicTxResult, SignedHeader, Validator } from '../wire/types.ts';
import {
  evidenceHashFromJson,
  queryAnswerFromJson,
  servedHeaderFromJson,
  statusFromJson,
  validatorPageFromJson,
} from './answersJson.ts';
import type { LightClientAttackEvidence } from './evidence/attack.ts';
import { evidenceToJson, hashEvidence } from './evidence/encodeEvidence.ts';
import { callRpc, type Fetch, type RpcEndpoint, readStrictly } from './jsonRpc.ts';
import {
  type EvidenceReceiver,
  type NodeStatus,
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
/** From CometBFT types/evidence.go, LightClientAttackEvidence.ValidateBasic. */
const NO_BLOCK_SEEN = /conflicting block is nil/;

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
    const signedHeader = await this.#ask('commit', params, servedHeaderFromJson);
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
    return this.#ask('validators', params, validatorPageFromJson);
  }

  abciQuery({ path, data, height, prove }: StateQuery): Promise<QueryAnswer> {
    const params = {
      path,
      data: toHex(data),
      prove: prove ?? false,
      ...(height !== undefined && { height: `${height}` }),
    };
    return this.#ask('abci_query', params, queryAnswerFromJson);
  }

  async status(): Promise<NodeStatus> {
    const status = await this.#ask('status', {}, statusFromJson);
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
    const hash = await this.#sendEvidence(evidence);
    const expected = hashEvidence(evidence);
    if (equalBytes(hash, expected)) return;
    throw unexpected('broadcast_evidence.hash', toHex(expected), toHex(hash));
  }

  /** A node of the other version sees no block in it, under a name that it does not know. */
  async #sendEvidence(evidence: LightClientAttackEvidence): Promise<Uint8Array> {
    const send = (spelling: EvidenceSpelling) => {
      const params = { evidence: evidenceToJson(evidence, spelling) };
      return this.#ask('broadcast_evidence', params, evidenceHashFromJson);
    };
    try {
      return await send('CamelCase');
    } catch (error) {
      if (error instanceof ProviderError && NO_BLOCK_SEEN.test(error.message)) {
        return send('snake_case');
      }
      throw error;
    }
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
