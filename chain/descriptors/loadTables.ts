/** Brings the tables of descriptors into a process. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileTables } from './compile.ts';
import { loadRoot } from './root.ts';
import { fileOfTables, type Tables, tablesOfFile } from './tables.ts';
import { checksumOfTexts, ownFolder } from './texts.ts';

/** Where the tables of this installation's texts are kept. */
export function tablesPath(): string {
  return join(ownFolder(), 'descriptors.json');
}

/**
 * The tables of all texts: from the file when it was made of these texts, else from the texts themselves.
 * @throws Error naming a text that is missing or wrong.
 */
export function loadTables(addedFolders: readonly string[] = []): Tables {
  return (addedFolders.length === 0 && savedTables()) || compileTables(loadRoot(addedFolders));
}

/** The tables in the file; undefined when it is missing, of other texts, or changed by hand. */
export function savedTables(): Tables | undefined {
  const path = tablesPath();
  return existsSync(path) ? tablesOfFile(readFileSync(path, 'utf8'), checksumOfTexts()) : undefined;
}

/** The file as the texts say it must be. */
export function expectedFile(): string {
  return fileOfTables(compileTables(loadRoot()), checksumOfTexts());
}

/** Writes the file anew. */
export function writeTables(): void {
  writeFileSync(tablesPath(), expectedFile());
}
