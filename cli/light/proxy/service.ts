/** The RPC of a verifying proxy: every method of VerifiedRpc, and events of blocks that were verified. */
import {
  UnknownMethodError,
  type VerifiedAnswer,
  VerifiedRpc,
} from '../../../lightclient/rpc/index.ts';
import {
  type Logger,
  type RpcArguments,
  RpcError,
  type RpcService,
  type ServiceRoutes,
} from '../../../localnet/index.ts';
import { toBase64, toHex } from '../../../wire/bytes.ts';
import type { BlockFeed } from './blockFeed.ts';

/** How each parameter is written in the calls that are passed on; all others are texts. */
const INTEGERS = new Set([
  'height',
  'minHeight',
  'maxHeight',
  'page',
  'per_page',
  'limit',
  'chunk',
]);
const FLAGS = new Set(['prove']);
const BASE64 = new Set(['tx', 'hash']);
const HEX = new Set(['data']);
const JSON_VALUES = new Set(['evidence']);
/** Its hash is in hex, unlike those of the other methods. */
const HEX_HASH = 'header_by_hash';

/** What the proxy works with. */
export interface VerifyingProxy {
  readonly rpc: VerifiedRpc;
  readonly feed: BlockFeed;
}

/** What a server serves. */
export function proxyService(proxy: VerifyingProxy, logger: Logger): RpcService<VerifyingProxy> {
  const routes: ServiceRoutes<VerifyingProxy> = Object.fromEntries(
    VerifiedRpc.methods.map((method) => {
      const params = VerifiedRpc.paramsOf(method) ?? [];
      return [
        method,
        {
          params,
          handle: ({ rpc }: VerifyingProxy, args: RpcArguments) =>
            logged(logger, method, () => call(rpc, method, args)),
        },
      ];
    }),
  );
  return {
    routes,
    logger,
    environmentAt: () => proxy,
    subscribe: ({ feed }, query, tell) => feed.subscribe(query, tell),
  };
}

/** Tells of a call, how far its answer is proven, and how long it took. */
async function logged(
  logger: Logger,
  method: string,
  work: () => Promise<VerifiedAnswer>,
): Promise<unknown> {
  const begin = performance.now();
  const tell = (fields: Readonly<Record<string, unknown>>): void =>
    logger.debug(method, { ...fields, ms: Math.round(performance.now() - begin) });
  try {
    const { result, verification } = await work();
    const { subject, proven, height } = verification;
    tell({ ...(subject !== method && { subject }), proven, height: `${height ?? ''}` });
    return result;
  } catch (error) {
    tell({ error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

async function call(rpc: VerifiedRpc, method: string, args: RpcArguments): Promise<VerifiedAnswer> {
  const names = VerifiedRpc.paramsOf(method) ?? [];
  const params = Object.fromEntries(
    names.flatMap((name) => {
      const value = passedOn(method, name, args);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  try {
    return await rpc.call(method, params);
  } catch (error) {
    if (error instanceof UnknownMethodError) throw new RpcError(-32601, 'Method not found');
    if (error instanceof TypeError) throw new RpcError(-32602, 'Invalid params', error.message);
    throw error;
  }
}

function passedOn(method: string, name: string, args: RpcArguments): unknown {
  if (INTEGERS.has(name)) return args.integer(name)?.toString();
  if (FLAGS.has(name)) return args.flag(name);
  if (JSON_VALUES.has(name)) return args.json(name);
  if (HEX.has(name) || method === HEX_HASH) return toHex(args.hexBytes(name));
  if (BASE64.has(name)) return toBase64(args.bytes(name));
  return args.text(name);
}
