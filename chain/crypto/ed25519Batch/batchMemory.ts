/** The kernel's memory: constants, numbers that decompression works with, and points with their addends. */
import {
  compileModule,
  instantiate,
  newMemory,
  PAGE_BYTES,
  type WasmFunction,
  type WasmMemory,
} from '../../wasm/webAssembly.ts';
import { batchKernel, FREE_AT } from './batchKernel.ts';
import { CURVE_D, FIELD_PRIME, ROOT_OF_MINUS_ONE } from './curve.ts';
import { FieldElements, LANES } from './fieldElements.ts';
import { ELEMENT_BYTES } from './fieldMultiply.ts';

/** Functions of the kernel, by their names in batchKernel.ts. */
const FUNCTIONS = [
  'multiply',
  'double',
  'add',
  'subtract',
  'toAddend',
  'square',
  'addEach',
  'subtractEach',
  'copy',
  'sum',
] as const;
export type BatchFunctions = Readonly<Record<(typeof FUNCTIONS)[number], WasmFunction>>;

export class BatchMemory {
  readonly elements: FieldElements;
  readonly functions: BatchFunctions;
  /** Addresses of constants: in all lanes, but for the factors of an addend. */
  readonly constants: Readonly<Record<'one' | 'd' | 'rootOfMinusOne' | 'addendFactors', number>>;
  readonly #memory: WasmMemory;
  #next = Math.ceil(FREE_AT / 16) * 16;

  /** Of fixed size. @throws Error where WebAssembly or its vectors are missing, RangeError when there is no memory. */
  constructor(bytes: number) {
    const pages = Math.ceil((FREE_AT + bytes) / PAGE_BYTES) + 1;
    this.#memory = newMemory(pages, pages);
    const functionOf = instantiate(compileModule(batchKernel()), this.#memory);
    this.functions = Object.fromEntries(
      FUNCTIONS.map((name) => [name, functionOf(name)]),
    ) as BatchFunctions;
    this.elements = new FieldElements(this.#memory.buffer);
    this.constants = {
      one: this.#constant([1n, 1n, 1n, 1n]),
      d: this.#constant([CURVE_D, CURVE_D, CURVE_D, CURVE_D]),
      rootOfMinusOne: this.#constant(new Array<bigint>(LANES).fill(ROOT_OF_MINUS_ONE)),
      addendFactors: this.#constant([1n, 1n, 2n, (2n * CURVE_D) % FIELD_PRIME]),
    };
  }

  /** Address of so many elements that nobody else has. @throws RangeError when the memory is used up. */
  take(elements: number): number {
    return this.takeBytes(elements * ELEMENT_BYTES);
  }

  /** The same in bytes, at a multiple of 16. */
  takeBytes(bytes: number): number {
    const at = this.#next;
    this.#next += Math.ceil(bytes / 16) * 16;
    if (this.#next > this.#memory.buffer.byteLength) throw new RangeError('the memory is used up');
    return at;
  }

  /** The words from an address on. */
  words(at: number, count: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, at, count);
  }

  #constant(values: readonly bigint[]): number {
    const at = this.take(1);
    values.forEach((value, lane) => {
      this.elements.setNumber(at, lane, value);
    });
    return at;
  }
}
