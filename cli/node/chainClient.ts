/** What commands ask of a chain through a node's RPC: queries by their protobuf path, accounts, transactions. */
import { COMET_HANDLERS } from '../../chain/api/cometService.ts';
import type { RestBackend } from '../../chain/api/index.ts';
import { type NativeContext, toObject } from '../../chain/api/native.ts';
import { TX_HANDLERS } from '../../chain/api/txService.ts';
import {
  type Descriptors,
  fromJson,
  type JsonObject,
  type JsonValue,
  toJson,
} from '../../chain/descriptors/index.ts';
import { addressesOf } from '../../chain/module/addresses.ts';
import { DEFAULT_PREFIX } from '../../modules/defaults.ts';
import { fromBase64, toBase64, toHex } from '../../wire/bytes.ts';
import {
  readBase64,
  readInteger,
  readObject,
  readOptional,
  readSmallInteger,
} from '../../wire/json/read.ts';
import { CliError } from '../errors.ts';
import { RpcClient } from './rpcClient.ts';

const MAX_VALUE_BYTES = 48 * 1024 * 1024;
const NO_BYTES = new Uint8Array(0);
const NATIVE = new Map([...TX_HANDLERS, ...COMET_HANDLERS]);

export interface ChainClientOptions {
  readonly node: string;
  readonly timeoutMs: number;
  readonly descriptors: Descriptors;
}

export class ChainClient {
  readonly rpc: RpcClient;
  readonly descriptors: Descriptors;

  constructor({ node, timeoutMs, descriptors }: ChainClientOptions) {
    this.rpc = new RpcClient(node, timeoutMs);
    this.descriptors = descriptors;
  }

  /**
   * The answer to a method such as `/cosmos.bank.v1beta1.Query/Balance`, as proto3 JSON.
   * @param height state to read; 0 is the latest
   * @throws CliError when the query fails, TypeError naming the field of a request that is wrong.
   */
  async query(path: string, request: JsonObject, height = 0n): Promise<JsonValue> {
    const method = methodAt(this.descriptors, path);
    const data = fromJson(this.descriptors, method.requestType, request, 'request');
    const native = NATIVE.get(path);
    if (native !== undefined) {
      const complete = toJson(this.descriptors, method.requestType, data);
      return native(this.#nativeContext(), toObject(complete));
    }
    const value = await this.#abciQuery(path, data, height);
    return toJson(this.descriptors, method.responseType, value);
  }

  /** Hands a transaction in once. The answer is CheckTx's alone when `mode` is sync, and nothing when async. */
  async broadcast(tx: Uint8Array, mode: 'sync' | 'async'): Promise<JsonObject> {
    const answer = await this.query('/cosmos.tx.v1beta1.Service/BroadcastTx', {
      tx_bytes: toBase64(tx),
      mode: mode === 'sync' ? 'BROADCAST_MODE_SYNC' : 'BROADCAST_MODE_ASYNC',
    });
    return toObject(toObject(answer).tx_response);
  }

  async #abciQuery(path: string, data: Uint8Array, height: bigint): Promise<Uint8Array> {
    const params = { path, data: toHex(data), height: height.toString(), prove: false };
    const result = await this.rpc.call('abci_query', params);
    const response = readObject(result, 'abci_query')('response', readResponse);
    if (response.code === 0) return response.value;
    throw new CliError(`query failed: ${response.log} (${response.codespace}/${response.code})`);
  }

  #nativeContext(): NativeContext {
    return {
      descriptors: this.descriptors,
      backend: backendOf(this.rpc, (path, data, height) => this.#abciQuery(path, data, height)),
      addresses: addressesOf(DEFAULT_PREFIX),
      application: { name: 'depind', appName: 'depind', version: '' },
    };
  }
}

function methodAt(descriptors: Descriptors, path: string) {
  for (const service of descriptors.services()) {
    const found = service.methods.find((method) => method.path === path);
    if (found !== undefined) return found;
  }
  throw new TypeError(`${path}: no service declares this method`);
}

function backendOf(
  rpc: RpcClient,
  query: (path: string, data: Uint8Array, height: bigint) => Promise<Uint8Array>,
): RestBackend {
  return {
    comet: (method, params) => rpc.call(method, params),
    async query({ path, data, height }) {
      const value = await query(path, data, height);
      const rest = { log: '', info: '', index: 0n, key: NO_BYTES, codespace: '' };
      return { code: 0, value, height, ...rest };
    },
  };
}

function readResponse(json: unknown, path: string) {
  const field = readObject(json, path);
  return {
    code: field('code', readOptional(readSmallInteger(0, 0xffff_ffff), 0)),
    codespace: field('codespace', textOf),
    log: field('log', textOf),
    value: field('value', readOptional(readBase64(MAX_VALUE_BYTES), NO_BYTES)),
    height: field('height', readOptional(readInteger(0n, (1n << 63n) - 1n), 0n)),
  };
}

/** Logs may be longer than texts of consensus data. */
function textOf(json: unknown): string {
  return typeof json === 'string' ? json.slice(0, 10_000) : '';
}

/** The bytes of a base64 text in an answer. */
export function bytesOf(json: JsonValue | undefined): Uint8Array {
  return typeof json === 'string' ? fromBase64(json) : NO_BYTES;
}
