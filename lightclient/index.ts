/**
 * @module lightclient
 * Verifies what an untrusted node serves, from one header that the user trusts by its hash: headers and
 * commits as CometBFT does, store proofs up to the AppHash, and what a device reported. Runs in a browser.
 * @example
 * const provider = new HttpProvider({ url, chainId });
 * const { verified, steps } = await verifyDevice({ provider, chainId, trust, deviceId, now });
 */
export { fromHex, toHex } from '../wire/bytes.ts';
export {
  iavlSpec,
  smtSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from '../wire/ics23/index.ts';
export type { EvidenceSpelling } from '../wire/json/evidence.ts';
export { nobleVerifier, type SignatureVerifier } from '../wire/signature.ts';
export type {
  BlockId,
  Commit,
  CommitSig,
  DeterministicTxResult,
  Header,
  PublicKey,
  SignedHeader,
  Validator,
} from '../wire/types.ts';
export { syncBackward } from './backward.ts';
export {
  type BundleOptions,
  bundleFromText,
  bundleToText,
  type ExportOptions,
  QR_CODE_BYTES,
  verifyProofBundle,
} from './bundle/index.ts';
export { type CommitClaim, verifyCommit, verifyWholeCommit } from './commitPower.ts';
export type { Device, DeviceKey, SignedReport } from './deviceMessages.ts';
export type { Accusation } from './evidence/accuse.ts';
export type { AttackKind, LightClientAttackEvidence } from './evidence/attack.ts';
export { evidenceToJson, hashEvidence } from './evidence/encodeEvidence.ts';
export { fetchLightBlock } from './fetchLightBlock.ts';
export { HttpProvider, type HttpProviderOptions } from './httpProvider.ts';
export type { Fetch } from './jsonRpc.ts';
export { LevelStore, type LevelStoreOptions, type Lock, type TextDatabase } from './levelStore.ts';
export { lightBlockFromJson, lightBlockToJson, trustedStateFromJson } from './lightBlockJson.ts';
export { LightClient } from './lightClient.ts';
export {
  type Divergence,
  DivergenceError,
  ExpiredError,
  type Expiry,
  LightClientError,
  type LightClientReason,
} from './lightClientError.ts';
export type {
  CallOptions,
  LightClientOptions,
  StateAt,
  StateOptions,
  TrustOptions,
} from './lightClientOptions.ts';
export type { LightClientStatus } from './lightClientStatus.ts';
export {
  type EvidenceReceiver,
  type NodeStatus,
  type ProofOp,
  type Provider,
  ProviderError,
  type ProviderReason,
  type QueryAnswer,
  type ServedTransaction,
  type StateQuery,
  type TransactionSource,
} from './provider.ts';
export type { ChainNode, RemovedNode } from './roster.ts';
export { syncSequentially } from './sequential.ts';
export type { AnyVerifier } from './settle.ts';
export {
  queryStore,
  type StoreClaim,
  type StoreProofResult,
  verifyStoreAnswer,
} from './storeProof.ts';
export {
  DEFAULT_MAX_HEADERS,
  DEFAULT_TRUSTING_PERIOD,
  type SyncedBlock,
  type SyncOptions,
  type SyncRefusal,
  type SyncResult,
  syncToHeight,
} from './sync.ts';
export { STEP_NAMES, type Step, type StepName } from './trail.ts';
export { MemoryStore, type TrustedStore } from './trustedStore.ts';
export type {
  Invalid,
  InvalidReason,
  LightBlock,
  NotEnoughTrust,
  Tally,
  TrustedState,
  TrustLevel,
  TrustRoot,
  Verification,
  Verified,
} from './types.ts';
export type { StoreRange, VerifiedRange } from './verifiedRange.ts';
export type { VerifiedValue } from './verifiedState.ts';
export type { VerifiedTransaction } from './verifiedTransaction.ts';
export {
  DEFAULT_MAX_CLOCK_DRIFT,
  DEFAULT_TRUST_LEVEL,
  type VerifyArguments,
  type VerifyLaterArguments,
  verify,
} from './verify.ts';
export {
  type DeviceVerdict,
  type DeviceVerification,
  type ProvenDevice,
  type UnprovenDevice,
  type VerifyDeviceOptions,
  verifyDevice,
} from './verifyDevice.ts';
export { createWebVerifier, type WebCrypto, type WebVerifier } from './webVerifier.ts';
