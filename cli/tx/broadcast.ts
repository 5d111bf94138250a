/** Handing a signed transaction in, once, and waiting for its block. */
import { setTimeout } from 'node:timers/promises';
import { toObject } from '../../chain/api/native.ts';
import { RestError } from '../../chain/api/status.ts';
import type { JsonObject, JsonValue } from '../../chain/descriptors/index.ts';
import { toHex } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import { CliError, ToldError } from '../errors.ts';
import type { ChainClient } from '../node/chainClient.ts';
import { printable, show } from '../output.ts';
import { note, type Terminal } from '../terminal.ts';
import { hintFor } from './hints.ts';
import type { TxOptions } from './options.ts';

const POLL_MS = 100;

type BroadcastOptions = Pick<TxOptions, 'broadcastMode' | 'wait' | 'waitTimeout' | 'output'>;

/**
 * Shows what became of the transaction. It is never sent twice, whatever happens.
 * @throws ToldError when it failed, CliError with its hash when that cannot be known.
 */
export async function broadcastAndWait(
  client: ChainClient,
  tx: Uint8Array,
  options: BroadcastOptions,
  terminal: Terminal,
): Promise<void> {
  const hash = toHex(sha256(tx)).toUpperCase();
  const checked = await handIn(client, tx, { hash, mode: options.broadcastMode });
  const isDone = checked.code !== 0 || !options.wait || options.broadcastMode === 'async';
  if (!isDone) note(terminal, `${hash} is handed in, waiting for its block`);
  const result = isDone ? checked : await waitForTx(client, hash, options.waitTimeout);
  showTx(terminal, options.output, result);
}

async function handIn(
  client: ChainClient,
  tx: Uint8Array,
  { hash, mode }: { readonly hash: string; readonly mode: 'sync' | 'async' },
): Promise<JsonObject> {
  try {
    return await client.broadcast(tx, mode);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(
      `${reason}; transaction ${hash} may or may not have been taken (see depind query tx)`,
      { cause },
    );
  }
}

/** The `tx_response` of a transaction, once it is in a block. @throws CliError with the hash after `timeoutMs`. */
export async function waitForTx(
  client: ChainClient,
  hash: string,
  timeoutMs: number,
): Promise<JsonObject> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await findTx(client, hash);
    if (found !== undefined) return found;
    if (performance.now() > end) {
      throw new CliError(
        `transaction ${hash} is in no block after ${timeoutMs} ms; it may still come (see depind query wait-tx ${hash})`,
      );
    }
    await setTimeout(POLL_MS);
  }
}

/** The `tx_response`, or undefined while no block holds it. */
export async function findTx(client: ChainClient, hash: string): Promise<JsonObject | undefined> {
  try {
    const answer = await client.query('/cosmos.tx.v1beta1.Service/GetTx', { hash });
    return toObject(toObject(answer).tx_response);
  } catch (error) {
    if (error instanceof RestError && error.status === 'NotFound') return undefined;
    throw error;
  }
}

/** Shows a `tx_response`. @throws ToldError when its code is not 0. */
export function showTx(
  terminal: Terminal,
  format: BroadcastOptions['output'],
  response: JsonObject,
): void {
  show(terminal, format, response, txText(response));
  if (response.code === 0) return;
  const { codespace, code, raw_log: log } = response;
  note(
    terminal,
    `error: transaction failed: ${String(log)} (${String(codespace)}/${String(code)})`,
  );
  const hint = hintFor(String(codespace), Number(code), String(log));
  if (hint !== undefined) note(terminal, `hint: ${hint}`);
  throw new ToldError('transaction failed');
}

function txText(response: JsonObject): string {
  const { txhash, height, code, gas_used: used, gas_wanted: wanted, raw_log: log } = response;
  const place = height === '0' ? 'in no block yet' : `in block ${String(height)}`;
  const state = code === 0 ? 'succeeded' : `failed with code ${String(code)}`;
  const lines = [
    `${String(txhash)} ${height === '0' && code === 0 ? 'was taken' : state}, ${place}`,
  ];
  if (height !== '0') lines.push(`gas: ${String(used)} of ${String(wanted)}`);
  if (log !== '' && code !== 0) lines.push(`log: ${String(log)}`);
  return [...lines, ...eventLines(response.events)].map(printable).join('\n');
}

function eventLines(events: JsonValue | undefined): string[] {
  if (!Array.isArray(events) || events.length === 0) return [];
  const lines = events.map((event) => {
    const { type, attributes } = toObject(event);
    const pairs = (Array.isArray(attributes) ? attributes : []).map((attribute) => {
      const { key, value } = toObject(attribute);
      return `${String(key)}=${String(value)}`;
    });
    return `  ${String(type)} ${pairs.join(' ')}`;
  });
  return ['events:', ...lines];
}
