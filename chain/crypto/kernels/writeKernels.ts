/** Writes storedKernels.ts: `npm run gen`. The binaries are the same on every machine, and to write them takes 20 ms of a cold program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { wasmBinary } from '../../wasm/wasmBinary.ts';
import { batchConstants, batchKernel } from '../ed25519Batch/batchKernel.ts';
import { sha256Function } from '../sha256Block.ts';
import { storedBytes } from './loadKernels.ts';
import { STORED_KERNELS } from './storedKernels.ts';

type KernelName = keyof typeof STORED_KERNELS;

const FILE = new URL('./storedKernels.ts', import.meta.url);
const HEAD = '/** Written by writeKernels.ts: bytes, deflated, in base64. Do not edit. */\n';

/** What must be stored. */
export function writtenKernels(): Readonly<Record<KernelName, Uint8Array>> {
  return {
    ed25519Batch: batchKernel(),
    ed25519BatchConstants: batchConstants(),
    sha256: wasmBinary([sha256Function()]),
  };
}

/** Stores what has changed: another zlib may deflate the same bytes to others. */
export function writeKernels(): void {
  const lines = Object.entries(writtenKernels()).map(([name, bytes]) => {
    const before: string = STORED_KERNELS[name as KernelName];
    const isSame = before !== '' && Buffer.from(bytes).equals(storedBytes(before));
    const text = isSame ? before : deflateRawSync(bytes, { level: 9 }).toString('base64');
    return `  ${name}:\n    '${text}',\n`;
  });
  const text = `${HEAD}export const STORED_KERNELS = {\n${lines.join('')}} as const;\n`;
  if (readFileSync(FILE, 'utf8') !== text) writeFileSync(FILE, text);
}
