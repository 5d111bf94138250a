/**
 * Writes storedKernels.ts: `npm run gen`. The binaries are the same on every machine, and to write them takes 20 ms
 * of a cold program.
 */
import { writeStored } from '../../wasm/storedWasm.ts';
import { wasmBinary } from '../../wasm/wasmBinary.ts';
import { batchConstants, batchKernel } from '../ed25519Batch/batchKernel.ts';
import { sha256Function } from '../sha256Block.ts';
import { STORED_KERNELS } from './storedKernels.ts';

/** What must be stored. */
export function writtenKernels(): Readonly<Record<keyof typeof STORED_KERNELS, Uint8Array>> {
  return {
    ed25519Batch: batchKernel(),
    ed25519BatchConstants: batchConstants(),
    sha256: wasmBinary([sha256Function()]),
  };
}

/** Stores what has changed. */
export function writeKernels(): void {
  const file = new URL('./storedKernels.ts', import.meta.url);
  const stored = { file, writer: 'writeKernels.ts', constant: 'STORED_KERNELS' };
  writeStored({ ...stored, texts: STORED_KERNELS }, writtenKernels());
}
