/** Where the checkout is: benchmarks run bundled, from another place than their sources. */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../chain/descriptors/protoPath.ts';

/** The folder of package.json. */
export const ROOT = packageRoot();

/** The path of a program of this folder; bundles lie in one folder too. */
export function programBeside(name: string): string {
  return fileURLToPath(new URL(`${name}${extname(import.meta.url)}`, import.meta.url));
}
