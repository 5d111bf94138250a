/** `tx_response`: what CometBFT's RPC says of a transaction, as the SDK prints it. */
import { toHex } from '../../wire/bytes.ts';
import { readBase64, readObject, readOptional, readText } from '../../wire/json/read.ts';
import { type JsonObject, type JsonValue, toJson } from '../descriptors/index.ts';
import { complete, type NativeContext, toObject } from './native.ts';

const TX_RESPONSE = 'cosmos.base.abci.v1beta1.TxResponse';
const TX = 'cosmos.tx.v1beta1.Tx';
/** A transaction or its result data may not be larger, in bytes. */
const MAX_TX_BYTES = 16 * 1024 * 1024;

/** One item of the RPC methods tx and tx_search. */
export interface FoundTx {
  readonly tx: JsonObject;
  readonly response: JsonObject;
}

/**
 * @param timestamp time of the block, RFC 3339
 * @throws TypeError naming the path when the answer is malformed.
 */
export function foundTx(context: NativeContext, json: unknown, timestamp: string): FoundTx {
  const field = readObject(json, 'tx');
  const { descriptors } = context;
  const bytes = field('tx', readBase64(MAX_TX_BYTES));
  const tx = toObject(toJson(descriptors, TX, bytes));
  const response = complete(descriptors, TX_RESPONSE, {
    height: field('height', readText),
    txhash: field('hash', readText).toUpperCase(),
    timestamp,
    ...field('tx_result', readResult),
  });
  return { tx, response: { ...response, tx: { '@type': `/${TX}`, ...tx } } };
}

/** The height that an item of tx or tx_search names, as text. */
export function heightOf(json: unknown): string {
  return readObject(json, 'tx')('height', readText);
}

function readResult(json: unknown, path: string): JsonObject {
  const field = readObject(json, path);
  const none = readOptional(readText, '');
  return {
    code: field('code', (value) => (typeof value === 'number' ? value : 0)),
    codespace: field('codespace', none),
    data: toHex(
      field('data', readOptional(readBase64(MAX_TX_BYTES), new Uint8Array(0))),
    ).toUpperCase(),
    raw_log: field('log', longText),
    info: field('info', longText),
    gas_wanted: field('gas_wanted', readOptional(readText, '0')),
    gas_used: field('gas_used', readOptional(readText, '0')),
    events: field('events', (value) => (Array.isArray(value) ? value.map(readEvent) : [])),
  };
}

/** Logs of failed transactions may be longer than the texts that consensus data may hold. */
function longText(json: unknown): string {
  return typeof json === 'string' ? json : '';
}

function readEvent(json: unknown): JsonValue {
  const field = readObject(json, 'event');
  const list = field('attributes', (value): readonly unknown[] =>
    Array.isArray(value) ? value : [],
  );
  const attributes = list.map((item) => {
    const attribute = readObject(item, 'attribute');
    return {
      key: attribute('key', longText),
      value: attribute('value', longText),
      index: attribute('index', (value) => value === true),
    };
  });
  return { type: field('type', readText), attributes };
}

/** What broadcasting says: code, log and hash, before any block. */
export function broadcastResponse(context: NativeContext, json: unknown): JsonObject {
  const field = readObject(json, 'broadcast');
  return complete(context.descriptors, TX_RESPONSE, {
    code: field('code', (value) => (typeof value === 'number' ? value : 0)),
    codespace: field('codespace', readOptional(readText, '')),
    data: field('data', readOptional(readText, '')),
    raw_log: field('log', longText),
    txhash: field('hash', readText).toUpperCase(),
  });
}
