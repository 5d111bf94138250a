/** `depind light checkpoint`: where trust can begin, as several nodes agree on it. */
import type { Command } from 'commander';
import { toObject } from '../../chain/api/native.ts';
import type { JsonValue } from '../../chain/descriptors/index.ts';
import { fromHex } from '../../wire/bytes.ts';
import { formatTime } from '../../wire/time.ts';
import { CliError } from '../errors.ts';
import { chooseHome, readNetworkFile } from '../home.ts';
import { nodeUrl } from '../node/nodeUrl.ts';
import { RpcClient } from '../node/rpcClient.ts';
import { addHome, addOutput, durationOption, type NodeOptions } from '../options.ts';
import { printable, show } from '../output.ts';
import { note, type Terminal } from '../terminal.ts';
import { height } from '../values.ts';
import type { Checkpoint } from './checkpoint.ts';
import { eachNode } from './nodes.ts';

interface CheckpointOptions extends Omit<NodeOptions, 'node'> {
  readonly node?: readonly string[];
  readonly chainId?: string;
  readonly height?: bigint;
  readonly qr?: boolean;
}

const EXAMPLES = `
Examples:
  $ depind light checkpoint --node http://a.example:26657 --node http://b.example:26657
  $ depind light checkpoint --node a.example:26657 --node b.example:26657 --height 5000 -o json
  $ depind light checkpoint --node a.example:26657 --node b.example:26657 --qr

Take sources that do not copy each other. Exits with 1 when they differ or one does not answer, and names it.
`;

export function addCheckpointCommand(light: Command, terminal: Terminal): void {
  const command = addHome(light.command('checkpoint'))
    .description('height and hash of a header that several nodes agree on, to begin trust from')
    .option(
      '--node <url>',
      "a source's RPC, once for each (default: all validators of the home's localnet)",
      eachNode,
    )
    .option('--height <height>', 'which header (default: one below the lowest newest)', height)
    .option('--chain-id <id>', 'chain that is expected (default: what the sources say)')
    .option('--qr', 'as a QR code too, for a phone to scan')
    .addOption(durationOption('--timeout', 'how long to wait for each answer', '10s'));
  addOutput(command)
    .addHelpText('after', EXAMPLES)
    .action((options: CheckpointOptions) => showCheckpoint(options, terminal));
}

async function showCheckpoint(options: CheckpointOptions, terminal: Terminal): Promise<void> {
  const [{ HttpProvider }, { checkpointToText }, { findCheckpoint }] = await Promise.all([
    import('../../lightclient/index.ts'),
    import('../../lightclient/codes/index.ts'),
    import('./checkpoint.ts'),
  ]);
  const { height, timeout, output } = options;
  const urls = options.node ?? (await ownNodes(options.home, terminal));
  const chainId = options.chainId ?? (await chainOf(urls, timeout));
  const sources = urls.map((url) => ({
    url,
    provider: new HttpProvider({ url, chainId, timeoutMs: timeout }),
  }));
  const checkpoint = await findCheckpoint(sources, height);
  if (urls.length === 1) note(terminal, `warning: only ${urls[0]} says so: name others by --node`);
  const { hash, time } = checkpoint;
  const found = { chainId, height: `${checkpoint.height}`, hash, time: formatTime(time) };
  const uri = checkpointToText({ chainId, height: checkpoint.height, hash: fromHex(hash) });
  const code = options.qr === true ? `\n\n${await qrCode(uri)}` : '';
  const text = textOf(checkpoint, chainId, urls) + code;
  show(terminal, output, { ...found, uri, sources: [...urls] }, text);
}

/** All nodes of the home's localnet; the usual one where there is none. */
async function ownNodes(
  home: string | undefined,
  terminal: Terminal,
): Promise<readonly [string, ...string[]]> {
  const network = await readNetworkFile(chooseHome(home, terminal));
  const witnesses = network?.witnesses ?? [];
  return [await nodeUrl({ ...(home !== undefined && { home }) }, terminal), ...witnesses];
}

/** Dark on light, whatever the terminal's colours: two rows of the code in each line of text. */
async function qrCode(text: string): Promise<string> {
  const { encodeQR } = await import('qr');
  return encodeQR(text, 'ascii', { border: 2, ecc: 'low' }).trimEnd();
}

/** What the first source says; the others must say the same. */
async function chainOf([url = '']: readonly string[], timeoutMs: number): Promise<string> {
  const status = (await new RpcClient(url, timeoutMs).call('status')) as JsonValue;
  const { network } = toObject(toObject(status).node_info);
  if (typeof network === 'string' && network !== '') return network;
  throw new CliError(`${url}: status.node_info.network: expected a chain id`);
}

function textOf(checkpoint: Checkpoint, chainId: string, urls: readonly string[]): string {
  const { height, hash, time } = checkpoint;
  return [
    `chain: ${printable(chainId)}`,
    `height: ${height}`,
    `hash: ${hash}`,
    `time: ${formatTime(time)}`,
    `sources: ${urls.join(', ')}`,
    '',
    `--trust-height ${height} --trust-hash ${hash}`,
  ].join('\n');
}
