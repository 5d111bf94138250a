/** Gas: what a transaction may spend on reads, writes and signatures, by the SDK's table. */
import type { KeyRange, KVStore, ReadonlyStore, UndoStore } from '../store/kvStore.ts';
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

/** The same table for sums of numbers: they stay far below 2^53. */
const COST = {
  has: Number(KV_GAS.has),
  delete: Number(KV_GAS.delete),
  readFlat: Number(KV_GAS.readFlat),
  readPerByte: Number(KV_GAS.readPerByte),
  writeFlat: Number(KV_GAS.writeFlat),
  writePerByte: Number(KV_GAS.writePerByte),
  iterateNextFlat: Number(KV_GAS.iterateNextFlat),
} as const;

/** Counts gas up to a limit; without a limit it only counts. */
export class GasMeter {
  /** What single operations cost so far; `#large` holds the rest. Numbers, since a read costs less than a bigint. */
  #small = 0;
  #large = 0n;
  /** What `#small` may reach. */
  #room: number;
  readonly limit: bigint | undefined;

  constructor(limit?: bigint) {
    this.limit = limit;
    this.#room = roomOf(limit ?? MAX_SMALL);
  }

  /** Gas used so far; over the limit by what the last operation cost when it ran out. */
  get used(): bigint {
    return this.#large + BigInt(this.#small);
  }

  /** @throws ChainError sdk/11 naming the operation when the limit is passed. */
  consume(amount: bigint, operation: string): void {
    this.#large += amount;
    this.#settle(operation);
  }

  /** The same for the cost of one operation, a whole number up to 2^40. */
  consumeNumber(amount: number, operation: string): void {
    this.#small += amount;
    if (this.#small > this.#room) this.#settle(operation);
  }

  /** @throws ChainError sdk/11 when the limit was passed, also when somebody caught what was thrown then. */
  check(): void {
    this.#settle('a handler that went on');
  }

  /** Looks whether the limit is passed; if not, says how far single operations may go. */
  #settle(operation: string): void {
    const { limit, used } = this;
    if (limit !== undefined && used > limit) {
      throw sdkError(
        'outOfGas',
        `out of gas in location: ${operation}; gasWanted: ${limit}, gasUsed: ${used}`,
      );
    }
    this.#large = used;
    this.#small = 0;
    this.#room = roomOf(limit === undefined ? MAX_SMALL : limit - used);
  }
}

/** Above this a sum goes over into the bigint. */
const MAX_SMALL = 1n << 50n;
const roomOf = (left: bigint): number => Number(left < MAX_SMALL ? left : MAX_SMALL);

/** A store whose every use is paid for by who uses it. */
export class GasStore implements KVStore {
  readonly #store: KVStore;
  readonly #payer: { readonly gas: GasMeter };

  constructor(store: KVStore, payer: { readonly gas: GasMeter }) {
    this.#store = store;
    this.#payer = payer;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const { gas } = this.#payer;
    gas.consumeNumber(COST.readFlat, 'ReadFlat');
    const value = this.#store.get(key);
    const bytes = key.length + (value?.length ?? 0);
    gas.consumeNumber(COST.readPerByte * bytes, 'ReadPerByte');
    return value;
  }

  has(key: Uint8Array): boolean {
    this.#payer.gas.consumeNumber(COST.has, 'Has');
    return this.#store.has(key);
  }

  set(key: Uint8Array, value: Uint8Array): void {
    const { gas } = this.#payer;
    gas.consumeNumber(COST.writeFlat, 'WriteFlat');
    gas.consumeNumber(COST.writePerByte * (key.length + value.length), 'WritePerByte');
    this.#store.set(key, value);
  }

  delete(key: Uint8Array): void {
    this.#payer.gas.consumeNumber(COST.delete, 'Delete');
    this.#store.delete(key);
  }

  /** As the SDK's iterator: the first entry is paid for when it is found, and every one when it is left. */
  *iterate(range: KeyRange): Iterable<[Uint8Array, Uint8Array]> {
    let isFirst = true;
    for (const entry of this.#store.iterate(range)) {
      if (isFirst) this.#payForStep(entry);
      isFirst = false;
      yield entry;
      this.#payForStep(entry);
    }
    if (isFirst) this.#payer.gas.consumeNumber(COST.iterateNextFlat, 'IterNextCostFlat');
  }

  #payForStep([key, value]: readonly [Uint8Array, Uint8Array]): void {
    const { gas } = this.#payer;
    gas.consumeNumber(COST.readPerByte * (key.length + value.length), 'ValuePerByte');
    gas.consumeNumber(COST.iterateNextFlat, 'IterNextCostFlat');
  }
}

/** A committed store for queries: writing to it is a bug of the module. */
export class ReadOnlyKVStore implements UndoStore {
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

  mark(): number {
    return 0;
  }

  undo(): void {}

  forget(): void {}
}
