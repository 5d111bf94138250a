/** Genesis: the `app_state` of a genesis file into the stores and back, one section a module, as `simd` writes it. */

import { fromUtf8 } from '../../wire/bytes.ts';
import type { ValidatorUpdate } from '../abci/types.ts';
import { type Descriptors, fromJson, type JsonObject, toJson } from '../descriptors/index.ts';
import type { Module } from '../module/defineModule.ts';
import { Bug, ChainError } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import { brokenInvariant } from '../module/invariants.ts';
import type { ModuleSet } from '../module/moduleSet.ts';

/** What is wrong with a genesis, naming the field. */
export class GenesisError extends Error {
  override readonly name = 'GenesisError';
}

/** The `app_state` of InitChain. @throws GenesisError for bytes that are no JSON. */
export function parseAppState(bytes: Uint8Array): unknown {
  if (bytes.length === 0) {
    throw new GenesisError(
      'app_state: expected an object with a section for each module, got none',
    );
  }
  try {
    return JSON.parse(fromUtf8(bytes, 'app_state'));
  } catch (error) {
    throw new GenesisError(`app_state: expected JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** The sections by module name. A section of a module that is not here is refused: what it holds would be lost. */
function sectionsOf(modules: ModuleSet, appState: unknown): Record<string, unknown> {
  if (typeof appState !== 'object' || appState === null || Array.isArray(appState)) {
    throw new GenesisError('app_state: expected an object with a section for each module');
  }
  const known = new Set(modules.modules.map((module) => module.name));
  for (const name of Object.keys(appState)) {
    if (!known.has(name)) {
      throw new GenesisError(
        `app_state.${name}: no such module; expected ${[...known].join(', ')}`,
      );
    }
  }
  return appState as Record<string, unknown>;
}

/**
 * Starts every module, in module order, from its section or from its default.
 * @throws GenesisError naming the field that is wrong.
 */
export function initGenesis(
  { modules, descriptors }: { modules: ModuleSet; descriptors: Descriptors },
  frame: Frame,
  appState: unknown,
): readonly ValidatorUpdate[] {
  const sections = sectionsOf(modules, appState);
  return modules.modules.flatMap((module) => {
    const section = sections[module.name];
    const state =
      section === undefined
        ? module.definition.genesis.default
        : decode(descriptors, module, section);
    try {
      return module.definition.genesis.init(modules.context(module, frame), state as never) ?? [];
    } catch (error) {
      if (!(error instanceof ChainError || error instanceof TypeError)) throw error;
      throw new GenesisError(`app_state.${module.name}.${error.message}`, { cause: error });
    }
  });
}

function decode(descriptors: Descriptors, module: Module, section: unknown): unknown {
  const { genesis } = module.definition;
  try {
    return genesis.type.decode(
      fromJson(descriptors, genesis.name, section as JsonObject, `app_state.${module.name}`),
    );
  } catch (error) {
    if (error instanceof TypeError) throw new GenesisError(error.message, { cause: error });
    throw error;
  }
}

/** The `app_state` that starts a chain with the state of this frame. */
export function exportGenesis(
  { modules, descriptors }: { modules: ModuleSet; descriptors: Descriptors },
  frame: Frame,
): JsonObject {
  const sections: JsonObject = {};
  for (const module of modules.modules) {
    const { genesis } = module.definition;
    const state = genesis.export(modules.view(module, frame));
    sections[module.name] = toJson(descriptors, genesis.name, genesis.type.encode(state).finish());
  }
  return sections;
}

/** The genesis of every module's defaults: what a new chain's file starts from. */
export function defaultGenesis({
  modules,
  descriptors,
}: {
  modules: ModuleSet;
  descriptors: Descriptors;
}): JsonObject {
  return Object.fromEntries(
    modules.modules.map((module) => {
      const { genesis } = module.definition;
      const bytes = genesis.type.encode(genesis.default).finish();
      return [module.name, toJson(descriptors, genesis.name, bytes)];
    }),
  );
}

/** @throws Bug naming the first invariant that does not hold. */
export function checkInvariants(modules: ModuleSet, frame: Frame): void {
  for (const module of modules.modules) {
    const broken = brokenInvariant(modules, module, frame);
    if (broken === undefined) continue;
    const { height } = frame.block;
    throw new Bug(`height ${height}: invariant of ${module.name} broken: ${broken}`);
  }
}
