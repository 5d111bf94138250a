/**
 * Makes a process as different from another one as the state machine must not notice: clock, chance, order of loading,
 * and whether bytes are shared.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A minute in the summer of 2001. */
const FROZEN_MS = 999_999_999_000;
/** Folders whose files run when a block does. */
const FOLDERS = ['modules', 'chain/module', 'chain/state', 'chain/store', 'chain/app'];

/** Freezes `Date`, `performance.now` and `Math.random`. */
export function freezeAmbience(): void {
  const RealDate = Date;
  const FrozenDate = new Proxy(RealDate, {
    construct: (target, arguments_) =>
      Reflect.construct(target, arguments_.length === 0 ? [FROZEN_MS] : arguments_) as Date,
    apply: (target) => new target(FROZEN_MS).toString(),
    get: (target, name) =>
      name === 'now' ? () => FROZEN_MS : (Reflect.get(target, name) as unknown),
  });
  globalThis.Date = FrozenDate;
  performance.now = () => 0;
  Math.random = () => 0.5;
}

/** Loads the files of the state machine from the last to the first. */
export async function importInReverse(): Promise<number> {
  const root = new URL('../', import.meta.url);
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name}`)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .filter((name) => !name.includes('/testing/') && !name.endsWith('Worker.ts')),
  );
  const reversed = files.sort().reverse();
  for (const name of reversed) {
    await import(pathToFileURL(fileURLToPath(new URL(name, root))).href);
  }
  return reversed.length;
}

/**
 * Lends copies where other processes lend the arrays that they keep: a module that writes into what it was given changes
 * what others read there, and nothing here.
 */
export async function lendCopies(): Promise<void> {
  const [{ BufferedStore }, { RecentMap }] = await Promise.all([
    import('../chain/store/bufferedStore.ts'),
    import('../chain/store/recentMap.ts'),
  ]);
  const { get } = BufferedStore.prototype;
  BufferedStore.prototype.get = function (key) {
    return get.call(this, key)?.slice();
  };
  RecentMap.prototype.get = () => undefined;
}
