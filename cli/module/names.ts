/** The names under which a new module stands in code, `.proto` and documents. */

export interface ModuleNames {
  /** Folder, package, store and codespace: `tides`. */
  readonly name: string;
  /** In type names: `Tides`. */
  readonly pascal: string;
  /** In names of constants: `TIDES`. */
  readonly upper: string;
  /** In front of the numbers of clauses: `TID`. */
  readonly clause: string;
  /** Kind of its reports. */
  readonly kind: number;
}

const NAME = /^[a-z][a-z0-9]{2,19}$/;

/** Words that cannot name a constant of a TypeScript module, or that files beside the modules have. */
const RESERVED: ReadonlySet<string> = new Set(
  `app genesis all any arguments async await boolean break case catch class const constructor continue debugger default
  delete else enum eval export extends false finally for from function get implements import instanceof interface let
  module never new null number object package private protected public return set static string super switch symbol this
  throw true try type typeof undefined unknown var void while with yield`.split(/\s+/),
);

/** What stands beside the modules under `depind tx` and `depind query`, a store of another module, and a codespace. */
const TAKEN: ReadonlySet<string> = new Set(['acc', 'block', 'broadcast', 'help', 'sdk']);

/** @throws TypeError when no module can have that name. */
export function checkModuleName(name: string): void {
  if (!NAME.test(name)) {
    throw new TypeError(
      `name: expected 3 to 20 lower-case letters and digits, a letter first, got "${name.slice(0, 60)}"`,
    );
  }
  if (RESERVED.has(name) || TAKEN.has(name))
    throw new TypeError(`name: "${name}" has a meaning of its own`);
}

/** All names of a module. @throws TypeError when no module can have that name. */
export function moduleNames(name: string, kind: number): ModuleNames {
  checkModuleName(name);
  const pascal = name[0]!.toUpperCase() + name.slice(1);
  const upper = name.toUpperCase();
  return { name, pascal, upper, clause: upper.slice(0, 3), kind };
}
