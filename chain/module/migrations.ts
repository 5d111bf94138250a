/** Versions of a module's state, and the steps from one to the next that an upgrade runs. */
import type { Declaration } from '../state/declarations.ts';
import type { Module } from './defineModule.ts';
import { Bug } from './errors.ts';
import type { Frame } from './frame.ts';
import type { ModuleSet } from './moduleSet.ts';

/** The versions of a module's state: what the program has, and what the first chains began with. */
export interface Versions {
  readonly version: number;
  readonly firstVersion: number;
  readonly migrations: Readonly<Record<number, unknown>>;
}

/** @throws TypeError unless there is one migration to each version after the first, up to the module's. */
export function checkMigrations(module: string, versions: Versions): void {
  const { version, firstVersion, migrations } = versions;
  if (!Number.isInteger(version) || version < firstVersion || firstVersion < 1) {
    throw new TypeError(`${module}.version: expected ${firstVersion} or more, got ${version}`);
  }
  for (let to = firstVersion + 1; to <= version; to++) {
    if (migrations[to] === undefined) {
      throw new TypeError(`${module}.migrations: expected one to version ${to}`);
    }
  }
  for (const to of Object.keys(migrations)) {
    if (Number(to) > firstVersion && Number(to) <= version) continue;
    throw new TypeError(`${module}.migrations.${to}: the module is at version ${version}`);
  }
}

/**
 * The versions to which a module of version `from` is still to be migrated, in order.
 * @throws Bug when this program does not know the version that the chain has.
 */
export function stepsFrom(module: string, from: bigint, versions: Versions): readonly number[] {
  const { version, firstVersion } = versions;
  if (from < BigInt(firstVersion) || from > BigInt(version)) {
    throw new Bug(
      `module ${module}: the chain has version ${from}, this program ${firstVersion} to ${version}`,
    );
  }
  return Array.from({ length: version - Number(from) }, (_, i) => Number(from) + i + 1);
}

/** A module whose state is brought to the version of this program. */
export interface Migration {
  readonly module: Module;
  /** Undefined for a module that the chain does not have. */
  readonly from: bigint | undefined;
}

/**
 * Brings the state of a module from the version that the chain has to that of this program; a module that
 * the chain does not have starts with its default genesis.
 * @throws Bug when the chain has a version that this program does not know, or a new module names validators.
 */
export function migrate(modules: ModuleSet, { module, from }: Migration, frame: Frame): void {
  const { name, definition, storeName } = module;
  const context = modules.context(module, frame) as object;
  if (from === undefined) {
    const { genesis } = definition;
    const updates = genesis.init(context as never, genesis.default as never);
    if ((updates ?? []).length > 0) throw new Bug(`new module ${name} names validators`);
    return;
  }
  const open = (declaration: Declaration<unknown, unknown>): unknown =>
    declaration.open(frame.store(storeName));
  const migrating = Object.assign(Object.create(context) as object, { open });
  for (const version of stepsFrom(name, from, definition)) {
    definition.migrations[version]!(migrating as never);
  }
}
