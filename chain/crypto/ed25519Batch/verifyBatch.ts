/** ed25519 signatures verified together: several times as fast as one by one. */
import { createHash, hash } from 'node:crypto';
import type { SignatureJob } from '../backend.ts';
import { BatchMemory, type CompiledKernel } from './batchMemory.ts';
import { KEYS_BYTES, KeyAddends } from './keyAddends.ts';
import { INPUT, LANES, MAX_BATCH, POINT_BYTES, TRANSCRIPT_BYTES, Z_BYTES } from './layout.ts';

const CHALLENGE_BYTES = 64;
const DOMAIN = 'depind ed25519 batch v1';
/** Longer messages are hashed in an array of their own. */
const REUSED_BYTES = 512;
/** Encoding of the neutral point: stands in lanes that no signature has. */
const NEUTRAL = Uint8Array.from({ length: POINT_BYTES }, (_, i) => (i === 0 ? 1 : 0));

type Signed = Pick<SignatureJob, 'signature' | 'message' | 'publicKey'>;

/** Says whether all of some signatures are valid; false says nothing of any of them. */
export type VerifyBatch = (signed: readonly Signed[]) => boolean;

/** @throws Error where WebAssembly or its vectors are missing, RangeError when there is no memory. */
export function ed25519Batch(kernel: CompiledKernel): VerifyBatch {
  const equation = new BatchEquation(new BatchMemory(kernel, KEYS_BYTES));
  return (signed) => {
    for (let from = 0; from < signed.length; from += MAX_BATCH) {
      if (!equation.holds(signed.slice(from, from + MAX_BATCH))) return false;
    }
    return true;
  };
}

/**
 * The equation that signatures fulfil together (cofactored, as ZIP-215 has it):
 * 8 · (Σ zᵢsᵢ · B − Σ zᵢ · Rᵢ − Σ zᵢkᵢ · Aᵢ) = 0.
 */
class BatchEquation {
  readonly #memory: BatchMemory;
  readonly #keys: KeyAddends;
  readonly #hashed = new Uint8Array(REUSED_BYTES);

  constructor(memory: BatchMemory) {
    this.#memory = memory;
    this.#keys = new KeyAddends(memory);
    if (memory.functions.prepare() !== 1) throw new Error('ed25519 batch: the base point is none');
  }

  /** Of 1 to MAX_BATCH signatures; false also when an encoding is no point, or an s the group order or more. */
  holds(signed: readonly Signed[]): boolean {
    const { bytes, functions } = this.#memory;
    const count = signed.length;
    this.#keys.begin();
    for (let i = 0; i < count; i++) if (!this.#put(i, signed[i]!)) return false;
    if (!this.#keys.finish()) return false;
    for (let i = count; i % LANES !== 0; i++) bytes.set(NEUTRAL, INPUT.r + i * POINT_BYTES);
    // Factors that nobody knows before all signatures are there: of every k, which is a hash of R, A and message, and every s.
    const transcript = bytes.subarray(
      INPUT.transcript,
      INPUT.transcript + count * TRANSCRIPT_BYTES,
    );
    const factors = createHash('shake256', { outputLength: Z_BYTES * count });
    bytes.set(factors.update(DOMAIN).update(transcript).digest(), INPUT.z);
    return functions.verify(count) === 1;
  }

  #put(index: number, { signature, message, publicKey }: Signed): boolean {
    if (signature.length !== 64 || publicKey.length !== 32) return false;
    const { bytes } = this.#memory;
    const r = signature.subarray(0, 32);
    const at = INPUT.transcript + index * TRANSCRIPT_BYTES;
    bytes.set(r, INPUT.r + index * POINT_BYTES);
    bytes.set(this.#challenge(signature, message, publicKey), at);
    bytes.set(signature.subarray(32), at + CHALLENGE_BYTES);
    return this.#keys.use(index, publicKey);
  }

  #challenge(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): Uint8Array {
    const length = 64 + message.length;
    const hashed = length > REUSED_BYTES ? new Uint8Array(length) : this.#hashed;
    hashed.set(signature);
    hashed.set(publicKey, 32);
    hashed.set(message, 64);
    return hash('sha512', hashed.length === length ? hashed : hashed.subarray(0, length), 'buffer');
  }
}
