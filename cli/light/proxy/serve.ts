/** A verifying RPC on a port. */
import type { LightClient } from '../../../lightclient/index.ts';
import { sdkQueries } from '../../../lightclient/queries/index.ts';
import { type UnprovenPolicy, VerifiedRpc } from '../../../lightclient/rpc/index.ts';
import { type Logger, startRpcServer } from '../../../localnet/index.ts';
import { depindQueries } from '../../../modules/provenQueries.ts';
import type { ProvenQueries } from '../../../wire/provenQuery.ts';
import { BlockFeed } from './blockFeed.ts';
import { proxyService } from './service.ts';

const LOOK_INTERVAL_MS = 1_000;

export interface ServeOptions {
  readonly client: LightClient;
  readonly listen: Parameters<typeof startRpcServer>[0];
  readonly unproven: UnprovenPolicy;
  /** Told of every call and of every new block, at level debug. */
  readonly logger: Logger;
  /** Told when the newest block cannot be verified. */
  readonly onError: (error: unknown) => void;
}

export interface ServedProxy {
  readonly url: string;
  /** The newest block that was verified; 0 before the first. */
  height(): bigint;
  close(): Promise<void>;
}

/** Listens. @throws Error naming the port when it is in use. */
export async function serveProxy(options: ServeOptions): Promise<ServedProxy> {
  const { client, listen, unproven, onError, logger } = options;
  const rpc = new VerifiedRpc({ client, unproven, queries: allQueries() });
  let height = 0n;
  const onHeight = (newest: bigint): void => {
    height = newest;
    logger.debug('verified', { height: `${newest}` });
  };
  const feed = new BlockFeed({ rpc, intervalMs: LOOK_INTERVAL_MS, onError, onHeight });
  const server = await startRpcServer(listen, proxyService({ rpc, feed }, logger));
  feed.start();
  return {
    url: server.url,
    height: () => height,
    async close() {
      feed.stop();
      await server.close();
    },
  };
}

/** Of other chains' modules only the SDK's layout in the store is relied on; depind's run as they are. */
function allQueries(): ProvenQueries {
  const own = depindQueries();
  return (path) => sdkQueries(path) ?? (path.startsWith('/depin.') ? own(path) : undefined);
}
