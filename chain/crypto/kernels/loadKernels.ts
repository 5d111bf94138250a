/** WebAssembly that was written when the program was built (writeKernels.ts), compiled. */
import { storedBytes } from '../../wasm/storedWasm.ts';
import { compileModule, type WasmModule } from '../../wasm/webAssembly.ts';
import type { CompiledKernel } from '../ed25519Batch/batchMemory.ts';
import { STORED_KERNELS } from './storedKernels.ts';

let batchKernel: CompiledKernel | undefined;

/**
 * Compiled once: what threads are given has the code that one of them made fast. @throws Error where WebAssembly or
 * its vectors are missing.
 */
export function sharedBatchKernel(): CompiledKernel {
  batchKernel ??= {
    module: compileModule(storedBytes(STORED_KERNELS.ed25519Batch)),
    constants: storedBytes(STORED_KERNELS.ed25519BatchConstants),
  };
  return batchKernel;
}

/** @throws Error where WebAssembly is missing. */
export const loadSha256 = (): WasmModule => compileModule(storedBytes(STORED_KERNELS.sha256));
