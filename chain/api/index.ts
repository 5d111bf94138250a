/**
 * The REST API of a chain, as grpc-gateway serves it for the Cosmos SDK: routes, requests and answers are derived
 * from the `.proto` texts. Queries go to the application, transactions and blocks come from CometBFT's RPC.
 * @module
 */
export type { RestBackend } from './backend.ts';
export type { ApplicationVersion } from './native.ts';
export { createRestServer, MAX_BODY_BYTES, type RestOptions } from './server.ts';
export { RestError, type StatusName } from './status.ts';
