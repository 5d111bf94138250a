/** What an RPC server serves, whoever answers: the localnet, or a proxy that verifies what another node says. */
import type { Logger } from '../logger.ts';
import type { Arguments } from './arguments.ts';

/** One RPC method: the names of its parameters in CometBFT's order, and what it does. */
export interface ServiceRoute<E> {
  readonly params: readonly string[];
  readonly handle: (environment: E, args: Arguments) => unknown;
}

export type ServiceRoutes<E> = Readonly<Record<string, ServiceRoute<E>>>;

/** Methods over HTTP and WebSocket, and events for those who subscribe over a WebSocket. */
export interface RpcService<E> {
  readonly routes: ServiceRoutes<E>;
  readonly logger: Logger;
  /** What the handlers work with; the address, "host:port", is known once the server listens. */
  environmentAt(address: string): E;
  /**
   * Tells of events that fit the query, each as the result of a message, until the function that it returns is called.
   * @throws Error for a query that is not served.
   */
  subscribe(environment: E, query: string, tell: (result: object) => void): () => void;
}

/** The methods that only a WebSocket has, with their parameters. */
export const WEBSOCKET_METHODS: Readonly<Record<string, readonly string[]>> = {
  subscribe: ['query'],
  unsubscribe: ['query'],
  unsubscribe_all: [],
};
