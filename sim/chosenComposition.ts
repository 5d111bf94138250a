/** The application that a run was asked to simulate. */
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Composition } from './composition.ts';

/** A function that gives a composition, and where it stands. */
export interface ChosenComposition {
  readonly file: string;
  readonly name: string;
  make(): Promise<Composition>;
}

const DEPIND = `${fileURLToPath(new URL('./composition.ts', import.meta.url))}#depindComposition`;

/**
 * The export that `file#name` stands for; depind by default. The name may be left out for `composition`.
 * @throws TypeError when the file has no such function.
 */
export async function chooseComposition(text: string = DEPIND): Promise<ChosenComposition> {
  const [path = '', name = 'composition'] = text.split('#');
  const file = resolve(path);
  const loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const make = loaded[name];
  if (typeof make !== 'function') {
    throw new TypeError(`--composition: ${file} exports no function "${name}"`);
  }
  return { file, name, make: make as ChosenComposition['make'] };
}
