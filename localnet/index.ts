/**
 * The validator harness: runs any ABCI application as a network of validators in one process, with real
 * CometBFT 0.38 headers, votes and commits, and serves CometBFT's RPC. `initLocalnet` writes the files of a
 * new network, `Localnet.start` runs it. Network and clock are simulated, everything that is hashed or signed
 * is not.
 * @module
 */
export { DEFAULT_CONSENSUS_PARAMS } from './consensus/params.ts';
export type { ValidatorKey } from './consensus/signer.ts';
export {
  type GenesisDocument,
  type GenesisValidator,
  genesisToText,
  parseGenesis,
  readGenesis,
} from './genesis.ts';
export {
  initLocalnet,
  makeValidatorKeys,
  type NodePaths,
  nodePaths,
  readValidatorKeys,
  type ValidatorKeys,
} from './init.ts';
export { Localnet } from './localnet.ts';
export { type Logger, silentLogger } from './logger.ts';
export { HaltError } from './node/halt.ts';
export type { ReplayProgress } from './node/handshake.ts';
export { MempoolError } from './node/mempool.ts';
export {
  type Condition as EventCondition,
  eventsMatch,
  parseQuery as parseEventQuery,
} from './node/query.ts';
export type { BlockSummary, LocalnetOptions } from './options.ts';
export type { Arguments as RpcArguments } from './rpc/arguments.ts';
export { RpcError } from './rpc/errors.ts';
export { type RpcServer, startRpcServer } from './rpc/server.ts';
export type { RpcService, ServiceRoutes } from './rpc/service.ts';
