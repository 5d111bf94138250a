/** As much of the WebAssembly interface as is used here: TypeScript has it only among browser types. */

/** Memory of a number of pages of 64 KiB. */
export interface WasmMemory {
  /** Another object after each `grow`; the one before is empty then. */
  readonly buffer: ArrayBuffer;
  /** Adds pages. @throws RangeError beyond the maximum, or when the system has no more memory. */
  grow(pages: number): number;
}

/** A compiled module; holds no state. */
export type WasmModule = object;

declare const WebAssembly: {
  readonly Memory: new (descriptor: { initial: number; maximum?: number }) => WasmMemory;
  readonly Module: new (binary: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, WasmMemory>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

export const PAGE_BYTES = 65_536;

/** Memory that can grow up to `maximumPages`. @throws RangeError when the system refuses it. */
export function newMemory(initialPages: number, maximumPages: number): WasmMemory {
  return new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages });
}

/** @throws Error when the engine lacks what the binary uses. */
export function compileModule(binary: Uint8Array): WasmModule {
  return new WebAssembly.Module(binary);
}

/** A function that takes and gives 32-bit integers. */
export type WasmFunction = (...values: number[]) => number;

/** An instance's function over `memory`. @throws Error when it exports none of that name. */
export function instantiate(
  module: WasmModule,
  memory: WasmMemory,
): (name: string) => WasmFunction {
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  return (name) => {
    const found = exports[name];
    if (typeof found === 'function') return found as WasmFunction;
    throw new Error(`the module exports no function "${name}"`);
  };
}

/** Adds the first of these numbers of pages that the system grants; false when it refuses all. */
export function tryGrow(memory: WasmMemory, wishes: readonly number[]): boolean {
  for (const pages of wishes) {
    try {
      memory.grow(pages);
      return true;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return false;
}
