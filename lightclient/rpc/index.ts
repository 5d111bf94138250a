/**
 * The RPC of a CometBFT node, answered from verified headers and proofs: for a proxy, or under another library.
 * @module
 */
export type { Trust, Verification, VerifiedAnswer, VerifiedHeader } from './answer.ts';
export { UnprovenError, type UnprovenPolicy } from './policy.ts';
export { UnknownMethodError, VerifiedRpc, type VerifiedRpcOptions } from './verifiedRpc.ts';
