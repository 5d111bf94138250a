/** Homes: which folder a command works in, and what a localnet's home says of its network. */
import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CliError } from './errors.ts';
import type { Terminal } from './terminal.ts';

/** The file by which a folder is known to be a home of this program. */
export const MARKER_FILE = 'depind.json';
/** What programs read about a running localnet. */
export const NETWORK_FILE = 'localnet.json';
const LOCAL_HOME = '.localnet';

/** What `localnet.json` holds. */
export interface NetworkFile {
  readonly chainId: string;
  /** URL of CometBFT's RPC. */
  readonly rpc: string;
  /** URLs of the RPCs of the further validators: witnesses for light clients. */
  readonly witnesses: readonly string[];
  /** URL of the REST API. */
  readonly rest: string;
  /** A block to begin verification from; the hash in upper-case hex. */
  readonly trust: { readonly height: number; readonly hash: string };
  /** With mnemonics that everybody knows. */
  readonly accounts: readonly {
    readonly name: string;
    readonly address: string;
    readonly mnemonic: string;
  }[];
}

/**
 * The home: as given, from DEPIND_HOME, the localnet in the working directory if one is there, or `~/.depind`.
 */
export function chooseHome(given: string | undefined, terminal: Terminal): string {
  const { workingDirectory, env } = terminal;
  const chosen = given ?? env.DEPIND_HOME;
  if (chosen !== undefined && chosen !== '') return resolve(workingDirectory, chosen);
  const local = resolve(workingDirectory, LOCAL_HOME);
  return existsSync(join(local, MARKER_FILE)) ? local : join(homedir(), '.depind');
}

/**
 * Makes a folder and those that it lies in, one after the other: Node's own way to make several never ends in folders
 * that take none, such as /proc. @throws Error of the system.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  if (isFolder(folder)) return;
  await makeFolder(dirname(folder), mode);
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** What the home's localnet says of itself; undefined where none has run. @throws CliError naming the file. */
export async function readNetworkFile(home: string): Promise<NetworkFile | undefined> {
  const path = join(home, NETWORK_FILE);
  if (!existsSync(path)) return undefined;
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isNetworkFile(parsed)) return parsed;
  } catch (cause) {
    throw new CliError(`${path}: cannot be read as JSON`, { cause });
  }
  throw new CliError(`${path}: expected chainId, rpc, rest, trust and accounts`);
}

function isNetworkFile(value: unknown): value is NetworkFile {
  if (typeof value !== 'object' || value === null) return false;
  const { chainId, rpc, trust } = value as Partial<Record<keyof NetworkFile, unknown>>;
  if (typeof chainId !== 'string' || typeof rpc !== 'string') return false;
  if (typeof trust !== 'object' || trust === null) return false;
  const { height, hash } = trust as { readonly height?: unknown; readonly hash?: unknown };
  return Number.isSafeInteger(height) && typeof hash === 'string' && /^[0-9A-F]{64}$/.test(hash);
}
