/** Errors of a module by the names in its table. */
import { type AnyDefinition, tableError } from './defineModule.ts';
import type { ChainError } from './errors.ts';

/** What makes each error of a module's table, with a detail in front. */
export function failuresOf(
  name: string,
  definition: AnyDefinition,
): Readonly<Record<string, (detail?: string) => ChainError>> {
  return Object.fromEntries(
    Object.entries(definition.errors ?? {}).map(([key, entry]) => [
      key,
      (detail?: string) => tableError(name, entry, detail),
    ]),
  );
}
