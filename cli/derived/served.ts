/** Which methods the chain's modules serve, without loading the modules where that was written down. */
import { existsSync, readFileSync } from 'node:fs';

/** A module with the paths of its methods, such as `/cosmos.bank.v1beta1.Msg/Send`. */
export interface Served {
  readonly module: string;
  readonly msg: readonly string[];
  readonly query: readonly string[];
}

/** Written beside the bundled program: to load all modules takes as long as all else that a command does. */
const WRITTEN = new URL('./served.json', import.meta.url);

/** All modules in their order. */
export async function servedMethods(): Promise<readonly Served[]> {
  if (existsSync(WRITTEN)) return JSON.parse(readFileSync(WRITTEN, 'utf8')) as readonly Served[];
  return (await import('./servedByModules.ts')).servedByModules();
}
