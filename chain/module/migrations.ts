/** Versions of a module's state, and the steps from one to the next that an upgrade runs. */
import { Bug } from './errors.ts';

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
