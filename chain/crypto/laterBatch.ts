/** The verification of ed25519 batches, made when it has become worth it. */
import { ed25519Batch, type VerifyBatch } from './ed25519Batch/verifyBatch.ts';
import { selfTestBatch } from './selfTest.ts';

/** Making the code takes as long as it saves on some 1500 signatures: short programs do without. */
const SIGNATURES_BEFORE = 400;

export class LaterBatch {
  readonly #make: () => VerifyBatch;
  readonly #before: number;
  #signatures = 0;
  #verify: VerifyBatch | undefined;
  #isTried = false;

  /** `make` is called once, after so many signatures; when it throws there is no batch verification. */
  constructor(make: () => VerifyBatch = testedBatch, before = SIGNATURES_BEFORE) {
    this.#make = make;
    this.#before = before;
  }

  /** Undefined until it is made. */
  get verify(): VerifyBatch | undefined {
    return this.#verify;
  }

  /** Says that so many more ed25519 signatures were verified. */
  count(signatures: number): void {
    this.#signatures += signatures;
    if (this.#isTried || this.#signatures <= this.#before) return;
    this.#isTried = true;
    try {
      this.#verify = this.#make();
    } catch {
      // Where WebAssembly or its vectors are missing, or give a wrong answer, signatures are verified one by one.
    }
  }
}

/** @throws Error where WebAssembly or its vectors are missing, or the self-test fails. */
function testedBatch(): VerifyBatch {
  const verify = ed25519Batch();
  selfTestBatch(verify);
  return verify;
}
