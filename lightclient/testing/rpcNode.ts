/** A node's RPC on a port, which answers as a test wants. */
import { strict as assert } from 'node:assert';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpProvider, type HttpProviderOptions } from '../httpProvider.ts';
import { ProviderError, type ProviderReason } from '../provider.ts';
import { CHAIN_ID } from './chain.ts';

/** The parameters of a call. */
export type Params = Readonly<Record<string, unknown>>;

/** Gives what stands beside `jsonrpc` and `id`, or undefined when it has answered itself, or does not. */
export type Handler = (method: string, params: Params, response: ServerResponse) => unknown;

/** A server for the calls of an HttpProvider. */
export class RpcNode {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  handler: Handler = () => undefined;

  /** Listens on a free port. */
  start(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Who asks it. */
  provider(change: Partial<HttpProviderOptions> = {}): HttpProvider {
    const { port } = this.#server.address() as AddressInfo;
    return new HttpProvider({ url: `127.0.0.1:${port}`, chainId: CHAIN_ID, ...change });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { id, method, params } = JSON.parse(text);
    const result = this.handler(method, params, response);
    if (result === undefined) return;
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...(result as object) }));
  }
}

/** That work fails with a ProviderError of a reason, whose message has a text. */
export async function fails(
  work: Promise<unknown>,
  reason: ProviderReason,
  text: RegExp,
): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof ProviderError);
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, text);
    return true;
  });
}
