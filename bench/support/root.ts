/** Where the checkout is: benchmarks run compiled, from another place than their sources. */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../chain/descriptors/protoPath.ts';

/** The folder of package.json. */
export const ROOT = packageRoot();

/** The path of a file beside a module, compiled as the module is. */
export function programBeside(moduleUrl: string, name: string): string {
  return fileURLToPath(new URL(`${name}${extname(moduleUrl)}`, moduleUrl));
}
