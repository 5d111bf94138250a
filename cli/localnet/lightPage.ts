/** Serves the page of the light client at /light, beside the REST API of a localnet. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { packageRoot } from '../../chain/descriptors/protoPath.ts';
import type { NetworkFile } from '../home.ts';

/** The path at which the page opens. */
export const LIGHT_PATH = '/light/';

/** What a build leaves in `dist/light-page`. */
const FILES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'main.js': 'text/javascript; charset=utf-8',
  'codes.js': 'text/javascript; charset=utf-8',
  'serviceWorker.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};
/** Names that may stand in a header; others get a page that can only ask its own server. */
const HOST_NAME = /^[a-zA-Z0-9.-]{1,253}$/;

/** Where the page finds the chain. */
export interface LightPageOptions {
  readonly chainId: string;
  readonly rpcPort: number;
  readonly witnessPorts: readonly number[];
  /** Where the built page lies. Default: in this package. */
  readonly folder?: string;
}

/** The page once it is served. */
export interface LightPage {
  /** Lets it begin: tells it the header to trust. */
  begin(trust: NetworkFile['trust']): void;
}

/** Adds the routes. They answer 404 when the page was not built, and 503 for its settings until it may begin. */
export async function serveLightPage(
  server: FastifyInstance,
  options: LightPageOptions,
): Promise<LightPage> {
  const { chainId, rpcPort, witnessPorts } = options;
  const files = await readFiles(options.folder ?? join(packageRoot(), 'dist', 'light-page'));
  let trust: NetworkFile['trust'] | undefined;
  server.get('/light', (_, reply) => reply.redirect(LIGHT_PATH));
  server.get<{ Params: { file: string } }>(`${LIGHT_PATH}:file`, ({ params, hostname }, reply) =>
    sendFile(reply, files.get(params.file), policyFor(hostname, options)),
  );
  server.get(LIGHT_PATH, ({ hostname }, reply) =>
    sendFile(reply, files.get('index.html'), policyFor(hostname, options)),
  );
  server.get(`${LIGHT_PATH}config.json`, (_, reply) => {
    if (trust === undefined) return reply.code(503).send('no block yet');
    return reply
      .header('cache-control', 'no-cache')
      .send({ chainId, rpcPort, witnessPorts, trust });
  });
  return {
    begin(header) {
      trust = header;
    },
  };
}

interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

async function readFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const [name, type] of Object.entries(FILES)) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    if (bytes !== undefined) files.set(name, { type, bytes });
  }
  return files;
}

function sendFile(reply: FastifyReply, file: PageFile | undefined, policy: string): FastifyReply {
  if (file === undefined) {
    return reply.code(404).type('text/plain').send('not here: npm run build makes this page\n');
  }
  return reply
    .headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
      'cache-control': 'no-cache',
    })
    .type(file.type)
    .send(file.bytes);
}

/** Nothing from elsewhere is loaded, and nobody is asked but the nodes of this localnet. */
function policyFor(hostname: string, { rpcPort, witnessPorts }: LightPageOptions): string {
  const nodes = HOST_NAME.test(hostname)
    ? [rpcPort, ...witnessPorts].map((port) => `http://${hostname}:${port}`)
    : [];
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self'",
    `connect-src ${["'self'", ...nodes].join(' ')}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
