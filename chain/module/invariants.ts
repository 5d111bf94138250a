/** Invariants: what holds after every block, as modules declare it and as follows from their indexes. */
import type { Module } from './defineModule.ts';
import type { Frame } from './frame.ts';
import type { ModuleSet } from './moduleSet.ts';

/** The first invariant of a module that does not hold, its own or of an index of its state; undefined when all do. */
export function brokenInvariant(
  modules: ModuleSet,
  module: Module,
  frame: Frame,
): string | undefined {
  const { definition, storeName } = module;
  const view = modules.view(module, frame);
  for (const [name, holds] of Object.entries(definition.invariants ?? {})) {
    const verdict = holds(view);
    if (verdict !== true) return `${name}: ${verdict}`;
  }
  for (const [name, { invariant }] of Object.entries(definition.state)) {
    const verdict = invariant?.(frame.raw(storeName)) ?? true;
    if (verdict !== true) return `the indexes of ${name} agree with it: ${verdict}`;
  }
  return undefined;
}
