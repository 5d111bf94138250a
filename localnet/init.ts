/** The files of a localnet on disk: one home with a folder for each validator, laid out as CometBFT's testnets are. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { concatBytes, fromUtf8, toUtf8 } from '../wire/bytes.ts';
import { sha256 } from '../wire/hash.ts';
import { lastSignedToText } from './consensus/lastSigned.ts';
import {
  nodeKeyToText,
  parseKey,
  type ValidatorKey,
  validatorKey,
  validatorKeyToText,
} from './consensus/signer.ts';
import { type GenesisDocument, genesisToText, parseGenesis } from './genesis.ts';

/** The keys of one node: the one it votes with and the one that names it to its peers. */
export interface ValidatorKeys {
  readonly validator: ValidatorKey;
  readonly node: ValidatorKey;
}

/** Where a node keeps what. */
export interface NodePaths {
  readonly config: string;
  readonly data: string;
  readonly genesis: string;
  readonly validatorKey: string;
  readonly nodeKey: string;
  readonly validatorState: string;
}

/** The paths of node `index` (from 0) under a home. */
export function nodePaths(home: string, index: number): NodePaths {
  const config = join(home, `node${index}`, 'config');
  const data = join(home, `node${index}`, 'data');
  return {
    config,
    data,
    genesis: join(config, 'genesis.json'),
    validatorKey: join(config, 'priv_validator_key.json'),
    nodeKey: join(config, 'node_key.json'),
    validatorState: join(data, 'priv_validator_state.json'),
  };
}

/**
 * Fresh keys for `count` nodes: from the system's randomness, or the same ones again for one seed (for tests
 * and reproducible networks only: who knows the seed knows the keys).
 */
export function makeValidatorKeys(count: number, seed?: Uint8Array): ValidatorKeys[] {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`count: expected 1 or more validators, got ${count}`);
  }
  const secret = (purpose: string, index: number): Uint8Array =>
    seed
      ? sha256(concatBytes(seed, toUtf8(`depind/localnet/${purpose}/${index}`)))
      : new Uint8Array(randomBytes(32));
  return Array.from({ length: count }, (_, index) => ({
    validator: validatorKey(secret('validator', index)),
    node: validatorKey(secret('node', index)),
  }));
}

/**
 * Writes the layout of a new localnet. Files that stand there already are not overwritten.
 * @throws Error naming the path that cannot be written or that exists, TypeError naming the field of the genesis that
 * is wrong.
 */
export async function initLocalnet(options: {
  readonly home: string;
  readonly genesis: GenesisDocument;
  readonly validators: readonly ValidatorKeys[];
}): Promise<void> {
  const genesisText = genesisToText(options.genesis);
  // What no start would take is refused now: the home would have to be made again.
  parseGenesis(toUtf8(genesisText));
  for (const [index, keys] of options.validators.entries()) {
    const paths = nodePaths(options.home, index);
    await atPath(paths.config, () => mkdir(paths.config, { recursive: true }));
    await atPath(paths.data, () => mkdir(paths.data, { recursive: true }));
    await writeNew(paths.genesis, genesisText, 0o644);
    await writeNew(paths.validatorKey, validatorKeyToText(keys.validator), 0o600);
    await writeNew(paths.nodeKey, nodeKeyToText(keys.node), 0o600);
    await writeNew(
      paths.validatorState,
      lastSignedToText({ height: 0n, round: 0, step: 0 }),
      0o600,
    );
  }
}

/**
 * The keys of every node under a home, node0 first.
 * @throws Error naming the path that is missing, TypeError naming the field of a key file that is wrong.
 */
export async function readValidatorKeys(home: string): Promise<ValidatorKeys[]> {
  const names = await atPath(home, () => readdir(home));
  const count = names.filter((name) => /^node\d+$/.test(name)).length;
  if (count === 0) throw new Error(`home ${home}: expected folders node0, node1, …, found none`);
  const keys: ValidatorKeys[] = [];
  for (let index = 0; index < count; index++) {
    const paths = nodePaths(home, index);
    keys.push({ validator: await readKey(paths.validatorKey), node: await readKey(paths.nodeKey) });
  }
  return keys;
}

async function readKey(path: string): Promise<ValidatorKey> {
  const bytes = await atPath(path, () => readFile(path));
  return parseKey(fromUtf8(bytes, path), path);
}

function writeNew(path: string, text: string, mode: number): Promise<void> {
  return atPath(path, () => writeFile(path, text, { mode, flag: 'wx' }));
}

/** Runs a file operation and says which path it failed at. */
export async function atPath<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'does not exist',
      EEXIST: 'exists already',
      ENOTDIR: 'is not a folder',
      EACCES: 'may not be read or written',
      EPERM: 'may not be read or written',
      EROFS: 'lies on a read-only file system',
      ENOSPC: 'has no space left',
    };
    throw new Error(`${path} ${reasons[code] ?? `cannot be used: ${String(cause)}`}`, { cause });
  }
}
