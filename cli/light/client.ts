/** The light client that a command reads through: its flags, and what is told of it. */
import { type Command, InvalidArgumentError } from 'commander';
import type { HttpProvider, LightClient, TrustLevel } from '../../lightclient/index.ts';
import { CliError } from '../errors.ts';
import { chooseHome, readNetworkFile } from '../home.ts';
import { nodeUrl } from '../node/nodeUrl.ts';
import { addNode, type NodeOptions } from '../options.ts';
import { printable } from '../output.ts';
import { note, type Terminal } from '../terminal.ts';
import type { LightNodes } from './folder.ts';
import { KeptFolder } from './keptFolder.ts';
import { eachNode, isAmong } from './nodes.ts';
import { addTrust, type TrustFlags, trustOf } from './trust.ts';

export interface ClientOptions extends NodeOptions, TrustFlags {
  /** Takes the place of `node`. */
  readonly primary?: string;
  readonly witness?: readonly string[];
  readonly withoutWitnesses?: boolean;
  readonly sequential?: boolean;
  readonly trustLevel?: TrustLevel;
  /** Where trusted blocks, and the flags that name nodes and trust, are kept. */
  readonly dir?: string;
}

/** Trust, the node that is asked first, and those that confirm what it shows. */
export function addClient(command: Command): Command {
  const primary = command.createOption(
    '-p, --primary <url>',
    "the node that is asked first (default: that of --node, else the home's localnet)",
  );
  return addTrust(addNode(command))
    .addOption(primary.conflicts('node'))
    .option('-w, --witness <url>', 'nodes that must confirm headers, separated by commas', eachNode)
    .option('--sequential', 'verify every header, without skipping any')
    .option(
      '--trust-level <share>',
      'of trusted power that must have signed: 1/3 to 1/1',
      trustLevel,
    )
    .option(
      '--dir <folder>',
      'keep what was verified there, and what is named here (default: in memory only)',
    )
    .option('--without-witnesses', 'believe the primary that there is no second chain');
}

/** A light client, and the URLs of its nodes by the names that it has for them. */
export interface OpenedClient {
  readonly client: LightClient;
  readonly urlOf: (name: string) => string;
}

/**
 * Does work with a light client, and tells of the nodes that it has removed meanwhile.
 * @throws CliError naming the flag that is missing.
 */
export async function withLightClient<T>(
  options: ClientOptions,
  terminal: Terminal,
  work: (client: LightClient, urlOf: OpenedClient['urlOf']) => Promise<T>,
): Promise<T> {
  const folder = await KeptFolder.of(options, terminal);
  const asked = folder?.complete(options) ?? options;
  const nodes = await nodesOf(asked, terminal);
  const trusted = await trustOf(asked, terminal);
  if (nodes.witnesses.length === 0) {
    note(terminal, 'warning: no witness is asked: a second chain of the validators goes unseen');
  }
  const database = await folder?.open(trusted.chainId);
  try {
    const client = await openClient({ nodes, trusted, options: asked, database });
    await folder?.keep(trusted.chainId, asked);
    const names = new Map(nodes.witnesses.map((url, index) => [`witness ${index + 1}`, url]));
    const urlOf = (name: string) => names.get(name) ?? nodes.primary;
    try {
      return await work(client, urlOf);
    } finally {
      const { removed } = await client.status();
      for (const { name, why } of removed) {
        note(terminal, `warning: ${urlOf(name)} is asked no more: ${printable(why)}`);
      }
    }
  } finally {
    await database?.close();
  }
}

/** As the flags name them; those of the home's localnet when none does. */
async function nodesOf(options: ClientOptions, terminal: Terminal): Promise<LightNodes> {
  const { primary, node, witness, withoutWitnesses = false } = options;
  const isNamed = primary !== undefined || node !== undefined || witness !== undefined;
  if (!isNamed) {
    const network = await readNetworkFile(chooseHome(options.home, terminal));
    if (network !== undefined && network.witnesses.length > 0) {
      return { primary: network.rpc, witnesses: withoutWitnesses ? [] : network.witnesses };
    }
  }
  const witnesses = witness ?? [];
  if (withoutWitnesses !== (witnesses.length === 0)) {
    const problem = withoutWitnesses ? 'either of them' : 'a node, or --without-witnesses';
    throw new CliError(`-w (--witness), --without-witnesses: expected ${problem}`);
  }
  const url = primary ?? (await nodeUrl(options, terminal));
  if (!isAmong(url, witnesses)) return { primary: url, witnesses };
  throw new CliError(`--witness: expected another node than the primary, got ${url}`);
}

interface Opening {
  readonly nodes: LightNodes;
  readonly trusted: Awaited<ReturnType<typeof trustOf>>;
  readonly options: ClientOptions;
  readonly database: Awaited<ReturnType<KeptFolder['open']>> | undefined;
}

async function openClient({ nodes, trusted, options, database }: Opening): Promise<LightClient> {
  const [lightclient, { createNodeVerifier }] = await Promise.all([
    import('../../lightclient/index.ts'),
    import('../../chain/app/nodeVerifier.ts'),
  ]);
  const { chainId, trust } = trusted;
  const { together: verifier } = await createNodeVerifier();
  const { timeout, trustLevel, sequential } = options;
  const period = options.trustingPeriod ?? lightclient.DEFAULT_TRUSTING_PERIOD;
  const provider = (url: string): HttpProvider =>
    new lightclient.HttpProvider({ url, chainId, timeoutMs: timeout });
  return lightclient.LightClient.create({
    chainId,
    primary: provider(nodes.primary),
    witnesses: nodes.witnesses.map(provider),
    withoutWitnesses: nodes.witnesses.length === 0,
    trust: { ...trust, period },
    trustLevel,
    sequential,
    verifier,
    store: database && new lightclient.LevelStore({ database, chainId }),
  });
}

/** @throws InvalidArgumentError for another text than a fraction from 1/3 to 1. */
function trustLevel(text: string): TrustLevel {
  const match = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text);
  const [numerator, denominator] = [Number(match?.[1]), Number(match?.[2])];
  if (3 * numerator >= denominator && numerator <= denominator) return { numerator, denominator };
  throw new InvalidArgumentError('expected a fraction from 1/3 to 1/1.');
}
