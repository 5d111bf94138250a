/** A client for the node that a command talks to, and which chain that must be. */
import { existsSync } from 'node:fs';
import { readObject, readText } from '../../wire/json/read.ts';
import { sharedDescriptors } from '../descriptors.ts';
import { CliError } from '../errors.ts';
import { readNetworkFile } from '../home.ts';
import type { NodeOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { ChainClient } from './chainClient.ts';
import { nodeUrl } from './nodeUrl.ts';

/** A client for the node that the flags, or the home's localnet, name. */
export async function connect(options: NodeOptions, terminal: Terminal): Promise<ChainClient> {
  return new ChainClient({
    node: await nodeUrl(options, terminal),
    timeoutMs: options.timeout,
    descriptors: sharedDescriptors(),
  });
}

/**
 * The chain that transactions are signed for: `--chain-id`, or what the home says. A node's own word is not
 * taken, since a signature for another chain could be played back there.
 * @throws CliError naming the flag when neither says.
 */
export async function signingChainId(given: string | undefined, home: string): Promise<string> {
  if (given !== undefined) return given;
  const network = await readNetworkFile(home);
  if (network !== undefined) return network.chainId;
  const { nodePaths, readGenesis } = await import('../../localnet/index.ts');
  const { genesis } = nodePaths(home, 0);
  if (existsSync(genesis)) return (await readGenesis(genesis)).chainId;
  throw new CliError(`--chain-id: needed, since the home ${home} belongs to no chain`);
}

/** @throws CliError when the node serves another chain than the one signed for. */
export async function checkChainId(client: ChainClient, expected: string): Promise<void> {
  const status = readObject(await client.rpc.call('status'), 'status');
  const network = status('node_info', (json, path) => readObject(json, path)('network', readText));
  if (network === expected) return;
  throw new CliError(
    `--chain-id: expected ${network}, the chain of ${client.rpc.url}, got ${expected}`,
  );
}
