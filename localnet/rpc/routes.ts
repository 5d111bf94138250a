/** All methods of CometBFT 0.38's RPC but the three that need a WebSocket, which stand in websocket.ts. */
import { chainRoutes } from './chainRoutes.ts';
import type { Routes } from './environment.ts';
import { infoRoutes } from './infoRoutes.ts';
import { txRoutes } from './txRoutes.ts';

export const ROUTES: Routes = { ...infoRoutes, ...chainRoutes, ...txRoutes };

/** The methods that only a WebSocket has, with their parameters. */
export const WEBSOCKET_METHODS: Readonly<Record<string, readonly string[]>> = {
  subscribe: ['query'],
  unsubscribe: ['query'],
  unsubscribe_all: [],
};
