/** What the RPC's handlers see of the localnet. */
import type { GenesisDocument } from '../genesis.ts';
import type { Logger } from '../logger.ts';
import type { Network } from '../node/network.ts';
import type { ValidatorNode } from '../node/validatorNode.ts';
import type { ServiceRoutes } from './service.ts';

/** The CometBFT release whose RPC this is: clients choose their decoder by it. */
export const NODE_VERSION = '0.38.22';
export const P2P_PROTOCOL = '8';

export interface Environment {
  readonly network: Network;
  /** Whose application answers queries, and whom the status is of; transactions enter at the first node. */
  readonly node: ValidatorNode;
  readonly genesis: GenesisDocument;
  readonly logger: Logger;
  /** "host:port" that the RPC listens on. */
  readonly address: string;
  /** How long broadcast_tx_commit waits for a block. */
  readonly commitTimeoutMs: number;
  /** Milliseconds since the localnet started. */
  uptimeMs(): number;
}

export type Routes = ServiceRoutes<Environment>;
