/** What a stranger's client can ask of a node: CometBFT's JSON-RPC over HTTP, decoded by CosmJS. */

import type { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { Comet38Client, type RpcClient } from '@cosmjs/tendermint-rpc';
import { fromHex, toHex } from '../../wire/bytes.ts';
import { linkedAbort } from './linkedAbort.ts';

/** A node that does not answer in this time is taken to be away. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

interface Encoder<T> {
  encode(message: T, writer?: BinaryWriter): { finish(): Uint8Array };
}
interface Decoder<T> {
  decode(input: BinaryReader | Uint8Array, length?: number): T;
}

/** A method of a generated `QueryDefinition`. */
export interface QueryMethod<Request, Response> {
  readonly name: string;
  readonly requestType: Encoder<Request>;
  readonly responseType: Decoder<Response>;
}

/** What the chain says when it refuses: a query, or a transaction. */
export class ChainRefusal extends Error {
  override readonly name = 'ChainRefusal';
  readonly codespace: string;
  readonly code: number;

  constructor(codespace: string, code: number, log: string) {
    super(log);
    this.codespace = codespace;
    this.code = code;
  }

  /** `devices/8: report sequence was used before`: the fixed words of the error without its detail. */
  get reason(): string {
    return `${this.codespace}/${this.code}: ${this.message.split(': ').at(-1)}`;
  }
}

/** A transaction in a block. */
export interface IncludedTx {
  readonly height: number;
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly data: Uint8Array;
  readonly gasUsed: bigint;
  readonly events: readonly {
    readonly type: string;
    readonly attributes: readonly { readonly key: string; readonly value: string }[];
  }[];
}

/** Every method rejects with an Error when the node is away or answers nonsense, and at once when the signal is raised. */
export class ChainClient {
  readonly #comet: Comet38Client;

  constructor(rpcUrl: string, signal: AbortSignal) {
    this.#comet = Comet38Client.create(httpClient(rpcUrl, signal));
  }

  /** Chain id and height of the newest block. */
  async status(): Promise<{ readonly chainId: string; readonly height: number }> {
    const { nodeInfo, syncInfo } = await this.#comet.status();
    return { chainId: nodeInfo.network, height: syncInfo.latestBlockHeight };
  }

  /** Calls a query of a module. @throws ChainRefusal when the module refuses it. */
  async query<Request, Response>(
    service: { readonly fullName: string },
    method: QueryMethod<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const data = method.requestType.encode(request).finish();
    const answer = await this.#comet.abciQuery({
      path: `/${service.fullName}/${method.name}`,
      data,
      prove: false,
    });
    const { code = 0, codespace, log = '' } = answer;
    if (code !== 0) throw new ChainRefusal(codespace, code, log);
    return method.responseType.decode(answer.value);
  }

  /** Hands in a transaction; gives its hash. @throws ChainRefusal when the node's check refuses it. */
  async broadcast(tx: Uint8Array): Promise<string> {
    const { code, codespace = '', log = '', hash } = await this.#comet.broadcastTxSync({ tx });
    if (code !== 0) throw new ChainRefusal(codespace, code, log);
    return toHex(hash);
  }

  /** The transaction when it is in a block, undefined when the node knows none. */
  async find(hash: string): Promise<IncludedTx | undefined> {
    try {
      const { height, result } = await this.#comet.tx({ hash: fromHex(hash) });
      const { code, codespace = '', log = '', data = new Uint8Array(0), gasUsed, events } = result;
      return { height, code, codespace, log, data, gasUsed, events };
    } catch (error) {
      if (error instanceof Error && error.message.includes('not found')) return undefined;
      throw error;
    }
  }
}

/** CosmJS' own client cannot be interrupted, and reads answers of any size. */
function httpClient(rpcUrl: string, signal: AbortSignal): RpcClient {
  return {
    disconnect: () => undefined,
    async execute(request) {
      const answer: unknown = JSON.parse(await post(rpcUrl, JSON.stringify(request), signal));
      if (typeof answer !== 'object' || answer === null) {
        throw new TypeError(`${request.method}: expected a JSON object, got ${typeof answer}`);
      }
      if ('error' in answer) throw new Error(`${request.method}: ${JSON.stringify(answer.error)}`);
      if (!('result' in answer)) throw new TypeError(`${request.method}: expected a result`);
      return { jsonrpc: '2.0', id: request.id, result: answer.result };
    },
  };
}

async function post(url: string, body: string, stopping: AbortSignal): Promise<string> {
  const request = linkedAbort(stopping);
  const timer = setTimeout(() => {
    request.abort(new DOMException(`no answer in ${REQUEST_TIMEOUT_MS} ms`, 'TimeoutError'));
  }, REQUEST_TIMEOUT_MS);
  try {
    const headers = { 'content-type': 'application/json' };
    const { signal } = request;
    return await boundedText(await fetch(url, { method: 'POST', headers, body, signal }));
  } finally {
    clearTimeout(timer);
    request.release();
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_RESPONSE_BYTES) {
      throw new RangeError(`response: expected at most ${MAX_RESPONSE_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
