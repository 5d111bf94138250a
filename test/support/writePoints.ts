/** Stops at every write to the disk that the program makes, to look at the files as a killed process leaves them. */
import fs from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { ClassicLevel } from 'classic-level';

/** What is about to be written, or has just been. */
export type OnWrite = (point: string) => void;

// biome-ignore lint/complexity/noBannedTypes: any method can stand here.
type Methods = Record<string, Function>;

/**
 * Calls `onWrite` before and after each batch of Level, and each write, flush, renaming and removal of a file, until
 * what it returns is called. A file system that does not lie keeps what was written before the process dies.
 */
export async function watchWrites(onWrite: OnWrite): Promise<() => void> {
  const undo: (() => void)[] = [];
  let isWatching = true;
  // What Node loads while methods are wrapped may hold them for good, as its copying of folders does.
  const tell: OnWrite = (point) => {
    if (isWatching) onWrite(point);
  };
  const watch = (target: object, names: readonly string[]) => {
    for (const name of names) undo.push(wrap(target as Methods, name, tell));
  };
  const handle = await open('/dev/null');
  watch(Object.getPrototypeOf(handle) as FileHandle, ['writeFile', 'sync']);
  await handle.close();
  watch(fs.promises, ['rename', 'rm', 'mkdir']);
  watch(fs, ['rmSync']);
  undo.push(wrapBatches(tell));
  syncBuiltinESMExports();
  return () => {
    isWatching = false;
    for (const back of undo) back();
    syncBuiltinESMExports();
  };
}

function wrap(target: Methods, name: string, onWrite: OnWrite): () => void {
  const original = target[name]!;
  target[name] = function (this: unknown, ...args: unknown[]) {
    onWrite(`before ${name}`);
    const result: unknown = original.apply(this, args);
    if (!(result instanceof Promise)) {
      onWrite(`after ${name}`);
      return result;
    }
    return result.then((value) => {
      onWrite(`after ${name}`);
      return value;
    });
  };
  return () => {
    target[name] = original;
  };
}

/** Level's batches come as a list, or as an object that collects changes until it is written. */
function wrapBatches(onWrite: OnWrite): () => void {
  const methods = ClassicLevel.prototype as unknown as Methods;
  const original = methods.batch!;
  methods.batch = function (this: unknown, ...args: unknown[]) {
    if (args.length === 0) {
      const chained = original.apply(this, args) as Methods;
      wrap(chained, 'write', (point) => onWrite(`${point} of a batch`));
      return chained;
    }
    onWrite('before a batch');
    return (original.apply(this, args) as Promise<unknown>).then((value) => {
      onWrite('after a batch');
      return value;
    });
  };
  return () => {
    methods.batch = original;
  };
}
