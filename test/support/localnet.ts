/** A localnet as `depind localnet start` runs it, in this process and a temporary home, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { NetworkFile } from '../../cli/home.ts';
import { createLocalnetHome, devAccounts, localnetAuthority } from '../../cli/localnet/create.ts';
import { startDevices } from '../../cli/localnet/fleet.ts';
import type { Network } from '../../cli/localnet/network.ts';
import { runNetwork } from '../../cli/localnet/run.ts';
import { testTerminal } from '../../cli/testing/terminal.ts';

export interface TestLocalnetOptions {
  /** Default 4. */
  readonly validators?: number;
  /** Default 50. */
  readonly blockIntervalMs?: number;
  /** Simulated ones; default 0. */
  readonly devices?: number;
  readonly chainId?: string;
  /** Who plans upgrades: address or name of a key. Default: the module gov. */
  readonly authority?: string;
}

export interface TestLocalnet extends NetworkFile {
  readonly home: string;
  /** What it wrote to stderr so far. */
  log(): string;
  /** Stops it and leaves its home to the caller. */
  halt(): Promise<void>;
  /** Stops it and removes its home. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 15_000;

/** Resolves once the trusted block is committed. */
export async function startTestLocalnet(options: TestLocalnetOptions = {}): Promise<TestLocalnet> {
  const { validators = 4, blockIntervalMs = 50, devices = 0 } = options;
  const chainId = options.chainId ?? 'depind-test-1';
  const home = join(await mkdtemp(join(tmpdir(), 'depind-localnet-')), 'net');
  const authority = options.authority && (await localnetAuthority(options.authority, validators));
  await createLocalnetHome({ home, chainId, validators, seed: 'test', authority });
  const terminal = testTerminal();
  const startFleet = (network: Network) =>
    startDevices({ devices, seed: 'test', minimumGasPrices: '' }, network, QUIET);
  const running = runNetwork(
    {
      home,
      host: '127.0.0.1',
      rpcPort: 0,
      restPort: 0,
      blockIntervalMs,
      minimumGasPrices: '',
      pruning: 'default',
      output: 'json',
      debug: false,
      accounts: await devAccounts(home),
      startFleet: devices > 0 ? startFleet : undefined,
    },
    terminal,
  );
  const ready = (async (): Promise<NetworkFile> => {
    const end = performance.now() + START_TIMEOUT_MS;
    while (terminal.out() === '') {
      if (performance.now() > end)
        throw new Error(`the localnet does not start: ${terminal.err()}`);
      await setTimeout(10);
    }
    return JSON.parse(terminal.out()) as NetworkFile;
  })();
  const ended = running.then(() => Promise.reject(new Error(`it ended: ${terminal.err()}`)));
  const network = await Promise.race([ready, ended]);
  ended.catch(() => undefined);
  return {
    ...network,
    home,
    log: () => terminal.err(),
    async halt() {
      terminal.interrupt();
      await running;
    },
    async stop() {
      terminal.interrupt();
      await running;
      await rm(join(home, '..'), { recursive: true, force: true });
    },
  };
}

const nothing = (): void => undefined;
const QUIET = { debug: nothing, info: nothing, warn: nothing, error: nothing };
