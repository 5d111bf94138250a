/** Which node a command talks to. */
import { chooseHome, readNetworkFile } from '../home.ts';
import type { NodeOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';

const DEFAULT_NODE = 'http://localhost:26657';

/** `--node`, what the home's localnet serves, or the default. */
export async function nodeUrl(
  options: Pick<NodeOptions, 'home' | 'node'>,
  terminal: Terminal,
): Promise<string> {
  if (options.node !== undefined) return options.node;
  const network = await readNetworkFile(chooseHome(options.home, terminal));
  return network?.rpc ?? DEFAULT_NODE;
}
