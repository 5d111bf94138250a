/** An execution as text for another process: what was asked of the application, and what it came to. */
import type { FinalizeBlockRequest, InitChainRequest, TxResult } from '../chain/abci/types.ts';
import { concatBytes, fromHex, toHex, toUtf8 } from '../wire/bytes.ts';
import { sha256 } from '../wire/hash.ts';

export interface Recording {
  readonly initChain: InitChainRequest;
  readonly blocks: readonly FinalizeBlockRequest[];
}

/** What must be the same in every execution of a block. */
export interface BlockOutcome {
  /** Hex. */
  readonly appHash: string;
  /** A digest of each transaction's result: code, data, gas and events. Hex. */
  readonly results: readonly string[];
}

/** The outcome of an executed block. */
export function outcomeOf(appHash: Uint8Array, results: readonly TxResult[]): BlockOutcome {
  return { appHash: toHex(appHash), results: results.map(digest) };
}

function digest({ code, codespace, data, gasUsed, gasWanted, events }: TxResult): string {
  const text = JSON.stringify([code, codespace, `${gasUsed}`, `${gasWanted}`, events]);
  return toHex(sha256(concatBytes(toUtf8(text), data))).slice(0, 16);
}

/** Integers and bytes get their kind in front. */
export function recordingToText(recording: Recording): string {
  return JSON.stringify(recording, (_, value: unknown) => {
    if (typeof value === 'bigint') return `int:${value}`;
    return value instanceof Uint8Array ? `hex:${toHex(value)}` : value;
  });
}

/** @throws SyntaxError when the text is not JSON. */
export function recordingFromText(text: string): Recording {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (value.startsWith('int:')) return BigInt(value.slice(4));
    return value.startsWith('hex:') ? fromHex(value.slice(4)) : value;
  }) as Recording;
}
