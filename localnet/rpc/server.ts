/** CometBFT's RPC over HTTP: JSON-RPC by POST at /, one path for each method by GET, a WebSocket, an index. */
import cors from '@fastify/cors';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { uriArguments } from './arguments.ts';
import { invalidRequest, methodNotFound, rpcErrorOf } from './errors.ts';
import { answer, errorText, successText } from './jsonRpc.ts';
import { type RpcService, type ServiceRoute, WEBSOCKET_METHODS } from './service.ts';
import { type Socket, Sockets } from './websocket.ts';

/** CometBFT's defaults. */
const MAX_BODY_BYTES = 1_000_000;
const MAX_CONNECTIONS = 900;
const READ_TIMEOUT_MS = 10_000;
/** How often connections are looked at for these timeouts. */
const CHECK_INTERVAL_MS = 2000;
/** The id of answers to GET requests, which carry none. */
const NO_ID = -1;
const JSON_TYPE = 'application/json; charset=utf-8';

export interface RpcServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Where a server listens, and to how many. */
export interface RpcListen {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Connections at a time, WebSockets included; 0 sets no limit. @default 900 */
  readonly maxConnections?: number;
}

/**
 * Listens.
 * @throws Error naming the port when it is in use.
 */
export async function startRpcServer<E>(
  listen: RpcListen,
  service: RpcService<E>,
): Promise<RpcServer> {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    logger: false,
    forceCloseConnections: true,
    requestTimeout: READ_TIMEOUT_MS,
    http: { headersTimeout: READ_TIMEOUT_MS, connectionsCheckingInterval: CHECK_INTERVAL_MS },
  });
  const { maxConnections = MAX_CONNECTIONS } = listen;
  if (maxConnections > 0) app.server.maxConnections = maxConnections;
  // Handlers see the port that was taken, which is known only after listening.
  let environment: E | undefined;
  const current = (): E => environment ?? service.environmentAt(`${listen.host}:${listen.port}`);
  let sockets: Sockets<E> | undefined;
  await app.register(cors, { origin: true });
  await app.register(websocket, { options: { maxPayload: MAX_BODY_BYTES } });
  addPost(app, service, current);
  addGets(app, service, current);
  app.get('/websocket', { websocket: true }, (socket: Socket) => {
    sockets ??= new Sockets({ service, environment: current() });
    sockets.accept(socket);
  });
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).type('text/plain').send('404 page not found\n'),
  );
  const address = await listenAt(app, listen);
  environment = service.environmentAt(address);
  return {
    url: `http://${address}`,
    async close() {
      sockets?.closeAll();
      await app.close();
    },
  };
}

async function listenAt(app: FastifyInstance, { host, port }: RpcListen): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EADDRINUSE') throw new Error(`RPC port ${port} is in use`, { cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`RPC cannot listen on ${host}:${port}: ${reason}`, { cause });
  }
  const bound = app.server.address();
  const taken = typeof bound === 'object' && bound !== null ? bound.port : port;
  return `${host.includes(':') ? `[${host}]` : host}:${taken}`;
}

function addPost<E>(app: FastifyInstance, { routes }: RpcService<E>, current: () => E): void {
  const routeOf = (method: string) => (Object.hasOwn(routes, method) ? routes[method] : undefined);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
  app.setErrorHandler((error: Error, _, reply) => {
    const status = 'statusCode' in error && error.statusCode === 413 ? 413 : 400;
    const reason = `error reading request body: ${error.message}`;
    return reply
      .code(status)
      .type(JSON_TYPE)
      .send(errorText(null, invalidRequest(reason)));
  });
  app.post('/', async (request, reply) => {
    const text = typeof request.body === 'string' ? request.body : '';
    if (text === '') return sendIndex(reply, request.host, routes);
    const answering = { environment: current(), routeOf };
    return reply.type(JSON_TYPE).send(await answer(answering, text));
  });
}

function addGets<E>(app: FastifyInstance, { routes }: RpcService<E>, current: () => E): void {
  app.get('/', (request, reply) => sendIndex(reply, request.host, routes));
  for (const [method, route] of Object.entries(routes)) {
    app.get(`/${method}`, async (request, reply) => {
      const query = new URL(request.url, 'http://localhost').searchParams;
      return answerGet(reply, () => route.handle(current(), uriArguments(query)));
    });
  }
  for (const method of Object.keys(WEBSOCKET_METHODS)) {
    app.get(`/${method}`, (_, reply) =>
      reply.code(404).type(JSON_TYPE).send(errorText(NO_ID, methodNotFound())),
    );
  }
}

async function answerGet(reply: FastifyReply, call: () => unknown): Promise<FastifyReply> {
  reply.type(JSON_TYPE);
  try {
    const result: unknown = await call();
    return reply.send(successText(NO_ID, result));
  } catch (error) {
    return reply.code(500).send(errorText(NO_ID, rpcErrorOf(error)));
  }
}

type Listed = Readonly<Record<string, Pick<ServiceRoute<never>, 'params'>>>;

function sendIndex(reply: FastifyReply, host: string, routes: Listed): FastifyReply {
  const base = `//${escapeHtml(host)}`;
  const links = Object.entries(routes).map(([method, { params }]) => {
    const query = params.length === 0 ? '' : `?${params.map((name) => `${name}=_`).join('&amp;')}`;
    const link = `${base}/${method}${query}`;
    return `<li><a href="${link}">${link}</a></li>`;
  });
  const page =
    '<!doctype html><html><head><meta charset="utf-8"><title>RPC</title></head><body>' +
    `<h1>Available endpoints</h1><ul>${links.sort().join('')}</ul>` +
    `<p>Subscriptions: WebSocket at ${base}/websocket</p></body></html>`;
  return reply.type('text/html; charset=utf-8').send(page);
}

/** The Host header is the client's own text. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
