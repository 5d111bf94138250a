/** What a module declares of its state, and how it is opened on a store. */
import { lazyPrototype } from '../module/lazy.ts';
import type { KVStore } from '../store/kvStore.ts';

/** A declared collection: `W` is what a message sees, `R` what a query sees, `G` what stands in a genesis. */
export interface Declaration<W, R, G = never> {
  readonly prefixes: readonly Uint8Array[];
  open(store: KVStore): W;
  /** Undefined for a collection of which nothing can be said to stand in a genesis. */
  readonly genesis?: GenesisField<W, G> | undefined;
  /** Whether what is derived from the entries agrees with them, or the words for what does not. */
  readonly invariant?: (store: KVStore) => true | string;
  /** Type only: the read-only face. */
  readonly view?: R;
}

/**
 * How a collection stands in a genesis: as one value, or as a list of entries. Writing an entry that stands
 * there already answers false.
 */
export type GenesisField<W, G> =
  | {
      readonly kind: 'one';
      read(opened: W): G;
      write(opened: W, value: G): unknown;
    }
  | {
      readonly kind: 'list';
      read(opened: W): Iterable<EntryOf<G>>;
      write(opened: W, entry: EntryOf<G>): boolean;
    };

type EntryOf<G> = G extends readonly (infer E)[] ? E : never;

/** The collections of a module by name. */
// biome-ignore lint/suspicious/noExplicitAny: each declaration has its own types; inference keeps them.
export type Declarations = Record<string, Declaration<any, any, any>>;

/** What a message sees of declared state. */
export type Opened<S extends Declarations> = {
  readonly [N in keyof S]: S[N] extends Declaration<infer W, infer _R, infer _G> ? W : never;
};

/** What a query sees of declared state: the same without writing. */
export type ReadOnly<S extends Declarations> = {
  readonly [N in keyof S]: S[N] extends Declaration<infer _W, infer R, infer _G> ? R : never;
};

/** What the collections of a module are in a genesis, by name. */
export type InGenesis<S extends Declarations> = {
  readonly [N in keyof S]: S[N] extends Declaration<infer _W, infer _R, infer G> ? G : never;
};

/** A name that no collection has. */
const STORE = Symbol('store');

/** Made once for each module, since every transaction opens its collections anew. */
const prototypes = new WeakMap<Declarations, object>();

/** Opens all collections of a module, each when it is first used. */
export function openState<S extends Declarations>(declarations: S, store: KVStore): Opened<S> {
  let prototype = prototypes.get(declarations);
  if (prototype === undefined) {
    const makers = Object.entries(declarations).map(([name, declaration]) => {
      const make = (self: { readonly [STORE]: KVStore }): unknown => declaration.open(self[STORE]);
      return [name, make] as const;
    });
    prototype = lazyPrototype(Object.fromEntries(makers));
    prototypes.set(declarations, prototype);
  }
  const state = Object.create(prototype) as { [STORE]: KVStore };
  state[STORE] = store;
  return state as unknown as Opened<S>;
}

/** @throws TypeError when a prefix of one collection begins another's: their keys would mix. */
export function checkPrefixes(module: string, declarations: Declarations): void {
  const taken: { name: string; prefix: Uint8Array }[] = [];
  for (const [name, declaration] of Object.entries(declarations)) {
    for (const prefix of declaration.prefixes) {
      if (prefix.length === 0) throw new TypeError(`${module}.${name}: prefix is empty`);
      for (const other of taken) {
        const shared = Math.min(prefix.length, other.prefix.length);
        if (prefix.subarray(0, shared).every((byte, i) => byte === other.prefix[i])) {
          throw new TypeError(`${module}: prefixes of ${other.name} and ${name} overlap`);
        }
      }
      taken.push({ name, prefix });
    }
  }
}
