/** Which header the user trusts: kept in this browser, until the localnet's own word is taken again. */
import { fromHex, toHex } from '../../wire/bytes.ts';
import type { TrustRoot } from '../index.ts';

const HEIGHT = /^[1-9]\d{0,17}$/;
const HASH = /^[0-9a-fA-F]{64}$/;

const keyOf = (chainId: string): string => `depind-light/trust/${chainId}`;

/** The user's own choice, or undefined when there is none that can be read. */
export function readChoice(chainId: string): TrustRoot | undefined {
  const [height = '', hash = ''] = (localStorage.getItem(keyOf(chainId)) ?? '').split(' ');
  return parseTrust(height, hash);
}

/** Keeps a choice; undefined forgets it. */
export function keepChoice(chainId: string, trust: TrustRoot | undefined): void {
  if (trust === undefined) localStorage.removeItem(keyOf(chainId));
  else localStorage.setItem(keyOf(chainId), `${trust.height} ${toHex(trust.hash)}`);
}

/** What was typed; undefined when it is no height or no hash. */
export function parseTrust(height: string, hash: string): TrustRoot | undefined {
  if (!HEIGHT.test(height) || !HASH.test(hash)) return undefined;
  return { height: BigInt(height), hash: fromHex(hash) };
}
