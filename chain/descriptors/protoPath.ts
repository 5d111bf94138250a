/** Where the `.proto` text lies: depind's own under `proto/`, the Cosmos SDK's in the packages `@protobufs/*`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the package "depind" that holds this file, whether it runs from its sources, from `dist/`
 * or as an installed dependency.
 * @throws Error when no parent folder holds it.
 */
export function packageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && isDepind(manifest)) return folder;
  }
  throw new Error(`no package.json of "depind" in or above ${start}`);
}

function isDepind(manifest: string): boolean {
  const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  return (
    typeof content === 'object' &&
    content !== null &&
    'name' in content &&
    content.name === 'depind'
  );
}

/**
 * Finds the file of an import path such as `cosmos/bank/v1beta1/tx.proto`: in the first of the folders that has it,
 * else in a package. The packages are asked for by module resolution from `root`, since npm may have hoisted them.
 */
export function protoResolver(
  root: string,
  folders: readonly string[],
): (importPath: string) => string {
  const require = createRequire(join(root, 'package.json'));
  return (importPath) => {
    const local = folders.map((folder) => join(folder, importPath)).find(existsSync);
    return local ?? require.resolve(`@protobufs/${importPath}`);
  };
}

/** Import paths of every `.proto` file in a folder, in code unit order. */
export function protoFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.proto'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}
