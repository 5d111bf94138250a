/** What an entry of a store means: the collection that it belongs to, its key and its value, where a module says. */
import type { JsonValue } from '../../chain/descriptors/index.ts';
import type { Module } from '../../chain/module/defineModule.ts';
import type { Declarations } from '../../chain/state/declarations.ts';
import { prefixBytes } from '../../chain/state/prefix.ts';
import type { KVStore } from '../../chain/store/kvStore.ts';
import { formatAddress } from '../../wire/address.ts';
import { equalBytes, toHex } from '../../wire/bytes.ts';

/** Length of the addresses of accounts with one key. */
const ADDRESS_BYTES = 20;
const MAX_BYTES_SHOWN = 256;

/** An entry for people. */
export interface DescribedEntry {
  /** Such as `bank.balances`, `coverage.hotspots index`, or the name of the store. */
  readonly collection: string;
  /** As the module has it, or in hex. */
  readonly key: JsonValue;
  readonly value: JsonValue;
}

export class EntryDescriber {
  readonly #modules: ReadonlyMap<string, Module>;
  readonly #prefix: string;

  constructor(modules: readonly Module[], prefix: string) {
    this.#modules = new Map(modules.map((module) => [module.storeName, module]));
    this.#prefix = prefix;
  }

  /** The entry as its collection reads it; in hex where there is none, or it does not read. */
  describe(store: string, key: Uint8Array, value: Uint8Array | undefined): DescribedEntry {
    const module = this.#modules.get(store);
    const found = module && collectionOf(module, key);
    const plain = { key: hex(key), value: value === undefined ? null : hex(value) };
    if (found === undefined) return { collection: store, ...plain };
    const { name, declaration, isIndex } = found;
    const collection = `${module!.name}.${name}${isIndex ? ' index' : ''}`;
    if (isIndex || value === undefined) return { collection, ...this.#keyOnly(found, key, plain) };
    const entry = readEntry(declaration, key, value);
    if (entry === undefined) return { collection, ...plain };
    return { collection, key: this.#json(entry.key), value: this.#json(entry.value) };
  }

  /** Without a value only sets of keys say what a key means; a map needs a value to read its key. */
  #keyOnly(
    { declaration, isIndex }: FoundCollection,
    key: Uint8Array,
    plain: Omit<DescribedEntry, 'collection'>,
  ): Omit<DescribedEntry, 'collection'> {
    const read = isIndex ? undefined : readEntry(declaration, key, new Uint8Array(0));
    return read === undefined ? plain : { ...plain, key: this.#json(read.key) };
  }

  #json(value: unknown): JsonValue {
    if (typeof value === 'bigint') return value.toString();
    if (value instanceof Uint8Array) {
      const isAddress = value.length === ADDRESS_BYTES;
      return isAddress ? `${formatAddress(this.#prefix, value)} (${hex(value)})` : hex(value);
    }
    if (Array.isArray(value)) return value.map((each) => this.#json(each));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([name, member]) => [name, this.#json(member)]),
      );
    }
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return value;
    }
    return null;
  }
}

type Collection = Pick<Declarations[string], 'prefixes' | 'open'>;

interface FoundCollection {
  readonly name: string;
  readonly declaration: Collection;
  readonly isIndex: boolean;
}

/** The collection whose prefix begins the key. */
function collectionOf(module: Module, key: Uint8Array): FoundCollection | undefined {
  const { state, params, paramsItem } = module.definition;
  const starts = (prefix: Uint8Array): boolean =>
    prefix.length <= key.length && equalBytes(key.subarray(0, prefix.length), prefix);
  if (params !== undefined && paramsItem !== undefined && starts(prefixBytes(params.prefix))) {
    const declaration = {
      prefixes: [],
      ...paramsItem,
    } as unknown as FoundCollection['declaration'];
    return { name: 'params', declaration, isIndex: false };
  }
  for (const [name, declaration] of Object.entries(state)) {
    const at = declaration.prefixes.findIndex(starts);
    if (at >= 0) return { name, declaration, isIndex: at > 0 };
  }
  return undefined;
}

/** What the opened collections have in common. */
interface Readable {
  readonly entries?: () => Iterable<readonly [unknown, unknown]>;
  readonly get?: () => unknown;
  readonly peek?: () => unknown;
}

/** The entry as the collection reads it from a store that holds nothing else; undefined when it does not read. */
function readEntry(
  declaration: Collection,
  key: Uint8Array,
  value: Uint8Array,
): { readonly key: unknown; readonly value: unknown } | undefined {
  try {
    const opened = declaration.open(storeOf(key, value)) as Readable;
    if (opened.entries !== undefined) {
      for (const [read, content] of opened.entries()) return { key: read, value: content };
      return undefined;
    }
    return { key: '', value: opened.get?.() ?? opened.peek?.() };
  } catch {
    // Bytes that a module cannot read are shown as they are: that may be the very damage one looks for.
    return undefined;
  }
}

function storeOf(key: Uint8Array, value: Uint8Array): KVStore {
  const refuse = (): never => {
    throw new TypeError('an entry is only read');
  };
  return {
    get: (wanted) => (equalBytes(wanted, key) ? value : undefined),
    has: (wanted) => equalBytes(wanted, key),
    set: refuse,
    delete: refuse,
    iterate: () => [[key, value]],
  };
}

function hex(bytes: Uint8Array): string {
  const shown = toHex(bytes.subarray(0, MAX_BYTES_SHOWN));
  return bytes.length > MAX_BYTES_SHOWN ? `${shown}… (${bytes.length} bytes)` : shown;
}
