/** What verifies signatures on a server: several back ends with the same answers, at different speeds. */
import type { KeyType, SignatureVerifier } from '../../wire/signature.ts';

/** From the fastest to the one that runs everywhere. */
export const CRYPTO_BACKENDS = ['native', 'wasm', 'noble'] as const;
export type CryptoBackendName = (typeof CRYPTO_BACKENDS)[number];

/** Environment variable that names the back end to use, and no other. */
export const CRYPTO_VARIABLE = 'DEPIND_CRYPTO';

/** Every method answers false to malformed input, and never throws. */
export interface CryptoBackend {
  readonly name: CryptoBackendName;
  /** Over whole messages, by the rules of `wire/signature.ts`. */
  readonly verifier: SignatureVerifier;
  /**
   * Whether `signature`, 64 bytes r ‖ s with low s, is over the 32 bytes of `digest` by the compressed secp256k1 key.
   */
  verifyDigest(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
  /** Whether the bytes are a compressed point of the curve, or an ed25519 key that may be registered. */
  isPublicKey(type: KeyType, publicKey: Uint8Array): boolean;
}

/** One signature to verify. */
export interface SignatureJob {
  readonly type: KeyType;
  readonly signature: Uint8Array;
  /** Whole: who verifies hashes it. */
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** A verifier that may have more to offer than single answers: the state machine uses what there is. */
export interface ServerVerifier extends SignatureVerifier {
  /**
   * Begins to verify many jobs on other cores; what it returns does the rest and gives the answers, in the order of
   * the jobs. What it has verified it answers at once from then on.
   */
  startAll?(jobs: readonly SignatureJob[]): () => readonly boolean[];
  /** As `isValidPublicKey` of wire/, faster. */
  isPublicKey?(type: KeyType, publicKey: Uint8Array): boolean;
}
