/**
 * A module declared: state, messages, queries, genesis, events, errors, hooks and invariants, from which the engine
 * derives the rest. Types are inferred from the declaration: a missing handler, a query that writes, an undeclared
 * error or event, another module's state do not compile.
 */
import { item } from '../state/collections.ts';
import { checkPrefixes, type Declarations } from '../state/declarations.ts';
import { checkDeclaration, type Declared } from './checkDeclaration.ts';
import { checkSynchronous } from './checkSynchronous.ts';
import type { ErrorTable, EventTable, Hooks, Module, Uses } from './context.ts';
import type { AnyDefinition, AnyGenesis, ModuleDefinition, OwnGenesis } from './definition.ts';
import { deriveGenesis, type Source } from './derivedGenesis.ts';
import { Bug, ChainError } from './errors.ts';
import { checkEvents } from './events.ts';
import { checkMigrations } from './migrations.ts';
import type { ServiceDefinition } from './service.ts';

export type { Context, ErrorTable, EventTable, Migrating, Module, Uses, View } from './context.ts';
export type { AnyDefinition, CommittedExtension, VoteExtension } from './definition.ts';
export type { Refuse } from './derivedGenesis.ts';
export { NO_GENESIS } from './noGenesis.ts';
export { type Handlers, NO_SERVICE, only, type ServiceDefinition } from './service.ts';

// biome-ignore lint/complexity/noBannedTypes: the neutral element of &: a module that offers nothing adds nothing.
type Nothing = {};

/**
 * Declares a module. The first argument is its name and codespace.
 * @throws TypeError when prefixes overlap, two errors share a code, a name means something else in a context, a function
 * is async, a handler or a migration is missing, or a derived genesis does not hold a collection.
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
>(name: N, definition: ModuleDefinition<M, Q, G, P, S, U, E, Ev, H, A, V>): Module<A, V, H> {
  const state = definition.state ?? ({} as S);
  const paramsItem = definition.params && item(definition.params.prefix, definition.params.type);
  checkPrefixes(name, paramsItem ? { params: paramsItem, ...state } : state);
  checkSynchronous(name, definition);
  checkDeclaration(name, definition as unknown as Declared);
  checkEvents(name, definition.events ?? {});
  const { firstVersion = 1, version = firstVersion, migrations = {} } = definition;
  const versions = { version, firstVersion, migrations };
  checkVoteExtensions(name, definition);
  checkMigrations(name, versions);
  const genesis = genesisOf({ name, state, ...definition } as unknown as Source);
  return {
    name,
    storeName: definition.storeName ?? name,
    definition: {
      ...definition,
      ...versions,
      state,
      paramsItem,
      genesis,
    } as unknown as AnyDefinition,
  };
}

function genesisOf(source: Source): AnyGenesis {
  const genesis = source.genesis as Partial<OwnGenesis<unknown, unknown, unknown>>;
  if (genesis.init === undefined || genesis.export === undefined) return deriveGenesis(source);
  return { ...genesis, name: source.genesis.type.$type } as AnyGenesis;
}

/** Declares the type of a hook; the answers are in the modules that listen. */
export function hook<F extends (...parameters: never[]) => unknown>(): F {
  return (() => {
    throw new Bug('a hook is called through context.hooks');
  }) as unknown as F;
}

function checkVoteExtensions(
  name: string,
  {
    extendVote,
    verifyVoteExtension,
    onVoteExtensions,
  }: { extendVote?: unknown; verifyVoteExtension?: unknown; onVoteExtensions?: unknown },
): void {
  if ((extendVote === undefined) !== (verifyVoteExtension === undefined)) {
    throw new TypeError(`${name}: extendVote and verifyVoteExtension stand together or not at all`);
  }
  if (onVoteExtensions !== undefined && extendVote === undefined) {
    throw new TypeError(`${name}: onVoteExtensions needs extendVote, or there is nothing to hear`);
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
