/** Writes down what a transaction does: every use of a store and what it cost, in order. */
import { GasMeter } from '../module/gas.ts';
import type { KeyRange, KeyValue, UndoStore } from '../store/kvStore.ts';

/** What was done: `gas` is anything that is paid for beside stores. */
export type TraceKind = 'read' | 'has' | 'write' | 'delete' | 'walk' | 'gas';

export interface TraceStep {
  readonly kind: TraceKind;
  /** Name of the store; empty for `gas`. */
  readonly store: string;
  readonly key: Uint8Array;
  /** What was read or written; undefined when there was nothing, or it was not looked at. */
  readonly value: Uint8Array | undefined;
  /** What the payment was for, such as `ante verify: secp256k1`; empty for stores. */
  readonly operation: string;
  gas: bigint;
}

const NO_KEY = new Uint8Array(0);
/** Costs that come before the use of a store that they are for. */
const BEFORE = new Set(['ReadFlat', 'Has', 'WriteFlat', 'WritePerByte', 'Delete']);
/** Costs that come after it. */
const AFTER = new Set(['ReadPerByte', 'ValuePerByte', 'IterNextCostFlat']);

export class TraceRecorder {
  readonly steps: TraceStep[] = [];
  /** Only while the transaction itself runs. */
  isOn = false;
  #pending = 0n;

  /** Notes a payment. */
  pay(gas: bigint, operation: string): void {
    if (!this.isOn) return;
    const last = this.steps.at(-1);
    if (BEFORE.has(operation)) this.#pending += gas;
    else if (AFTER.has(operation) && last !== undefined) last.gas += gas;
    else {
      this.steps.push({ kind: 'gas', store: '', key: NO_KEY, value: undefined, operation, gas });
    }
  }

  /** Notes the use of a store, with what was paid for it just before. */
  use(kind: TraceKind, store: string, key: Uint8Array, value?: Uint8Array): void {
    if (!this.isOn) return;
    this.steps.push({ kind, store, key, value, operation: '', gas: this.#pending });
    this.#pending = 0n;
  }

  /** What was paid for a use that never came, because the gas ran out. */
  finish(): void {
    if (this.#pending > 0n) {
      const rest = { operation: 'a use that did not come', gas: this.#pending };
      this.steps.push({ kind: 'gas', store: '', key: NO_KEY, value: undefined, ...rest });
    }
    this.#pending = 0n;
    this.isOn = false;
  }
}

/** A meter whose payments are noted. */
export class TracedMeter extends GasMeter {
  readonly #recorder: TraceRecorder;

  constructor(recorder: TraceRecorder, limit?: bigint) {
    super(limit);
    this.#recorder = recorder;
  }

  override consume(amount: bigint, operation: string): void {
    this.#recorder.pay(amount, operation);
    super.consume(amount, operation);
  }

  override consumeNumber(amount: number, operation: string): void {
    this.#recorder.pay(BigInt(amount), operation);
    super.consumeNumber(amount, operation);
  }
}

/** A store whose uses are noted. */
export class TracedStore implements UndoStore {
  readonly #store: UndoStore;
  readonly #name: string;
  readonly #recorder: TraceRecorder;

  constructor(store: UndoStore, name: string, recorder: TraceRecorder) {
    this.#store = store;
    this.#name = name;
    this.#recorder = recorder;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const value = this.#store.get(key);
    this.#recorder.use('read', this.#name, key, value);
    return value;
  }

  has(key: Uint8Array): boolean {
    this.#recorder.use('has', this.#name, key);
    return this.#store.has(key);
  }

  set(key: Uint8Array, value: Uint8Array): void {
    this.#recorder.use('write', this.#name, key, value);
    this.#store.set(key, value);
  }

  delete(key: Uint8Array): void {
    this.#recorder.use('delete', this.#name, key);
    this.#store.delete(key);
  }

  *iterate(range: KeyRange): Iterable<KeyValue> {
    for (const entry of this.#store.iterate(range)) {
      this.#recorder.use('walk', this.#name, entry[0], entry[1]);
      yield entry;
    }
  }

  mark(): number {
    return this.#store.mark();
  }

  undo(mark: number): void {
    this.#store.undo(mark);
  }

  forget(): void {
    this.#store.forget();
  }
}
