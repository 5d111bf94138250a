/** `depind light start`: an RPC that passes on only what is proven. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { UnprovenPolicy } from '../../lightclient/rpc/index.ts';
import { CliError } from '../errors.ts';
import { printable, show } from '../output.ts';
import { note, type Terminal } from '../terminal.ts';
import { blockHash, height, integerBetween } from '../values.ts';
import { addClient, type ClientOptions, type OpenedClient, withLightClient } from './client.ts';
import { confirmedBy, eachNode } from './nodes.ts';
import { proxyLogger } from './proxy/proxyLogger.ts';

interface StartOptions extends ClientOptions {
  readonly laddr: Listen;
  readonly unproven: 'refuse' | 'mark';
  readonly mark?: readonly string[];
  readonly height?: bigint;
  readonly hash?: Uint8Array;
  readonly witnesses?: readonly string[];
  readonly homeDir?: string;
  readonly maxOpenConnections: number;
  readonly verbose?: boolean;
}

interface Listen {
  readonly host: string;
  readonly port: number;
}

const LISTEN = 'tcp://127.0.0.1:8888';
const SIMULATE = '/cosmos.tx.v1beta1.Service/Simulate';

const HELP = `
Answers as a node's RPC does, on --laddr, from verified headers and store proofs: accounts, balances, supply,
validators, delegations, every query of depind's modules, blocks, commits, results, transactions. Other answers are
refused, or passed on with a mark where --unproven and --mark say so.

Examples:
  $ depind light start                                        (in a directory with a localnet)
  $ depind light start cosmoshub-4 -p https://a.example -w https://b.example,https://c.example \\
      --height 5000 --hash 5AD1…
  $ depind light start --dir light                            (goes on with what was named the last time)
  $ depind query bank balance depin1… --node http://localhost:8888

--mark takes a method or the path of a query; wallets that estimate gas need --mark ${SIMULATE}
`;

export function addStartCommand(light: Command, terminal: Terminal): void {
  const command = addClient(light.command('start'))
    .description('an RPC for wallets that passes on only what is proven')
    .argument('[chain-id]', 'as --chain-id')
    .addOption(
      new Option('--laddr <address>', 'where to listen')
        .argParser(listen)
        .default(listen(LISTEN), LISTEN),
    )
    .option(
      '--unproven <policy>',
      'what is not proven: refuse, or mark and pass on',
      policy,
      'refuse',
    )
    .option('--mark <method-or-path>', 'passed on all the same, once for each', each)
    .option(
      '--max-open-connections <count>',
      'most connections at a time, WebSockets included; 0 for no limit',
      integerBetween(0, 1_000_000),
      900,
    )
    .option('--verbose', 'tell of every call and every verified block on stderr');
  addAliases(command)
    .addHelpText('after', HELP)
    .action((chainId: string | undefined, options: StartOptions) =>
      start(withAliases(chainId, options), terminal),
    );
}

/** The names of `cometbft light` for the same flags. */
function addAliases(command: Command): Command {
  return command
    .option('--height <height>', 'as --trust-height (default with --hash: 1)', height)
    .option('--hash <hex>', 'as --trust-hash', blockHash)
    .addOption(
      new Option('--witnesses <urls>', 'as --witness').argParser(eachNode).conflicts('witness'),
    )
    .addOption(new Option('--home-dir <folder>', 'as --dir').conflicts('dir'));
}

function withAliases(chainId: string | undefined, options: StartOptions): StartOptions {
  const { height, hash, witnesses, homeDir } = options;
  if (chainId !== undefined && options.chainId !== undefined && chainId !== options.chainId) {
    throw new CliError(`--chain-id: got ${options.chainId}, but the argument is ${chainId}`);
  }
  return {
    ...options,
    ...(chainId !== undefined && { chainId }),
    // As in CometBFT, a hash alone is that of the first header.
    ...((height ?? hash) !== undefined && { trustHeight: height ?? 1n }),
    ...(hash !== undefined && { trustHash: hash }),
    ...(witnesses !== undefined && { witness: witnesses }),
    ...(homeDir !== undefined && { dir: homeDir }),
  };
}

async function start(options: StartOptions, terminal: Terminal): Promise<void> {
  const interruption = terminal.interruption();
  const [{ serveProxy }, { StatusLine }] = await Promise.all([
    import('./proxy/serve.ts'),
    import('../localnet/statusLine.ts'),
  ]);
  const { laddr, maxOpenConnections: maxConnections, verbose: isVerbose = false } = options;
  await withLightClient(options, terminal, async (client, urlOf) => {
    const problems = new Problems(terminal);
    const proxy = await serveProxy({
      client,
      listen: { ...laddr, maxConnections },
      unproven: policyOf(options),
      logger: proxyLogger(terminal, isVerbose),
      onError: (error) => problems.tell(error),
    });
    await announce({ client, urlOf }, { url: proxy.url, options }, terminal);
    const line = isVerbose
      ? undefined
      : new StatusLine(terminal.stderr, () => `verified height ${proxy.height()}`);
    try {
      await untilAborted(interruption);
    } finally {
      line?.stop();
      await proxy.close();
    }
  });
}

/** What a proxy is, once it listens. */
interface Announced {
  readonly url: string;
  readonly options: StartOptions;
}

async function announce(
  { client, urlOf }: OpenedClient,
  { url, options }: Announced,
  terminal: Terminal,
): Promise<void> {
  const { chainId, primary, witnesses, height } = await client.status();
  const { unproven, output } = options;
  const shown = { chainId, rpc: url, unproven, trustedHeight: `${height}` };
  const text = [
    `verifying RPC: ${url} (WebSocket: ${url.replace('http', 'ws')}/websocket)`,
    `chain: ${printable(chainId)}, trusted at height ${height}`,
    `asks: ${urlOf(primary)}`,
    `confirmed by: ${confirmedBy(witnesses.map(urlOf))}`,
    `what is not proven: ${unproven === 'mark' ? 'passed on, marked' : 'refused'}`,
    'stop with Ctrl-C',
  ].join('\n');
  show(terminal, output, shown, text);
}

/** Tells each problem once, not once a second. */
class Problems {
  readonly #terminal: Terminal;
  #last = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  tell(error: unknown): void {
    const text = printable(error instanceof Error ? error.message : String(error));
    if (text !== this.#last) note(this.#terminal, `error: ${text}`);
    this.#last = text;
  }
}

function policyOf({ unproven, mark = [] }: StartOptions): UnprovenPolicy {
  if (unproven === 'mark') return 'mark';
  return mark.length === 0 ? 'refuse' : { mark };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function listen(text: string): Listen {
  const match = /^(?:tcp:\/\/|http:\/\/)?(\[[0-9a-fA-F:]+\]|[a-zA-Z0-9.-]+)?:(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match !== null && port <= 65_535) {
    return { host: (match[1] ?? '0.0.0.0').replace(/^\[|\]$/g, ''), port };
  }
  throw new InvalidArgumentError('expected tcp://host:port or host:port.');
}

function policy(text: string): 'refuse' | 'mark' {
  if (text === 'refuse' || text === 'mark') return text;
  throw new InvalidArgumentError('expected refuse or mark.');
}

function each(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
