/** What a module declares, as its author writes it and as the engine calls it. */
import type { ValidatorUpdate } from '../abci/types.ts';
import type { SignatureJob } from '../crypto/backend.ts';
import type { Item } from '../state/collections.ts';
import type { Declarations } from '../state/declarations.ts';
import type { Prefix } from '../state/prefix.ts';
import type { MessageCodec } from '../state/values.ts';
import type {
  Context,
  ErrorTable,
  EventTable,
  Hooks,
  HooksOf,
  Migrating,
  Uses,
  View,
} from './context.ts';
import type { DerivedGenesis } from './derivedGenesis.ts';
import type { Handlers, ServiceDefinition, TypeOf } from './service.ts';

/** What another validator added to its precommit. */
export interface VoteExtension {
  /** The address of the validator, 20 bytes. */
  readonly validator: Uint8Array;
  /** This module's part of what it added. */
  readonly extension: Uint8Array;
}

/** What a validator added to its vote for the block before, and how much it weighs. */
export interface CommittedExtension extends VoteExtension {
  /** Its voting power in that block. */
  readonly power: bigint;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a handler may end without a return.
export type Updates = readonly ValidatorUpdate[] | void;

/** A genesis that the module reads and writes by itself. */
export interface OwnGenesis<G, C, V> {
  readonly type: MessageCodec<G>;
  readonly default: NoInfer<G>;
  /** May name the validators that the chain starts with. */
  init(context: C, genesis: NoInfer<G>): Updates;
  export(view: V): NoInfer<G>;
  /** The same field by field, lists entry by entry: for a state that is too large to be held as one object. */
  fields?(view: V): Iterable<GenesisField<NoInfer<G>>>;
}

/** A field of a genesis, a list as anything that can be walked. */
export type GenesisField<G> = {
  readonly [N in keyof G & string]: readonly [
    field: N,
    value: G[N] extends readonly (infer E)[] ? Iterable<E> : G[N],
  ];
}[keyof G & string];

/** The genesis with these fields, lists in full. */
export function gatherFields<G>(fields: Iterable<GenesisField<G>>): G {
  const isList = (value: unknown): value is Iterable<unknown> =>
    typeof value === 'object' &&
    value !== null &&
    Symbol.iterator in value &&
    !(value instanceof Uint8Array);
  const entries = [...fields].map(([name, value]) => [name, isList(value) ? [...value] : value]);
  return Object.fromEntries(entries) as G;
}

/** The definition with its types forgotten, as the engine calls it. */
export interface AnyDefinition {
  readonly uses?: Uses;
  readonly version: number;
  readonly firstVersion: number;
  readonly migrations: Readonly<Record<number, (context: never) => void>>;
  readonly params?: {
    readonly prefix: Prefix;
    readonly type: MessageCodec<unknown>;
    readonly default: unknown;
    readonly check?: (params: never) => unknown;
  };
  readonly paramsItem: { open(store: never): Item<unknown> } | undefined;
  readonly state: Declarations;
  readonly errors?: ErrorTable;
  readonly events?: EventTable;
  readonly msg?: ServiceDefinition;
  readonly messages?: Record<string, (context: never, request: never) => unknown>;
  readonly gas?: Readonly<Record<string, bigint>>;
  readonly signatures?: Record<string, (view: never, request: never) => readonly SignatureJob[]>;
  readonly query?: ServiceDefinition;
  readonly queries?: Record<string, (view: never, request: never) => unknown>;
  readonly genesis: AnyGenesis;
  readonly on?: Record<string, Record<string, (context: never, ...parameters: never[]) => unknown>>;
  beginBlock?(context: never): void;
  endBlock?(context: never): readonly ValidatorUpdate[] | undefined;
  extendVote?(view: never): Uint8Array;
  verifyVoteExtension?(view: never, vote: VoteExtension): boolean;
  onVoteExtensions?(context: never, votes: readonly CommittedExtension[]): void;
  readonly invariants?: Record<string, (view: never) => boolean | string>;
  api?(context: never): object;
  views?(view: never): object;
}

/** The genesis of a module, its own or derived. */
export interface AnyGenesis {
  readonly type: MessageCodec<unknown>;
  /** Full protobuf name of the type: how genesis JSON is read and written. */
  readonly name: string;
  readonly default: unknown;
  init(context: never, genesis: never): readonly ValidatorUpdate[] | undefined;
  export(view: never): unknown;
  /** Field by field, lists entry by entry, where the genesis is derived: the export of a state that is large. */
  fields?(view: never): Iterable<readonly [field: string, value: unknown]>;
}

/** What `defineModule` takes; the types are inferred from it. */
export interface ModuleDefinition<
  M extends ServiceDefinition,
  Q extends ServiceDefinition,
  G,
  P,
  S extends Declarations,
  U extends Uses,
  E extends ErrorTable,
  Ev extends EventTable,
  H extends Hooks,
  A extends object,
  V extends object,
> {
  /** The store's name where it is not the module's (the SDK's auth keeps `acc`). */
  readonly storeName?: string;
  /** Version of the state's layout. @default firstVersion */
  readonly version?: number;
  /** The version that the first chains with this module had. @default 1 */
  readonly firstVersion?: number;
  /** By the version that each one makes of the one before; an upgrade runs those that a chain lacks, in order. */
  readonly migrations?: Readonly<
    Record<number, (context: Migrating<Context<U, P, S, E, Ev, H>>) => void>
  >;
  /** Modules whose offers the handlers may call. */
  readonly uses?: U;
  readonly params?: {
    readonly prefix: Prefix;
    readonly type: MessageCodec<P>;
    readonly default: NoInfer<P>;
    /** Throws for params that cannot be; whoever sets them hears of it. */
    readonly check?: (params: NoInfer<P>) => unknown;
  };
  readonly state?: S;
  readonly errors?: E;
  /** Messages of the `.proto` whose names begin with Event. */
  readonly events?: Ev;
  readonly msg: M;
  readonly messages: Handlers<NoInfer<M>, Context<U, P, S, E, Ev, H>>;
  /** Gas of a message on top of that of its reads and writes. */
  readonly gas?: { readonly [N in keyof NoInfer<M>['methods']]?: bigint };
  /**
   * The signatures inside a message that its handler will verify, as far as they can be told before it runs: those of
   * a block are verified ahead, on all cores. A hint alone: the handler verifies them as if there were none.
   */
  readonly signatures?: {
    readonly [N in keyof NoInfer<M>['methods']]?: (
      view: View<U, P, S, E>,
      message: TypeOf<NoInfer<M>['methods'][N]['requestType']>,
    ) => readonly SignatureJob[];
  };
  readonly query: Q;
  readonly queries: Handlers<NoInfer<Q>, View<U, P, S, E>>;
  /** With `init` and `export` the module's own, without them derived from params and state. */
  readonly genesis:
    | OwnGenesis<G, Context<U, P, S, E, Ev, H>, View<U, P, S, E>>
    | DerivedGenesis<G, S, Context<U, P, S, E, Ev, H>, View<U, P, S, E>>;
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
  /** What this validator adds to its precommit for the block after the state; not the same on all validators. */
  extendVote?(view: View<U, P, S, E>): Uint8Array;
  /** Whether another validator's addition may count: a vote whose addition is refused does not. A throw refuses too. */
  verifyVoteExtension?(view: View<U, P, S, E>, vote: VoteExtension): boolean;
  /**
   * Runs before everything else of a block whose votes before carried extensions: what validators with more than two
   * thirds of the power signed, in the order of the set; those that added nothing of this module are left out. A
   * proposer that colludes with a validator can bring an addition that others refused: check again what must hold.
   */
  onVoteExtensions?(
    context: Context<U, P, S, E, Ev, H>,
    votes: readonly CommittedExtension[],
  ): void;
  /** Each returns true, or false or the words for what is wrong. */
  readonly invariants?: Readonly<Record<string, (view: View<U, P, S, E>) => boolean | string>>;
  /** What messages of other modules may call. */
  api?(context: Context<U, P, S, E, Ev, H>): A;
  /** What queries and messages of other modules may read. */
  views?(view: View<U, P, S, E>): V;
}
