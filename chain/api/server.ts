/** The REST server: every route comes from an annotation in a `.proto` text. */
import cors from '@fastify/cors';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { type JsonValue, toJson } from '../descriptors/index.ts';
import { COMET_HANDLERS } from './cometService.ts';
import { indexPage, openApi } from './documentation.ts';
import { type NativeContext, toObject } from './native.ts';
import { buildRequest, type HttpInput } from './request.ts';
import { type RestRoute, restRoutes } from './routes.ts';
import { queryError, RestError } from './status.ts';
import { TX_HANDLERS } from './txService.ts';

/** Largest request body, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Longest part of a path, in characters; Node itself bounds the whole request line with the headers. */
const MAX_PATH_PART = 2048;
const HEIGHT_HEADER = 'x-cosmos-block-height';
const ANSWERED_HEIGHT_HEADER = 'Grpc-Metadata-X-Cosmos-Block-Height';
const MAX_HEIGHT = 2n ** 63n - 1n;
const NATIVE_HANDLERS = new Map([...TX_HANDLERS, ...COMET_HANDLERS]);

export interface RestOptions extends NativeContext {
  /** Paths of the methods that the application answers, such as `/cosmos.bank.v1beta1.Query/Balance`. */
  readonly services: Iterable<string>;
  /** Default: no log. */
  readonly logger?: FastifyBaseLogger;
  /** Lets pages of any origin call. Default false. */
  readonly cors?: boolean;
}

/**
 * A server that does not listen yet: `await server.listen({ port })`.
 * @throws Error naming a served method that no `.proto` text declares.
 */
export function createRestServer(options: RestOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: MAX_BODY_BYTES,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: MAX_PATH_PART },
    frameworkErrors: (error, _request, reply) => {
      sendError(reply, new RestError('InvalidArgument', error.message));
    },
    ...(options.logger ? { loggerInstance: options.logger } : {}),
  });
  readBodiesAsJson(server);
  if (options.cors) {
    server.register(cors, { origin: '*', exposedHeaders: [ANSWERED_HEIGHT_HEADER] });
  }
  const routes = restRoutes(
    options.descriptors,
    new Set([...options.services, ...NATIVE_HANDLERS.keys()]),
  );
  for (const route of routes) {
    server.route({
      method: route.method,
      url: route.path.pattern,
      handler: (request, reply) => handle(options, route, { request, reply }),
    });
  }
  addDocumentation(server, options, routes);
  answerErrors(server);
  return server;
}

/** As grpc-gateway, whatever the content type says. */
function readBodiesAsJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(body.toString()));
    } catch (cause) {
      done(new RestError('InvalidArgument', 'body: expected JSON', { cause }));
    }
  });
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function handle(
  options: RestOptions,
  route: RestRoute,
  { request, reply }: Exchange,
): Promise<FastifyReply> {
  const height = requestedHeight(request.headers[HEIGHT_HEADER]);
  const data = buildRequest(options.descriptors, route, inputOf(request));
  const native = NATIVE_HANDLERS.get(route.rpc.path);
  if (native !== undefined) {
    const message = toJson(options.descriptors, route.rpc.requestType, data);
    return sendJson(reply, await native(options, toObject(message)));
  }
  const answer = await options.backend.query({ path: route.rpc.path, data, height, prove: false });
  if (answer.code !== 0) throw queryError(answer);
  reply.header(ANSWERED_HEIGHT_HEADER, answer.height.toString());
  return sendJson(reply, toJson(options.descriptors, route.rpc.responseType, answer.value));
}

function inputOf(request: FastifyRequest): HttpInput {
  return {
    params: request.params as Readonly<Record<string, string>>,
    query: request.query as Readonly<Record<string, string | readonly string[]>>,
    body: request.body,
  };
}

function requestedHeight(header: string | readonly string[] | undefined): bigint {
  if (header === undefined) return 0n;
  const height = typeof header === 'string' && /^\d{1,19}$/.test(header) ? BigInt(header) : -1n;
  if (height < 0n || height > MAX_HEIGHT) {
    throw new RestError('InvalidArgument', `${HEIGHT_HEADER}: expected a height, got "${header}"`);
  }
  return height;
}

function sendJson(reply: FastifyReply, json: JsonValue): FastifyReply {
  // As bytes, since text would get a charset that JSON has not.
  return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(json)));
}

function sendError(reply: FastifyReply, error: RestError, httpStatus = error.httpStatus) {
  return sendJson(reply.code(httpStatus), error.body);
}

function addDocumentation(
  server: FastifyInstance,
  { descriptors }: RestOptions,
  routes: readonly RestRoute[],
): void {
  const page = indexPage(routes);
  const description = JSON.stringify(openApi(descriptors, routes));
  server.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  server.get('/openapi.json', (_request, reply) =>
    reply.type('application/json').send(description),
  );
}

function answerErrors(server: FastifyInstance): void {
  server.setNotFoundHandler((_request, reply) =>
    sendError(reply, new RestError('Unimplemented', 'Not Implemented')),
  );
  server.setErrorHandler((thrown: unknown, request, reply) => {
    if (thrown instanceof RestError) return sendError(reply, thrown);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const httpStatus = clientStatus(thrown);
    if (httpStatus !== undefined) {
      return sendError(reply, new RestError('InvalidArgument', message), httpStatus);
    }
    request.log.error(thrown);
    return sendError(reply, new RestError('Internal', message));
  });
}

/** The 4xx status of a request that the web server itself refused, such as a body over the limit. */
function clientStatus(thrown: unknown): number | undefined {
  const status = (thrown as { readonly statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
