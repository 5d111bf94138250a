/**
 * The folder in which a light client keeps what it has verified: known by its marker, which also says from what it
 * began and whom it asked, so that it goes on with the folder alone.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrustRoot } from '../../lightclient/index.ts';
import { fromHex, toHex } from '../../wire/bytes.ts';
import {
  type Read,
  readList,
  readObject,
  readOptional,
  readSmallInteger,
  readText,
} from '../../wire/json/read.ts';
import { CliError, isFileError } from '../errors.ts';
import { makeFolder } from '../home.ts';

const MARKER_FILE = 'depind-light.json';
const MAX_WITNESSES = 1_000;

/** What the marker says: the chain, and what was named for it: the header that trust began from, the nodes that were asked. */
export interface LightFolder {
  readonly chainId: string;
  readonly trust?: TrustRoot;
  readonly nodes?: LightNodes;
}

/** The node that is asked first, and those that must confirm what it shows. */
export interface LightNodes {
  readonly primary: string;
  readonly witnesses: readonly string[];
}

const readTrust: Read<TrustRoot> = (json, path) => {
  const field = readObject(json, path);
  const height = field('height', readSmallInteger(1, Number.MAX_SAFE_INTEGER));
  return { height: BigInt(height), hash: fromHex(field('hash', readText), `${path}.hash`) };
};

const readNodes: Read<LightNodes> = (json, path) => {
  const field = readObject(json, path);
  return {
    primary: field('primary', readText),
    witnesses: field('witnesses', readList(readText, MAX_WITNESSES)),
  };
};

/** Where the database of blocks lies in the folder. */
export function databasePath(folder: string): string {
  return join(folder, 'blocks');
}

/**
 * What the folder says; undefined when it is empty or not there yet.
 * @throws CliError for a folder that holds something else, and for a marker that cannot be read.
 */
export async function readLightFolder(folder: string): Promise<LightFolder | undefined> {
  const path = join(folder, MARKER_FILE);
  return atFolder(folder, async () => {
    if (existsSync(path)) return parse(await readFile(path, 'utf8'), path);
    if (!existsSync(folder) || (await readdir(folder)).length === 0) return undefined;
    throw new CliError(
      `--dir: ${folder} is not empty, and no folder of depind's light client (it holds no ${MARKER_FILE})`,
    );
  });
}

/** Makes the folder if need be, and says in it what it is of. @throws CliError naming it. */
export async function writeLightFolder(folder: string, settings: LightFolder): Promise<void> {
  const { chainId, trust, nodes } = settings;
  const text = JSON.stringify(
    {
      chainId,
      ...(trust && { trust: { height: Number(trust.height), hash: toHex(trust.hash) } }),
      ...(nodes && { nodes }),
    },
    null,
    2,
  );
  const path = join(folder, MARKER_FILE);
  await atFolder(folder, async () => {
    await makeFolder(folder);
    await writeFile(`${path}.new`, `${text}\n`);
    await rename(`${path}.new`, path);
  });
}

function parse(text: string, path: string): LightFolder {
  try {
    const field = readObject(JSON.parse(text), 'settings');
    const trust = field('trust', readOptional<TrustRoot | undefined>(readTrust, undefined));
    const nodes = field('nodes', readOptional<LightNodes | undefined>(readNodes, undefined));
    return {
      chainId: field('chainId', readText),
      ...(trust && { trust }),
      ...(nodes && { nodes }),
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : '';
    throw new CliError(`${path}: cannot be read: ${why}`, { cause });
  }
}

async function atFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new CliError(`--dir: ${folder} cannot be used: ${error.message}`);
  }
}
