/** `depind localnet`: start, init. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { addOutput, durationOption, type OutputOptions } from '../options.ts';
import { show } from '../output.ts';
import { addPruning, chosenPruning, type PruningOptions } from '../pruning.ts';
import { isDebug } from '../settings.ts';
import { addStateSync, chosenStateSync, type StateSyncFlags } from '../stateSync.ts';
import { note, type Terminal } from '../terminal.ts';
import * as values from '../values.ts';
import type { RunOptions } from './run.ts';

const MAX_VALIDATORS = 100;
/** What the fleet takes. */
const MAX_DEVICES = 5000;
const MIN_BLOCK_MS = 10;
const MAX_VERIFY_WORKERS = 64;

interface NewOptions extends OutputOptions {
  readonly home: string;
  readonly validators?: number;
  readonly chainId?: string;
  readonly seed?: string;
  readonly authority?: string;
  readonly reset?: boolean;
}

interface StartOptions extends NewOptions, ServeOptions {
  readonly devices: number;
  readonly fleet: boolean;
}

/** Flags of everything that serves a network. */
export interface ServeOptions extends PruningOptions, StateSyncFlags {
  readonly blockTime: number;
  readonly rpcPort: number;
  readonly restPort: number;
  readonly host: string;
  readonly minimumGasPrices: string;
  readonly verifyWorkers?: number;
  readonly unsafeSkipUpgrades?: readonly bigint[];
}

export function addLocalnetCommand(localnet: Command, terminal: Terminal): void {
  addStart(localnet, terminal);
  addInit(localnet, terminal);
}

function addNewOptions(command: Command, terminal: Terminal): Command {
  const home = terminal.env.DEPIND_HOME || '.localnet';
  return addOutput(command)
    .option('--home <folder>', 'home folder (env DEPIND_HOME)', home)
    .option(
      '--validators <count>',
      'validators of a new localnet (default: 4)',
      values.integerBetween(1, MAX_VALIDATORS),
    )
    .option('--chain-id <id>', 'chain id of a new localnet (default: depind-localnet-1)')
    .option('--seed <text>', 'what keys of validators and devices of a new localnet derive from')
    .option(
      '--authority <account>',
      'who plans upgrades of a new localnet: an address, or the name of one of its keys (default: the module gov, whose key nobody has)',
    )
    .option('--reset', 'delete the localnet of this home, and begin anew');
}

export function addServeOptions(command: Command): Command {
  return addStateSync(addPruning(command))
    .addOption(durationOption('--block-time', 'time from block to block', '1s'))
    .option('--rpc-port <port>', "port of CometBFT's RPC, 0 for any", values.port, 26_657)
    .option('--rest-port <port>', 'port of the REST API, 0 for any', values.port, 1317)
    .option('--host <address>', 'address to serve at', '127.0.0.1')
    .option(
      '--minimum-gas-prices <prices>',
      'what the nodes ask for a unit of gas, such as 0.025udepin',
      values.gasPricesText,
      '',
    )
    .option(
      '--verify-workers <count>',
      'threads that verify signatures beside the main one (default: one for each other core, at most 8)',
      values.integerBetween(0, MAX_VERIFY_WORKERS),
    )
    .option(
      '--unsafe-skip-upgrades <heights>',
      'heights whose planned upgrade is passed over, as all validators have agreed',
      values.heights,
    );
}

function addStart(localnet: Command, terminal: Terminal): void {
  const command = localnet
    .command('start')
    .description('make a localnet where there is none, and run it until Ctrl-C');
  addServeOptions(addNewOptions(command, terminal))
    .option('--devices <count>', 'simulated devices', values.integerBetween(0, MAX_DEVICES), 60)
    .option('--no-fleet', 'run without simulated devices')
    .addHelpText(
      'after',
      '\nExamples:\n  $ depind localnet start\n  $ depind localnet start --validators 7 --block-time 200ms --reset\n',
    )
    .action((options: StartOptions) => startLocalnet(options, terminal));
}

async function startLocalnet(options: StartOptions, terminal: Terminal): Promise<void> {
  const home = resolve(terminal.workingDirectory, options.home);
  // Flags that do not fit together are refused before --reset deletes anything.
  const serving = served(options);
  const [{ runNetwork }, { devAccounts }, { readSettings }] = await Promise.all([
    import('./run.ts'),
    import('./create.ts'),
    import('./home.ts'),
  ]);
  await checkPorts(options);
  await prepareHome(home, options, terminal);
  const settings = await readSettings(home);
  const isLocalnet = settings?.kind === 'localnet';
  const { devices, minimumGasPrices } = options;
  const fleet = { devices, seed: settings?.seed ?? '', minimumGasPrices };
  const startFleet: RunOptions['startFleet'] = async (network, logger) => {
    const { startDevices } = await import('./fleet.ts');
    return startDevices(fleet, network, logger);
  };
  await runNetwork(
    {
      ...serving,
      home,
      output: options.output,
      debug: isDebug(terminal),
      accounts: isLocalnet ? await devAccounts(home) : [],
      startFleet: isLocalnet && options.fleet && devices > 0 ? startFleet : undefined,
    },
    terminal,
  );
}

/** The options of a network that the flags make up. */
export function served(options: ServeOptions) {
  return {
    host: options.host,
    rpcPort: options.rpcPort,
    restPort: options.restPort,
    blockIntervalMs: blockInterval(options.blockTime),
    minimumGasPrices: options.minimumGasPrices,
    verifyWorkers: options.verifyWorkers,
    skippedUpgradeHeights: options.unsafeSkipUpgrades ?? [],
    pruning: chosenPruning(options),
    stateSync: chosenStateSync(options),
  };
}

function blockInterval(milliseconds: number): number {
  if (milliseconds >= MIN_BLOCK_MS) return milliseconds;
  throw new CliError(`--block-time: expected at least ${MIN_BLOCK_MS}ms, got ${milliseconds}ms`);
}

/** Before anything is written: nobody wants a new home for a network that cannot be served. */
async function checkPorts({ host, rpcPort, restPort }: ServeOptions): Promise<void> {
  const { checkPort } = await import('./ports.ts');
  await checkPort('RPC', host, rpcPort);
  await checkPort('REST', host, restPort);
}

function addInit(localnet: Command, terminal: Terminal): void {
  addNewOptions(localnet.command('init'), terminal)
    .description('make the home of a localnet without running it')
    .addHelpText('after', '\nExample:\n  $ depind localnet init --home net --validators 4\n')
    .action(async (options: NewOptions) => {
      const home = resolve(terminal.workingDirectory, options.home);
      const { MARKER_FILE } = await import('../home.ts');
      if (!options.reset && existsSync(`${home}/${MARKER_FILE}`)) {
        throw new CliError(`${home} is a home already (--reset makes it anew)`);
      }
      await prepareHome(home, options, terminal);
      const { readSettings } = await import('./home.ts');
      const settings = { ...(await readSettings(home))! };
      show(terminal, options.output, { home, ...settings }, `${home} is ready`);
    });
}

/** Deletes when asked, makes when missing, and refuses flags that an existing home contradicts. */
async function prepareHome(home: string, options: NewOptions, terminal: Terminal): Promise<void> {
  const { deleteHome, readSettings } = await import('./home.ts');
  const { createLocalnetHome, DEFAULT_CHAIN_ID, localnetAuthority } = await import('./create.ts');
  const before = await readSettings(home);
  const validators = options.validators ?? (options.reset ? undefined : before?.validators) ?? 4;
  const authority =
    options.authority === undefined
      ? undefined
      : await localnetAuthority(options.authority, validators);
  if (options.reset) await deleteHome(home);
  const settings = options.reset ? undefined : before;
  if (settings === undefined) {
    const { chainId = DEFAULT_CHAIN_ID, seed } = options;
    note(terminal, `making a localnet of ${validators} validators in ${home}`);
    return createLocalnetHome({ home, chainId, validators, seed, authority });
  }
  await checkAuthority(home, authority);
  for (const name of ['validators', 'chainId', 'seed'] as const) {
    const asked = options[name];
    if (asked === undefined || asked === settings[name]) continue;
    const flag = name === 'chainId' ? 'chain-id' : name;
    throw new CliError(
      `--${flag}: ${home} has ${settings[name]}, got ${asked} (--reset begins anew)`,
    );
  }
}

/** The authority stands in the genesis: no start can change it. */
async function checkAuthority(home: string, asked: string | undefined): Promise<void> {
  if (asked === undefined) return;
  const { authorityOfHome } = await import('./authority.ts');
  const has = (await authorityOfHome(home)) || "the module gov's";
  if (asked === has) return;
  throw new CliError(`--authority: ${home} has ${has}, got ${asked} (--reset begins anew)`);
}
