/** A checkout of depind: where modules are written, and the list of them that a new one joins. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPORT_KIND } from '../../wire/reportPayload.ts';

/** The folder of the checkout that holds `start`. @throws Error when there is none. */
export function findCheckout(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isCheckout(folder)) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new Error(
    `${start} is in no checkout of depind: modules live beside modules/app.ts; with depind as a dependency see the guide "Write a module"`,
  );
}

function isCheckout(folder: string): boolean {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest) || !existsSync(join(folder, 'modules', 'app.ts'))) return false;
  const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly name?: unknown };
  return name === 'depind';
}

/** The first kind of report that no module takes: the next behind the greatest. */
export function nextReportKind(root: string): number {
  const kinds: number[] = Object.values(REPORT_KIND);
  for (const entry of readdirSync(join(root, 'modules'), { withFileTypes: true })) {
    const keys = join(root, 'modules', entry.name, 'keys.ts');
    if (!entry.isDirectory() || !existsSync(keys)) continue;
    for (const [, kind] of readFileSync(keys, 'utf8').matchAll(/\b[A-Z0-9_]+_KIND = (\d+)\b/g)) {
      kinds.push(Number(kind));
    }
  }
  return Math.max(...kinds) + 1;
}

const IMPORT = /^import \{ \w+ \} from '\.\/(\w+)\/module\.ts';$/;

/** Puts a module at the end of the list in modules/app.ts. @throws Error when the file has another form. */
export function joinModules(root: string, name: string): void {
  const path = join(root, 'modules', 'app.ts');
  const lines = readFileSync(path, 'utf8').split('\n');
  const imports = lines.flatMap((line, at) => {
    const found = IMPORT.exec(line)?.[1];
    return found === undefined ? [] : [{ name: found, at }];
  });
  const list = lines.findIndex((line) => line.startsWith('export const MODULES'));
  const end = lines.indexOf('];', list);
  const last = imports.at(-1);
  if (last === undefined || list < 0 || end < 0) {
    throw new Error(`${path}: found no list MODULES to put ${name} into`);
  }
  const behind = imports.find((each) => each.name > name)?.at ?? last.at + 1;
  lines.splice(end, 0, `  ${name},`);
  lines.splice(behind, 0, `import { ${name} } from './${name}/module.ts';`);
  writeFileSync(path, lines.join('\n'));
}
