/** The light client that a command reads through: its flags, and what is told of it. */
import type { Command } from 'commander';
import type { HttpProvider, LightClient } from '../../lightclient/index.ts';
import { CliError } from '../errors.ts';
import { nodeUrl } from '../node/nodeUrl.ts';
import { addNode, type NodeOptions } from '../options.ts';
import { printable } from '../output.ts';
import { note, type Terminal } from '../terminal.ts';
import { eachNode, isAmong } from './nodes.ts';
import { addTrust, type TrustFlags, trustOf } from './trust.ts';

export interface ClientOptions extends NodeOptions, TrustFlags {
  /** Takes the place of `node`. */
  readonly primary?: string;
  readonly witness?: readonly string[];
  readonly withoutWitnesses?: boolean;
}

const NS_PER_MS = 1_000_000n;

/** Trust, the node that is asked first, and those that confirm what it shows. */
export function addClient(command: Command): Command {
  const primary = command.createOption(
    '-p, --primary <url>',
    'the node that is asked first (default: that of --node)',
  );
  return addTrust(addNode(command))
    .addOption(primary.conflicts('node'))
    .option('-w, --witness <url>', 'a node that must confirm headers, once for each', eachNode)
    .option('--without-witnesses', 'believe the primary that there is no second chain');
}

/**
 * Does work with a light client, and tells of the nodes that it has removed meanwhile.
 * @throws CliError naming the flag that is missing.
 */
export async function withLightClient<T>(
  options: ClientOptions,
  terminal: Terminal,
  work: (client: LightClient) => Promise<T>,
): Promise<T> {
  const witnesses = witnessesOf(options);
  const url = options.primary ?? (await nodeUrl(options, terminal));
  if (isAmong(url, witnesses)) {
    throw new CliError(`--witness: expected another node than the primary, got ${url}`);
  }
  const client = await openClient({ url, witnesses, options }, terminal);
  if (options.withoutWitnesses === true) {
    note(terminal, 'warning: no witness is asked: a second chain of the validators goes unseen');
  }
  try {
    return await work(client);
  } finally {
    const { removed } = await client.status();
    for (const { name, why } of removed) {
      note(terminal, `warning: ${name} is asked no more: ${printable(why)}`);
    }
  }
}

interface Nodes {
  readonly url: string;
  readonly witnesses: readonly string[];
  readonly options: ClientOptions;
}

async function openClient(
  { url, witnesses, options }: Nodes,
  terminal: Terminal,
): Promise<LightClient> {
  const [lightclient, { createNodeVerifier }] = await Promise.all([
    import('../../lightclient/index.ts'),
    import('../../chain/app/nodeVerifier.ts'),
  ]);
  const { chainId, trust } = await trustOf(options, terminal);
  const { verifier } = await createNodeVerifier({ workers: 0 });
  const { trustingPeriod, timeout, withoutWitnesses } = options;
  const usual = lightclient.DEFAULT_TRUSTING_PERIOD;
  const period = trustingPeriod === undefined ? usual : BigInt(trustingPeriod) * NS_PER_MS;
  const provider = (node: string): HttpProvider =>
    new lightclient.HttpProvider({ url: node, chainId, timeoutMs: timeout });
  return lightclient.LightClient.create({
    chainId,
    primary: provider(url),
    witnesses: witnesses.map(provider),
    withoutWitnesses,
    trust: { ...trust, period },
    verifier,
  });
}

function witnessesOf({ witness = [], withoutWitnesses = false }: ClientOptions): readonly string[] {
  if (withoutWitnesses === (witness.length === 0)) return witness;
  const problem = withoutWitnesses ? 'either of them' : 'a node, or --without-witnesses';
  throw new CliError(`-w (--witness), --without-witnesses: expected ${problem}`);
}
