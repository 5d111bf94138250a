/** The WebSocket at /websocket: every RPC method, and subscriptions to events. */
import type { Arguments } from './arguments.ts';
import { internalError, serverError } from './errors.ts';
import { answer, errorText, type RequestId, successText } from './jsonRpc.ts';
import { type RpcService, type ServiceRoute, WEBSOCKET_METHODS } from './service.ts';

/** CometBFT's defaults. */
export const SOCKET_LIMITS = {
  subscribers: 100,
  subscriptionsPerSocket: 5,
  /** Messages waiting to be sent, or requests waiting to be answered. */
  queue: 200,
  queueBytes: 32 * 1024 * 1024,
  pingPeriodMs: 27_000,
};
export type SocketLimits = typeof SOCKET_LIMITS;

/** The part of the ws package's WebSocket that is used here. */
export interface Socket {
  readonly bufferedAmount: number;
  send(data: string, done: (error?: Error) => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
  ping(): void;
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): void;
  on(event: 'close' | 'pong', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
}

/** What sockets serve. */
export interface SocketService<E> {
  readonly service: RpcService<E>;
  readonly environment: E;
}

/** All open sockets of a server. */
export class Sockets<E> {
  readonly #served: SocketService<E>;
  readonly #limits: SocketLimits;
  readonly #open = new Set<SocketSession<E>>();

  constructor(served: SocketService<E>, limits: SocketLimits = SOCKET_LIMITS) {
    this.#served = served;
    this.#limits = limits;
  }

  /** Serves a new socket until it closes. */
  accept(socket: Socket): void {
    const limits = { ...this.#limits, mayJoin: () => this.#mayJoin() };
    const session = new SocketSession(this.#served, socket, limits);
    this.#open.add(session);
    socket.on('close', () => {
      session.end();
      this.#open.delete(session);
    });
  }

  /** Closes every socket with a word why. */
  closeAll(): void {
    for (const session of this.#open) session.goodbye('the node stops');
  }

  #mayJoin(): void {
    const subscribers = [...this.#open].filter((session) => session.subscriptionCount > 0);
    if (subscribers.length < this.#limits.subscribers) return;
    throw new Error(`max_subscription_clients ${this.#limits.subscribers} reached`);
  }
}

class SocketSession<E> {
  readonly #served: SocketService<E>;
  readonly #socket: Socket;
  readonly #limits: SocketLimits & { readonly mayJoin: () => void };
  /** By query: how to end it. */
  readonly #subscriptions = new Map<string, () => void>();
  readonly #pinger: NodeJS.Timeout;
  #requests: Promise<unknown> = Promise.resolve();
  #waitingRequests = 0;
  #unsent = 0;
  #isAlive = true;
  #isClosing = false;

  constructor(
    served: SocketService<E>,
    socket: Socket,
    limits: SocketLimits & { readonly mayJoin: () => void },
  ) {
    this.#served = served;
    this.#socket = socket;
    this.#limits = limits;
    const { logger } = served.service;
    socket.on('message', (data) => this.#receive(data.toString('utf8')));
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    socket.on('error', (error) => logger.debug('a socket failed', { error }));
    this.#pinger = setInterval(() => this.#ping(), limits.pingPeriodMs).unref();
  }

  get subscriptionCount(): number {
    return this.#subscriptions.size;
  }

  end(): void {
    clearInterval(this.#pinger);
    this.#isClosing = true;
    this.#unsubscribeAll();
  }

  goodbye(reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#socket.close(1001, reason);
  }

  #ping(): void {
    if (!this.#isAlive) {
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }

  /** Requests are answered in their order. */
  #receive(text: string): void {
    this.#isAlive = true;
    if (this.#isClosing) return;
    if (++this.#waitingRequests > this.#limits.queue) {
      this.#drop(null, 'too many requests are waiting');
      return;
    }
    this.#requests = this.#requests.then(async () => {
      const { environment } = this.#served;
      const routeOf = (method: string) => this.#routeOf(method, text);
      const reply = await answer({ environment, routeOf }, text);
      this.#waitingRequests--;
      if (reply !== '') this.#send(reply);
    });
  }

  #routeOf(method: string, text: string): ServiceRoute<E> | undefined {
    if (!Object.hasOwn(WEBSOCKET_METHODS, method)) {
      const { routes } = this.#served.service;
      return Object.hasOwn(routes, method) ? routes[method] : undefined;
    }
    const handlers: Readonly<Record<string, (args: Arguments) => unknown>> = {
      subscribe: (args) => this.#subscribe(args.text('query'), idOf(text)),
      unsubscribe: (args) => this.#unsubscribe(args.text('query')),
      unsubscribe_all: () => this.#unsubscribeAll(),
    };
    const handle = handlers[method]!;
    return { params: WEBSOCKET_METHODS[method]!, handle: (_, args) => handle(args) };
  }

  #subscribe(query: string, id: RequestId): object {
    const { subscriptionsPerSocket } = this.#limits;
    if (this.subscriptionCount === 0) this.#limits.mayJoin();
    if (this.subscriptionCount >= subscriptionsPerSocket) {
      throw new Error(`max_subscriptions_per_client ${subscriptionsPerSocket} reached`);
    }
    if (this.#subscriptions.has(query)) throw new Error('already subscribed');
    const { service, environment } = this.#served;
    const end = service.subscribe(environment, query, (result) => {
      this.#send(successText(id, result), id);
    });
    this.#subscriptions.set(query, end);
    return {};
  }

  #unsubscribe(query: string): object {
    const end = this.#subscriptions.get(query);
    if (!end) throw internalError('subscription not found');
    end();
    this.#subscriptions.delete(query);
    return {};
  }

  #unsubscribeAll(): object {
    for (const end of this.#subscriptions.values()) end();
    this.#subscriptions.clear();
    return {};
  }

  #send(text: string, id: RequestId | null = null): void {
    if (this.#isClosing) return;
    const { queue, queueBytes } = this.#limits;
    if (this.#unsent >= queue || this.#socket.bufferedAmount > queueBytes) {
      this.#drop(id, 'subscription was canceled (reason: slow client)');
      return;
    }
    this.#unsent++;
    this.#socket.send(text, () => {
      this.#unsent--;
    });
  }

  /** The last word to a client that does not keep up; it is cut off when even this is not taken. */
  #drop(id: RequestId | null, reason: string): void {
    this.#isClosing = true;
    this.#unsubscribeAll();
    this.#served.service.logger.warn('a socket is closed', { reason });
    this.#socket.send(errorText(id, serverError(reason)), () => undefined);
    this.#socket.close(1008, reason);
    setTimeout(() => this.#socket.terminate(), 1000).unref();
  }
}

/** The id of the request whose events are to carry it. */
function idOf(text: string): RequestId {
  const value: unknown = JSON.parse(text);
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  if (typeof id === 'string' || typeof id === 'number') return id;
  throw internalError('subscribe: expected a request of its own, not one in a batch');
}
