/**
 * A module declared: state, messages, queries, genesis, events, errors, hooks and invariants, from which the engine
 * derives the rest. Types are inferred from the declaration: a missing handler, a query that writes, an undeclared
 * error or event, another module's state do not compile.
 */
import type { ValidatorUpdate } from '../abci/types.ts';
import { type Item, item } from '../state/collections.ts';
import {
  checkPrefixes,
  type Declarations,
  type Opened,
  type ReadOnly,
} from '../state/declarations.ts';
import type { Prefix } from '../state/prefix.ts';
import type { MessageCodec } from '../state/values.ts';
import type { Addresses } from './addresses.ts';
import { Bug, ChainError } from './errors.ts';
import type { EventAttributes } from './events.ts';
import type { BlockInfo, Environment } from './frame.ts';

// biome-ignore-start lint/suspicious/noExplicitAny: the bounds of inferred type parameters; every use is inferred.
/** A service as ts-proto generates it (outputServices=generic-definitions). */
export interface ServiceDefinition {
  readonly fullName: string;
  readonly methods: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly requestType: MessageCodec<any>;
        readonly responseType: MessageCodec<any>;
      }
    >
  >;
}

/** A hook that one module calls and others answer. */
export type Hooks = Record<string, (...parameters: any[]) => unknown>;

/** Another module as `uses` names it: only what it offers is visible. */
export interface Module<A = any, V = any, H extends Hooks = any> {
  readonly name: string;
  readonly storeName: string;
  readonly definition: AnyDefinition;
  /** Type only. */
  readonly offers?: { readonly api: A; readonly views: V; readonly hooks: H };
}

type TypeOf<C> = C extends { decode(input: any, length?: number): infer T } ? T : never;
type ApiOf<M> = M extends Module<infer A, infer V, any> ? A & V : never;
type ViewsOf<M> = M extends Module<any, infer V, any> ? V : never;
type HooksOf<M> = M extends Module<any, any, infer H> ? H : never;
// biome-ignore-end lint/suspicious/noExplicitAny: as above.

export type Uses = Record<string, Module>;
/** Code and words of each error; `notFound` marks those that say that something is not there. */
export type ErrorTable = Record<
  string,
  readonly [code: number, message: string, kind?: 'notFound']
>;
export type EventTable = Record<string, readonly string[]>;

/** One handler for every method of a service. */
export type Handlers<D extends ServiceDefinition, C> = {
  readonly [M in keyof D['methods']]: (
    context: C,
    request: TypeOf<D['methods'][M]['requestType']>,
  ) => TypeOf<D['methods'][M]['responseType']>;
};

type Fail<E extends ErrorTable> = { readonly [N in keyof E]: (detail?: string) => ChainError };
type Emit<Ev extends EventTable> = {
  readonly [N in keyof Ev]: (attributes: Readonly<Record<Ev[N][number], string>>) => void;
};

/** What a query sees. It cannot write. */
export type View<U extends Uses, P, S extends Declarations, E extends ErrorTable> = BlockInfo &
  Environment & {
    readonly params: P;
    readonly state: ReadOnly<S>;
    readonly fail: Fail<E>;
    /** Content beside the state, by the root that stands in it. */
    archived(key: Uint8Array): Uint8Array | undefined;
  } & { readonly [N in keyof U]: ViewsOf<U[N]> };

/** What a message, hook or genesis handler sees. */
export type Context<
  U extends Uses,
  P,
  S extends Declarations,
  E extends ErrorTable,
  Ev extends EventTable,
  H extends Hooks,
> = BlockInfo &
  Environment & {
    readonly params: P;
    readonly state: Opened<S>;
    readonly fail: Fail<E>;
    readonly emit: Emit<Ev>;
    /** Calls the hook in every module that answers it, in module order; gives their answers. */
    readonly hooks: {
      readonly [N in keyof H]: (...parameters: Parameters<H[N]>) => readonly ReturnType<H[N]>[];
    };
    /** Addresses of this chain. */
    readonly addresses: Addresses;
    setParams(params: P): void;
    /** Pays for work that is not a store operation. */
    consumeGas(amount: bigint, operation: string): void;
    /** Runs the action in a branch of the state; a ChainError drops the branch and is returned. */
    attempt(action: (context: Context<U, P, S, E, Ev, H>) => void): ChainError | undefined;
    /** Puts content beside the state; nothing in the state machine can read it back. */
    archive(key: Uint8Array, value: Uint8Array): void;
    /** Emits an event of a type that is not the module's own, as the SDK's modules do. */
    emitRaw(type: string, attributes: EventAttributes): void;
  } & { readonly [N in keyof U]: ApiOf<U[N]> };

// biome-ignore lint/suspicious/noConfusingVoidType: a handler may end without a return.
type Updates = readonly ValidatorUpdate[] | void;

/** The definition with its types forgotten, as the engine calls it. */
export interface AnyDefinition {
  readonly uses?: Uses;
  readonly params?: { prefix: Prefix; type: MessageCodec<unknown>; default: unknown };
  readonly paramsItem: { open(store: never): Item<unknown> } | undefined;
  readonly state: Declarations;
  readonly errors?: ErrorTable;
  readonly events?: EventTable;
  readonly msg?: ServiceDefinition;
  readonly messages?: Record<string, (context: never, request: never) => unknown>;
  readonly query?: ServiceDefinition;
  readonly queries?: Record<string, (view: never, request: never) => unknown>;
  readonly genesis: {
    readonly type: MessageCodec<unknown>;
    /** Full protobuf name of the type. */
    readonly name: string;
    readonly default: unknown;
    init(context: never, genesis: never): readonly ValidatorUpdate[] | undefined;
    export(view: never): unknown;
  };
  readonly on?: Record<string, Record<string, (context: never, ...parameters: never[]) => unknown>>;
  beginBlock?(context: never): void;
  endBlock?(context: never): readonly ValidatorUpdate[] | undefined;
  readonly invariants?: Record<string, (view: never) => boolean | string>;
  api?(context: never): object;
  views?(view: never): object;
}

// biome-ignore lint/complexity/noBannedTypes: the neutral element of &: a module that offers nothing adds nothing.
type Nothing = {};

/** A module that declares neither messages nor queries uses a service without methods. */
export const NO_SERVICE = { fullName: '', methods: {} } as const satisfies ServiceDefinition;

/** The named methods of a service: what a module serves when it does not serve all of it. */
export function only<D extends ServiceDefinition, N extends keyof D['methods']>(
  service: D,
  ...names: readonly N[]
): { readonly fullName: string; readonly methods: Pick<D['methods'], N> } {
  const methods = Object.fromEntries(names.map((name) => [name, service.methods[name as string]]));
  return { fullName: service.fullName, methods: methods as unknown as Pick<D['methods'], N> };
}

/**
 * Declares a module. The first argument is its name and codespace.
 * @throws TypeError when prefixes overlap or two errors share a code.
 */
export function defineModule<
  const N extends string,
  M extends ServiceDefinition,
  Q extends ServiceDefinition,
  G,
  P = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no collections.
  S extends Declarations = {},
  U extends Uses = Nothing,
  const E extends ErrorTable = Nothing,
  const Ev extends EventTable = Nothing,
  H extends Hooks = Nothing,
  A extends object = Nothing,
  V extends object = Nothing,
>(
  name: N,
  definition: {
    /** The store's name where it is not the module's (the SDK's auth keeps `acc`). */
    readonly storeName?: string;
    /** Modules whose offers the handlers may call. */
    readonly uses?: U;
    readonly params?: {
      readonly prefix: Prefix;
      readonly type: MessageCodec<P>;
      readonly default: NoInfer<P>;
    };
    readonly state?: S;
    readonly errors?: E;
    /** Event names with their attributes. */
    readonly events?: Ev;
    readonly msg: M;
    readonly messages: Handlers<NoInfer<M>, Context<U, P, S, E, Ev, H>>;
    readonly query: Q;
    readonly queries: Handlers<NoInfer<Q>, View<U, P, S, E>>;
    readonly genesis: {
      /** Full protobuf name of the type: how genesis JSON is read and written. */
      readonly name: string;
      readonly type: MessageCodec<G>;
      readonly default: NoInfer<G>;
      /** May name the validators that the chain starts with. */
      init(context: Context<U, P, S, E, Ev, H>, genesis: NoInfer<G>): Updates;
      export(view: View<U, P, S, E>): NoInfer<G>;
    };
    /** Hooks that this module calls: name to a function type, `hook<(…) => …>()`. */
    readonly hooks?: H;
    /** Answers to the hooks of modules in `uses`. */
    readonly on?: {
      readonly [O in keyof U]?: {
        readonly [K in keyof HooksOf<U[O]>]?: HooksOf<U[O]>[K] extends (
          ...parameters: infer Parameters
        ) => infer Answer
          ? (context: Context<U, P, S, E, Ev, H>, ...parameters: Parameters) => Answer
          : never;
      };
    };
    beginBlock?(context: Context<U, P, S, E, Ev, H>): void;
    /** May change the validator set. */
    endBlock?(context: Context<U, P, S, E, Ev, H>): Updates;
    /** Each returns true, or false or the words for what is wrong. */
    readonly invariants?: Readonly<Record<string, (view: View<U, P, S, E>) => boolean | string>>;
    /** What messages of other modules may call. */
    api?(context: Context<U, P, S, E, Ev, H>): A;
    /** What queries and messages of other modules may read. */
    views?(view: View<U, P, S, E>): V;
  },
): Module<A, V, H> {
  const state = definition.state ?? ({} as S);
  const paramsItem = definition.params && item(definition.params.prefix, definition.params.type);
  checkPrefixes(name, paramsItem ? { params: paramsItem, ...state } : state);
  checkErrors(name, definition.errors ?? {});
  return {
    name,
    storeName: definition.storeName ?? name,
    definition: { ...definition, state, paramsItem } as unknown as AnyDefinition,
  };
}

/** Declares the type of a hook; the answers are in the modules that listen. */
export function hook<F extends (...parameters: never[]) => unknown>(): F {
  return (() => {
    throw new Bug('a hook is called through context.hooks');
  }) as unknown as F;
}

function checkErrors(name: string, errors: ErrorTable): void {
  const seen = new Set<number>();
  for (const [key, [code]] of Object.entries(errors)) {
    if (!Number.isInteger(code) || code < 2) {
      throw new TypeError(`${name}.errors.${key}: expected a code from 2 up, got ${code}`);
    }
    if (seen.has(code)) throw new TypeError(`${name}.errors.${key}: code ${code} is taken`);
    seen.add(code);
  }
}

/** A ChainError of a module's table, with the detail in front. */
export function tableError(
  module: string,
  [code, message, kind]: ErrorTable[string],
  detail?: string,
): ChainError {
  const text = detail === undefined ? message : `${detail}: ${message}`;
  return new ChainError(module, code, text, kind === 'notFound');
}
