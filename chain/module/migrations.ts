/** Versions of a module's state, and the steps from one to the next that an upgrade runs. */
import { Bug } from './errors.ts';

/** @throws TypeError unless there is one migration to each version from 2 to the module's. */
export function checkMigrations(
  module: string,
  version: number,
  migrations: Readonly<Record<number, unknown>>,
): void {
  if (!Number.isInteger(version) || version < 1) {
    throw new TypeError(`${module}.version: expected 1 or more, got ${version}`);
  }
  for (let to = 2; to <= version; to++) {
    if (migrations[to] === undefined) {
      throw new TypeError(`${module}.migrations: expected one to version ${to}`);
    }
  }
  for (const to of Object.keys(migrations)) {
    const isStep = /^[1-9][0-9]*$/.test(to) && Number(to) >= 2 && Number(to) <= version;
    if (!isStep) {
      throw new TypeError(`${module}.migrations.${to}: the module is at version ${version}`);
    }
  }
}

/**
 * The versions to which a module of version `from` is still to be migrated, in order.
 * @throws Bug when the chain has a later version than this program.
 */
export function stepsFrom(module: string, from: bigint, to: number): readonly number[] {
  if (from < 1n || from > BigInt(to)) {
    throw new Bug(`module ${module}: the chain has version ${from}, this program ${to}`);
  }
  return Array.from({ length: to - Number(from) }, (_, i) => Number(from) + i + 1);
}
