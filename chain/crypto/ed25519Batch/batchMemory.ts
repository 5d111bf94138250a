/** The kernel with a memory of its own. */
import {
  instantiate,
  newMemory,
  PAGE_BYTES,
  type WasmFunction,
  type WasmModule,
} from '../../wasm/webAssembly.ts';
import { FUNCTIONS, type FunctionName } from './calls.ts';
import { CONSTANTS_AT, FREE_AT } from './layout.ts';

/** A compiled kernel: any thread may make its own memory for it. */
export interface CompiledKernel {
  readonly module: WasmModule;
  /** What lies at CONSTANTS_AT. */
  readonly constants: Uint8Array;
}

export class BatchMemory {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly functions: Readonly<Record<FunctionName, WasmFunction>>;

  /**
   * With so many bytes behind what the functions use themselves.
   * @throws Error where WebAssembly or its vectors are missing, RangeError when there is no memory.
   */
  constructor({ module, constants }: CompiledKernel, freeBytes: number) {
    const pages = Math.ceil((FREE_AT + freeBytes) / PAGE_BYTES);
    const memory = newMemory(pages, pages);
    const functionOf = instantiate(module, memory);
    this.functions = Object.fromEntries(
      FUNCTIONS.map((name) => [name, functionOf(name)]),
    ) as typeof this.functions;
    this.bytes = new Uint8Array(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
    this.bytes.set(constants, CONSTANTS_AT);
  }
}
