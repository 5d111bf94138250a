/**
 * A frame is what code of the state machine runs in: stores, gas, events and the block it belongs to. Work in a
 * branch of a frame is kept or undone whole. A branch is the frame itself with a mark to go back to: what was made
 * for the frame, contexts and opened state, serves all its branches.
 */
import type { Event, EventAttribute } from '../abci/types.ts';
import type { ServerVerifier } from '../crypto/backend.ts';
import type { KVStore, UndoStore } from '../store/kvStore.ts';
import type { Addresses } from './addresses.ts';
import { ChainError } from './errors.ts';
import { EmittedEvent, type EventAttributes } from './events.ts';
import { GasMeter, GasStore } from './gas.ts';

/** The block that is being executed, or the committed one that a query reads. */
export interface BlockInfo {
  readonly chainId: string;
  readonly height: bigint;
  /** Nanoseconds since the Unix epoch. */
  readonly timeNs: bigint;
  readonly proposerAddress: Uint8Array;
}

/** What stays the same for the life of an application. */
export interface Environment {
  readonly addresses: Addresses;
  readonly verifier: ServerVerifier;
  /** Base denomination in which fees and rewards are paid. */
  readonly denom: string;
}

/** Content that a frame puts beside the state, outside of the AppHash. */
export interface Archive {
  get(key: Uint8Array): Uint8Array | undefined;
  put(key: Uint8Array, value: Uint8Array): void;
}

/** What a frame is made of. */
export interface FrameParts {
  readonly environment: Environment;
  readonly block: BlockInfo;
  /** What the frame pays from outside of branches. Default: counted without a limit. */
  readonly gas?: GasMeter;
  readonly archive: Archive;
  /** Writes go to these at once. */
  readonly stores: (name: string) => UndoStore;
}

/** What work in a branch gave. */
export interface Branched<T> {
  readonly value: T;
  readonly events: readonly Event[];
}

/** The last attribute of events of a message: its place in the transaction. */
const indexAttribute = (index: number): EventAttribute => ({
  key: 'msg_index',
  value: index.toString(),
  index: true,
});
/** Of nearly all messages, made once. */
const INDEX_ATTRIBUTES = Array.from({ length: 16 }, (_, index) => indexAttribute(index));

interface OpenStore {
  readonly store: UndoStore;
  readonly metered: KVStore;
}

export class Frame {
  readonly environment: Environment;
  readonly block: BlockInfo;
  readonly archive: Archive;
  readonly #stores: (name: string) => UndoStore;
  readonly #open = new Map<string, OpenStore>();
  readonly #archived: [Uint8Array, Uint8Array][] = [];
  readonly #parts: FrameParts;
  #gas: GasMeter;
  #events: Event[] = [];
  #messageIndex: EventAttribute | undefined;
  #depth = 0;
  /** Where the stores stood when the branches were entered that are open, one mark for each store of the time. */
  readonly #marks: number[] = [];

  constructor(parts: FrameParts) {
    this.environment = parts.environment;
    this.block = parts.block;
    this.#parts = parts;
    this.#stores = parts.stores;
    this.#gas = parts.gas ?? new GasMeter();
    this.archive = {
      get: parts.archive.get,
      put: (key, value) => {
        if (this.#depth === 0) parts.archive.put(key, value);
        else this.#archived.push([key, value]);
      },
    };
  }

  /** What the innermost branch pays from. */
  get gas(): GasMeter {
    return this.#gas;
  }

  /** The events of the innermost branch so far. */
  get events(): Event[] {
    return this.#events;
  }

  /** What stands behind the attributes of an event that is emitted now: the place of the message that runs, if one does. */
  get messageIndex(): EventAttribute | undefined {
    return this.#messageIndex;
  }

  /** Emits an event; all its attributes are indexed. */
  emit(type: string, attributes: EventAttributes): void {
    this.#events.push(new EmittedEvent(type, attributes, this.#messageIndex));
  }

  /** Runs `action` as the message of a transaction at that place, which its events tell. */
  asMessage<T>(index: number, action: () => T): T {
    this.#messageIndex = INDEX_ATTRIBUTES[index] ?? indexAttribute(index);
    try {
      return action();
    } finally {
      this.#messageIndex = undefined;
    }
  }

  /** The store of that name, unmetered. */
  raw(name: string): KVStore {
    return this.#opened(name).store;
  }

  /** The store of that name; every use is paid from `gas`. */
  store(name: string): KVStore {
    return this.#opened(name).metered;
  }

  /**
   * Runs `action` in a branch that pays from `gas`, by default from what the frame pays from. Its writes are kept
   * when it returns and undone when it throws; its events are given to the caller alone.
   */
  branch<T>(action: () => T, gas: GasMeter = this.#gas): Branched<T> {
    const { gas: outerGas, events: outerEvents } = this;
    const archived = this.#archived.length;
    const marked = this.#enter();
    this.#gas = gas;
    this.#events = [];
    try {
      const value = action();
      return { value, events: this.#events };
    } catch (error) {
      this.#undo(marked, archived);
      throw error;
    } finally {
      this.#gas = outerGas;
      this.#events = outerEvents;
      this.#leave(marked);
    }
  }

  /** Marks where the stores stand; gives where their marks begin. */
  #enter(): number {
    this.#depth += 1;
    const marked = this.#marks.length;
    for (const { store } of this.#open.values()) this.#marks.push(store.mark());
    return marked;
  }

  /** Takes back what happened since the branch was entered. */
  #undo(marked: number, archived: number): void {
    let next = marked;
    // Stores stand in the order in which they were opened: those opened since have no mark and go back to 0.
    for (const { store } of this.#open.values()) store.undo(this.#marks[next++] ?? 0);
    this.#archived.length = archived;
  }

  #leave(marked: number): void {
    this.#depth -= 1;
    this.#marks.length = marked;
    if (this.#depth > 0) return;
    for (const { store } of this.#open.values()) store.forget();
    for (const [key, value] of this.#archived) this.#parts.archive.put(key, value);
    this.#archived.length = 0;
  }

  #opened(name: string): OpenStore {
    let opened = this.#open.get(name);
    if (opened === undefined) {
      const store = this.#stores(name);
      if (this.#depth > 0) store.mark();
      opened = { store, metered: new GasStore(store, this) };
      this.#open.set(name, opened);
    }
    return opened;
  }
}

/** A frame directly on stores: of a block, of CheckTx, or of a query. */
export function rootFrame(parts: FrameParts): Frame {
  return new Frame(parts);
}

/**
 * Runs `action` in a branch: kept when it returns, undone when it throws a ChainError, which is returned.
 * Running out of gas and bugs are not for the caller to survive: they pass through.
 */
export function attempt(frame: Frame, action: () => void): ChainError | undefined {
  try {
    const { events } = frame.branch(action);
    for (const event of events) frame.events.push(event);
  } catch (error) {
    if (!(error instanceof ChainError) || isOutOfGas(error)) throw error;
    return error;
  }
  return undefined;
}

function isOutOfGas(error: unknown): boolean {
  return error instanceof ChainError && error.codespace === 'sdk' && error.code === 11;
}
