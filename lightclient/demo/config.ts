/** What the server of the page says of its network. Only the trusted header in it is ever believed, if the user does. */
import { fromHex } from '../../wire/bytes.ts';
import {
  type Read,
  readList,
  readObject,
  readSmallInteger,
  readText,
} from '../../wire/json/read.ts';
import type { TrustRoot } from '../index.ts';

/** The network that the page follows. */
export interface PageConfig {
  readonly chainId: string;
  /** The node that is asked first. */
  readonly rpc: string;
  /** Nodes that must have the same headers. */
  readonly witnesses: readonly string[];
  /** A header of the localnet's own choice. */
  readonly trust: TrustRoot;
}

const CONFIG_FILE = 'config.json';
const MAX_WITNESSES = 32;
const readPort = readSmallInteger(1, 65_535);

const readTrust: Read<TrustRoot> = (json, path) => {
  const field = readObject(json, path);
  const height = field('height', readSmallInteger(1, Number.MAX_SAFE_INTEGER));
  return { height: BigInt(height), hash: fromHex(field('hash', readText), `${path}.hash`) };
};

/** Asks the server. @throws Error that says what is missing. */
export async function loadConfig(): Promise<PageConfig> {
  const response = await fetch(CONFIG_FILE);
  if (!response.ok) throw new Error(`the server of this page answers ${response.status}`);
  const field = readObject(await response.json(), 'config');
  return {
    chainId: field('chainId', readText),
    rpc: urlOf(field('rpcPort', readPort)),
    witnesses: field('witnessPorts', readList(readPort, MAX_WITNESSES)).map(urlOf),
    trust: field('trust', readTrust),
  };
}

/** The nodes are on the machine that the page came from, under whatever name that has here. */
function urlOf(port: number): string {
  return `${location.protocol}//${location.hostname}:${port}`;
}
