/** Refuses async functions in a declaration: what follows an `await` would run when the block is over. */

/** What of a declaration is called by others, or is the declaration of others. */
const NOT_LOOKED_INTO: ReadonlySet<string> = new Set(['uses', 'msg', 'query', 'type', 'events']);
/** `on.module.hook`, and one more. */
const MAX_DEPTH = 4;

/** @throws TypeError naming the first function that is async. */
export function checkSynchronous(path: string, declared: object, depth = 1): void {
  for (const [name, part] of Object.entries(declared)) {
    const at = `${path}.${name}`;
    if (typeof part === 'function' && isAsync(part)) {
      throw new TypeError(`${at}: expected a function that does not wait, got an async one`);
    }
    const isPlain = typeof part === 'object' && part !== null && !ArrayBuffer.isView(part);
    if (isPlain && depth < MAX_DEPTH && !NOT_LOOKED_INTO.has(name)) {
      checkSynchronous(at, part as object, depth + 1);
    }
  }
}

/** What the language calls it, whatever its own name; generators that wait are among them. */
const isAsync = (part: unknown): boolean =>
  /^\[object Async(Generator)?Function\]$/.test(Object.prototype.toString.call(part));
