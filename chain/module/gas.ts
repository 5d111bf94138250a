/** Gas: what a transaction may spend on reads, writes and signatures, by the SDK's table. */
import type { KeyRange, KVStore, ReadonlyStore } from '../store/kvStore.ts';
import { sdkError } from './errors.ts';

/** KVGasConfig of the SDK (store/types/gas.go). */
export const KV_GAS = {
  has: 1000n,
  delete: 1000n,
  readFlat: 1000n,
  readPerByte: 3n,
  writeFlat: 2000n,
  writePerByte: 30n,
  iterateNextFlat: 30n,
} as const;

/** Counts gas up to a limit; without a limit it only counts. */
export class GasMeter {
  #used = 0n;
  readonly limit: bigint | undefined;

  constructor(limit?: bigint) {
    this.limit = limit;
  }

  /** Gas used so far; over the limit by what the last operation cost when it ran out. */
  get used(): bigint {
    return this.#used;
  }

  /** @throws ChainError sdk/11 naming the operation when the limit is passed. */
  consume(amount: bigint, operation: string): void {
    this.#used += amount;
    if (this.limit !== undefined && this.#used > this.limit) {
      throw sdkError(
        'outOfGas',
        `out of gas in location: ${operation}; gasWanted: ${this.limit}, gasUsed: ${this.#used}`,
      );
    }
  }
}

/** A store whose every use is paid for. */
export class GasStore implements KVStore {
  readonly #store: KVStore;
  readonly #meter: GasMeter;

  constructor(store: KVStore, meter: GasMeter) {
    this.#store = store;
    this.#meter = meter;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#meter.consume(KV_GAS.readFlat, 'ReadFlat');
    const value = this.#store.get(key);
    const bytes = BigInt(key.length + (value?.length ?? 0));
    this.#meter.consume(KV_GAS.readPerByte * bytes, 'ReadPerByte');
    return value;
  }

  has(key: Uint8Array): boolean {
    this.#meter.consume(KV_GAS.has, 'Has');
    return this.#store.has(key);
  }

  set(key: Uint8Array, value: Uint8Array): void {
    this.#meter.consume(KV_GAS.writeFlat, 'WriteFlat');
    this.#meter.consume(KV_GAS.writePerByte * BigInt(key.length + value.length), 'WritePerByte');
    this.#store.set(key, value);
  }

  delete(key: Uint8Array): void {
    this.#meter.consume(KV_GAS.delete, 'Delete');
    this.#store.delete(key);
  }

  *iterate(range: KeyRange): Iterable<[Uint8Array, Uint8Array]> {
    for (const entry of this.#store.iterate(range)) {
      const bytes = BigInt(entry[0].length + entry[1].length);
      this.#meter.consume(KV_GAS.readPerByte * bytes, 'ValuePerByte');
      this.#meter.consume(KV_GAS.iterateNextFlat, 'IterNextCostFlat');
      yield entry;
    }
  }
}

/** A committed store for queries: writing to it is a bug of the module. */
export class ReadOnlyKVStore implements KVStore {
  readonly #store: ReadonlyStore;

  constructor(store: ReadonlyStore) {
    this.#store = store;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#store.get(key);
  }

  has(key: Uint8Array): boolean {
    return this.#store.has(key);
  }

  set(): never {
    throw new TypeError('a query cannot write');
  }

  delete(): never {
    throw new TypeError('a query cannot write');
  }

  iterate(range: KeyRange): Iterable<[Uint8Array, Uint8Array]> {
    return this.#store.iterate(range);
  }
}
