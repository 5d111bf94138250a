/**
 * A frame is what code of the state machine runs in: buffered stores, gas, events and the block it belongs to.
 * A frame can be branched; a branch is written to its parent or dropped whole.
 */
import type { SignatureVerifier } from '../../wire/signature.ts';
import type { Event } from '../abci/types.ts';
import { BufferedStore } from '../store/bufferedStore.ts';
import type { KVStore } from '../store/kvStore.ts';
import type { Addresses } from './addresses.ts';
import { ChainError } from './errors.ts';
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
  readonly verifier: SignatureVerifier;
  /** Base denomination in which fees and rewards are paid. */
  readonly denom: string;
}

/** Content that a frame puts beside the state, outside of the AppHash. */
export interface Archive {
  get(key: Uint8Array): Uint8Array | undefined;
  put(key: Uint8Array, value: Uint8Array): void;
}

export interface Frame {
  readonly environment: Environment;
  readonly block: BlockInfo;
  readonly gas: GasMeter;
  readonly events: Event[];
  readonly archive: Archive;
  /** The store of that name, unmetered. */
  raw(storeName: string): KVStore;
  /** The store of that name; every use is paid from `gas`. */
  store(storeName: string): KVStore;
  /** A frame on top of this one that shares its gas. */
  branch(): Branch;
}

export interface Branch extends Frame {
  /** Writes stores, events and archive content to the parent. */
  write(): void;
}

interface FrameParts {
  readonly environment: Environment;
  readonly block: BlockInfo;
  readonly gas: GasMeter;
  readonly archive: Archive;
  readonly stores: (name: string) => KVStore;
}

function frameOf(parts: FrameParts): Frame {
  const { environment, block, gas, archive, stores } = parts;
  const metered = new Map<string, KVStore>();
  const frame: Frame = {
    environment,
    block,
    gas,
    archive,
    events: [],
    raw: stores,
    store(name) {
      let store = metered.get(name);
      if (store === undefined) {
        store = new GasStore(stores(name), gas);
        metered.set(name, store);
      }
      return store;
    },
    branch: () => branchOf(frame, gas),
  };
  return frame;
}

/** A frame directly on stores: the root of a block, or a query's. Gas is counted without a limit. */
export function rootFrame(parts: Omit<FrameParts, 'gas'> & { readonly gas?: GasMeter }): Frame {
  return frameOf({ ...parts, gas: parts.gas ?? new GasMeter() });
}

/** A branch of `parent` that pays from a meter of its own, as a transaction does. */
export function branchOf(parent: Frame, gas: GasMeter): Branch {
  const buffers = new Map<string, BufferedStore>();
  const archived: [Uint8Array, Uint8Array][] = [];
  const stores = (name: string): KVStore => {
    let buffer = buffers.get(name);
    if (buffer === undefined) {
      buffer = new BufferedStore(parent.raw(name));
      buffers.set(name, buffer);
    }
    return buffer;
  };
  const archive: Archive = {
    get: parent.archive.get,
    put: (key, value) => void archived.push([key, value]),
  };
  const { environment, block } = parent;
  const frame = frameOf({ environment, block, gas, archive, stores });
  return Object.assign(frame, {
    write() {
      for (const buffer of buffers.values()) buffer.write();
      for (const [key, value] of archived) parent.archive.put(key, value);
      parent.events.push(...frame.events);
    },
  });
}

/**
 * Runs `action` in a branch: written when it returns, dropped when it throws a ChainError, which is returned.
 * Running out of gas and bugs are not for the caller to survive: they pass through.
 */
export function attempt(parent: Frame, action: (branch: Frame) => void): ChainError | undefined {
  const branch = parent.branch();
  try {
    action(branch);
  } catch (error) {
    if (!(error instanceof ChainError) || isOutOfGas(error)) throw error;
    return error;
  }
  branch.write();
  return undefined;
}

function isOutOfGas(error: unknown): boolean {
  return error instanceof ChainError && error.codespace === 'sdk' && error.code === 11;
}
