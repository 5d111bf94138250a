/** The verification of ed25519 batches, made when it is first asked for. */
import type { CompiledKernel } from './ed25519Batch/batchMemory.ts';
import { ed25519Batch, type VerifyBatch } from './ed25519Batch/verifyBatch.ts';
import { sharedBatchKernel } from './kernels/loadKernels.ts';
import { selfTestBatch } from './selfTest.ts';

export class LaterBatch {
  readonly #make: () => VerifyBatch;
  #verify: VerifyBatch | undefined;
  #isTried = false;

  /** `make` is called once; when it throws there is no batch verification. */
  constructor(make: () => VerifyBatch = () => testedBatch(sharedBatchKernel())) {
    this.#make = make;
  }

  /** Undefined where it cannot be made. */
  get verify(): VerifyBatch | undefined {
    if (this.#isTried) return this.#verify;
    this.#isTried = true;
    try {
      this.#verify = this.#make();
    } catch {
      // Where WebAssembly or its vectors are missing, or give a wrong answer, signatures are verified one by one.
    }
    return this.#verify;
  }

  /** Whether it is there, or has not been asked for. */
  get mayBeThere(): boolean {
    return !this.#isTried || this.#verify !== undefined;
  }
}

/** @throws Error where WebAssembly or its vectors are missing, or the self-test fails. */
export function testedBatch(kernel: CompiledKernel): VerifyBatch {
  const verify = ed25519Batch(kernel);
  selfTestBatch(verify);
  return verify;
}
