/** What the modules do in a block beside its transactions. */
import type { ValidatorUpdate } from '../abci/types.ts';
import type { Module } from '../module/defineModule.ts';
import { Bug } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import type { ModuleSet } from '../module/moduleSet.ts';

/**
 * Runs a hook of all modules in their order; gives how they change the validator set.
 * @throws Bug naming height, hook and module when one breaks off: nobody's transaction fails for it, so the node halts.
 */
export function runHooks(
  modules: ModuleSet,
  frame: Frame,
  hook: 'beginBlock' | 'endBlock',
): readonly ValidatorUpdate[] {
  return modules.modules.flatMap((module) =>
    inHook({ module, hook, frame }, () => {
      return module.definition[hook]?.(modules.context(module, frame)) ?? [];
    }),
  );
}

/** Which code of a module runs, and in which block. */
interface Place {
  readonly module: Module;
  readonly hook: 'beginBlock' | 'endBlock' | 'extendVote' | 'onVoteExtensions';
  readonly frame: Frame;
}

/** Runs a hook of one module. @throws Bug naming height, hook and module when it breaks off. */
export function inHook<T>({ module, hook, frame }: Place, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    const at = `height ${frame.block.height}: ${hook} of module ${module.name}`;
    throw new Bug(`${at}: ${words}`, { cause });
  }
}
