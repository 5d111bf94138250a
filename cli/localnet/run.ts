/** Runs a network in the foreground: says where it is, shows how it does, stops when asked. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockSummary, Logger } from '../../localnet/index.ts';
import { toHex } from '../../wire/bytes.ts';
import { CliError } from '../errors.ts';
import { NETWORK_FILE, type NetworkFile } from '../home.ts';
import { type OutputFormat, show } from '../output.ts';
import { note, type Terminal } from '../terminal.ts';
import { announcement } from './announcement.ts';
import { Counting } from './counting.ts';
import { type Network, type NetworkOptions, startNetwork } from './network.ts';
import { isLoopback, shownUrl } from './ports.ts';
import { replayNotes } from './replayNotes.ts';
import { StatusLine, statusText } from './statusLine.ts';

const FIRST_BLOCK_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 4_500;

/** The part of the fleet that a run needs. */
export interface RunningFleet {
  stop(): Promise<void>;
}

export interface RunOptions extends Omit<NetworkOptions, 'logger' | 'onOwned' | 'onReplay'> {
  readonly output: OutputFormat;
  readonly debug: boolean;
  /** What `localnet.json` lists. */
  readonly accounts: NetworkFile['accounts'];
  /** Starts the simulated devices; undefined runs without any. */
  readonly startFleet: ((network: Network, logger: Logger) => Promise<RunningFleet>) | undefined;
}

/** Until the user interrupts. @throws Error naming what stands in the way, or why the network halted. */
export async function runNetwork(options: RunOptions, terminal: Terminal): Promise<void> {
  const { home, host } = options;
  const interruption = terminal.interruption();
  const logger = loggerOf(terminal, options.debug);
  if (!isLoopback(host)) {
    note(
      terminal,
      `warning: ${host} lets other machines reach this network, whose keys are public`,
    );
  }
  const network = await startNetwork({
    ...options,
    logger,
    onReplay: replayNotes((line) => note(terminal, line)),
    // Whoever waits for the file waits for a network that runs; that of another process is left alone.
    onOwned: () => rm(join(home, NETWORK_FILE), { force: true }),
  });
  note(terminal, `signatures are verified by the back end ${network.cryptoBackend}`);
  const counting = new Counting(network.localnet, home);
  const stopped = untilStopped(network, interruption);
  let fleet: Promise<RunningFleet | undefined> = Promise.resolve(undefined);
  let status: StatusLine | undefined;
  const stop = (): Promise<void> =>
    within(STOP_TIMEOUT_MS, stopAll({ fleet, counting, status, network }));
  try {
    const trusted = await Promise.race([nextBlock(network), stopped]);
    if (trusted !== undefined) {
      const file = await writeNetworkFile(options, network, trusted);
      network.lightPage.begin(file.trust);
      show(
        terminal,
        options.output,
        { ...file, witnesses: [...file.witnesses], accounts: [...file.accounts] },
        announcement(file, network, home),
      );
      fleet = launchFleet(options, network, { logger, terminal });
      status = new StatusLine(terminal.stderr, () => statusText(counting.counts));
      await stopped;
    }
  } catch (error) {
    // Why it ends matters more than what fails in its wake.
    await stop().catch(() => undefined);
    throw error;
  }
  await stop();
}

/** The first block since the start: what light clients begin with. */
function nextBlock({ localnet }: Network): Promise<BlockSummary> {
  return localnet.waitForHeight(localnet.height() + 1n, FIRST_BLOCK_TIMEOUT_MS);
}

/** Settles when the user interrupts; rejects when the network halts. */
function untilStopped({ localnet }: Network, interruption: AbortSignal): Promise<undefined> {
  const stopped = new Promise<undefined>((resolve, reject) => {
    localnet.on('halt', reject);
    if (localnet.haltError) reject(localnet.haltError);
    if (interruption.aborted) resolve(undefined);
    interruption.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  stopped.catch(() => undefined);
  return stopped;
}

async function writeNetworkFile(
  { home, host, accounts }: RunOptions,
  { chainId, rpcPort, restPort, otherRpcPorts }: Network,
  { height, hash }: BlockSummary,
): Promise<NetworkFile> {
  const file: NetworkFile = {
    chainId,
    rpc: shownUrl(host, rpcPort),
    witnesses: otherRpcPorts.map((port) => shownUrl(host, port)),
    rest: shownUrl(host, restPort),
    trust: { height: Number(height), hash: toHex(hash).toUpperCase() },
    accounts,
  };
  const path = join(home, NETWORK_FILE);
  await writeFile(`${path}.next`, `${JSON.stringify(file, null, 2)}\n`);
  await rename(`${path}.next`, path);
  return file;
}

/** The network goes on without devices when they cannot start. */
function launchFleet(
  { startFleet }: RunOptions,
  network: Network,
  { logger, terminal }: { readonly logger: Logger; readonly terminal: Terminal },
): Promise<RunningFleet | undefined> {
  if (startFleet === undefined) return Promise.resolve(undefined);
  return startFleet(network, logger).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    note(terminal, `warning: the devices do not start: ${reason}`);
    return undefined;
  });
}

/** Stops everything, whatever fails on the way. @throws the first of the failures. */
async function stopAll(running: {
  readonly fleet: Promise<RunningFleet | undefined>;
  readonly counting: Counting;
  readonly status: StatusLine | undefined;
  readonly network: Network;
}): Promise<void> {
  const failures: unknown[] = [];
  const steps = [
    async () => (await running.fleet)?.stop(),
    () => running.counting.stop(),
    async () => running.status?.stop(),
    () => running.network.stop(),
  ];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CliError(`stopping took over ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Warnings and errors to stderr; the rest with DEBUG set. */
function loggerOf(terminal: Terminal, debug: boolean): Logger {
  const line =
    (level: string) =>
    (message: string): void =>
      note(terminal, `${level}: ${message}`);
  const quiet = (): void => undefined;
  return {
    debug: debug ? line('debug') : quiet,
    info: debug ? line('info') : quiet,
    warn: line('warning'),
    // Errors that end the run are told once, when it ends.
    error: debug ? line('error') : quiet,
  };
}
