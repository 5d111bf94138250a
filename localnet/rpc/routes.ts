/** All methods of CometBFT 0.38's RPC but the three that need a WebSocket, and the events of the localnet. */
import { parseQuery } from '../node/query.ts';
import { chainRoutes } from './chainRoutes.ts';
import type { Environment, Routes } from './environment.ts';
import { eventMessage } from './eventJson.ts';
import { infoRoutes } from './infoRoutes.ts';
import type { RpcService } from './service.ts';
import { txRoutes } from './txRoutes.ts';

export const ROUTES: Routes = { ...infoRoutes, ...chainRoutes, ...txRoutes };

/** The localnet's RPC; its environment but for the address. */
export function localnetService(shared: Omit<Environment, 'address'>): RpcService<Environment> {
  return {
    routes: ROUTES,
    logger: shared.logger,
    environmentAt: (address) => ({ ...shared, address }),
    subscribe: ({ network }, query, tell) =>
      network.events.subscribe(parsed(query), (event, attributes) =>
        tell(eventMessage(query, event, attributes)),
      ),
  };
}

function parsed(query: string) {
  try {
    return parseQuery(query);
  } catch (error) {
    throw new Error(`failed to parse query: ${error instanceof Error ? error.message : error}`);
  }
}
