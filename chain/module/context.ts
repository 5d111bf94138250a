/** What the code of a module sees: a context where it may write, a view where it may only read. */
import type { Declaration, Declarations, Opened, ReadOnly } from '../state/declarations.ts';
import type { Addresses } from './addresses.ts';
import type { AnyDefinition } from './definition.ts';
import type { ChainError } from './errors.ts';
import type { EventAttributes, EventType } from './events.ts';
import type { BlockInfo, Environment } from './frame.ts';
import type { TypeOf } from './service.ts';

// biome-ignore-start lint/suspicious/noExplicitAny: the bounds of inferred type parameters; every use is inferred.
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

/** Event types by the name under which the module emits them: messages of its `.proto`. */
export type EventTable = Readonly<Record<string, EventType<any>>>;

type ApiOf<M> = M extends Module<infer A, infer V, any> ? A & V : never;
type ViewsOf<M> = M extends Module<any, infer V, any> ? V : never;
export type HooksOf<M> = M extends Module<any, any, infer H> ? H : never;
// biome-ignore-end lint/suspicious/noExplicitAny: as above.

export type Uses = Record<string, Module>;

/** Code and words of each error; `notFound` marks those that say that something is not there. */
export type ErrorTable = Record<
  string,
  readonly [code: number, message: string, kind?: 'notFound']
>;

type Fail<E extends ErrorTable> = { readonly [N in keyof E]: (detail?: string) => ChainError };
type Emit<Ev extends EventTable> = {
  readonly [N in keyof Ev]: (event: TypeOf<Ev[N]>) => void;
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
    /** Emits an event of the module's `.proto`. */
    readonly emit: Emit<Ev>;
    /** Calls the hook in every module that answers it, in module order; gives their answers. */
    readonly hooks: {
      readonly [N in keyof H]: (...parameters: Parameters<H[N]>) => readonly ReturnType<H[N]>[];
    };
    /** Addresses of this chain. */
    readonly addresses: Addresses;
    /** @throws what the check of the params' declaration throws. */
    setParams(params: P): void;
    /** Pays for work that is not a store operation. */
    consumeGas(amount: bigint, operation: string): void;
    /** Runs the action in a branch of the state; a ChainError drops the branch and is returned. */
    attempt(action: (context: Context<U, P, S, E, Ev, H>) => void): ChainError | undefined;
    /** Puts content beside the state; nothing in the state machine can read it back. */
    archive(key: Uint8Array, value: Uint8Array): void;
    /** Emits an event that is not of the module's `.proto`, as the SDK's modules do. */
    emitRaw(type: string, attributes: EventAttributes): void;
  } & { readonly [N in keyof U]: ApiOf<U[N]> };

/** What a migration sees: the context, and the module's store as an older version declared it. */
export type Migrating<C> = C & {
  /** Opens a collection that an older version of the module had. */
  open<W>(declaration: Declaration<W, unknown, unknown>): W;
};
