/** A header to begin trust from, as the text that QR codes and links hold. */
import { fromHex, toHex } from '../../wire/bytes.ts';
import type { TrustRoot } from '../types.ts';

const START = 'depind:checkpoint?';
const FORM = /^chain=([^&]{1,150})&height=([1-9]\d{0,17})&hash=([0-9A-F]{64})$/;

/** A header of a chain by its height and hash. */
export interface Checkpoint extends TrustRoot {
  readonly chainId: string;
}

/** `depind:checkpoint?chain=…&height=…&hash=…`, the hash in upper-case hex. */
export function checkpointToText({ chainId, height, hash }: Checkpoint): string {
  const chain = encodeURIComponent(chainId);
  return `${START}chain=${chain}&height=${height}&hash=${toHex(hash).toUpperCase()}`;
}

/** What such a text says; undefined for another text. Whether to believe it is the user's choice. */
export function checkpointFromText(text: string): Checkpoint | undefined {
  const match = text.startsWith(START) ? FORM.exec(text.slice(START.length)) : null;
  if (match === null) return undefined;
  const [, chain = '', height = '', hash = ''] = match;
  const read = { chainId: decoded(chain), height: BigInt(height), hash: fromHex(hash) };
  return checkpointToText(read) === text ? read : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
