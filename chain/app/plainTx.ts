/**
 * A transaction without anything unusual, decoded without the general codec: the same values in a fifth of the time. Only
 * for bytes that the plain walk of the descriptors took; what this does not know is left to that codec.
 */
import type { Coin } from '../../wire/gen/cosmos/base/v1beta1/coin.ts';
import type {
  AuthInfo,
  Fee,
  ModeInfo,
  SignerInfo,
  TxBody,
} from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import { PlainReader } from '../descriptors/index.ts';

/** Tags: field number and wire type. */
const BYTES_1 = 0x0a;
const BYTES_2 = 0x12;
const BYTES_3 = 0x1a;
const BYTES_4 = 0x22;
const NUMBER_1 = 0x08;
const NUMBER_2 = 0x10;
const NUMBER_3 = 0x18;
const NUMBER_4 = 0x20;

/** A body, with the field of SDK 0.53 that the general codec does not know. */
export interface PlainBody {
  readonly body: TxBody;
  readonly unordered: boolean;
}

/** Undefined for a body with a field that is not read here. */
export function plainBodyOf(bytes: Uint8Array): PlainBody | undefined {
  const reader = new PlainReader(bytes);
  const body: TxBody = {
    messages: [],
    memo: '',
    timeoutHeight: 0n,
    extensionOptions: [],
    nonCriticalExtensionOptions: [],
  };
  let unordered = false;
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === BYTES_1) body.messages.push(readAny(reader));
    else if (tag === BYTES_2) body.memo = reader.text();
    else if (tag === NUMBER_3) body.timeoutHeight = BigInt(reader.varint());
    else if (tag === NUMBER_4) unordered = reader.varint() !== 0;
    else return undefined;
  }
  return { body, unordered };
}

/** Undefined for one with a field that is not read here: signatures of several keys, or a tip. */
export function plainAuthInfoOf(bytes: Uint8Array): AuthInfo | undefined {
  const reader = new PlainReader(bytes);
  const signerInfos: SignerInfo[] = [];
  let fee: Fee | undefined;
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === BYTES_2) fee = readFee(reader);
    else if (tag === BYTES_1) {
      const info = readSignerInfo(reader);
      if (info === undefined) return undefined;
      signerInfos.push(info);
    } else return undefined;
  }
  return { signerInfos, fee, tip: undefined };
}

/** Both parts are written, in this order. */
function readAny(reader: PlainReader): Any {
  const outer = reader.enter();
  reader.varint();
  const typeUrl = reader.text();
  reader.varint();
  const value = reader.content();
  reader.end = outer;
  return { typeUrl, value };
}

function readSignerInfo(reader: PlainReader): SignerInfo | undefined {
  const outer = reader.enter();
  const info: SignerInfo = { publicKey: undefined, modeInfo: undefined, sequence: 0n };
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === BYTES_1) info.publicKey = readAny(reader);
    else if (tag === NUMBER_3) info.sequence = BigInt(reader.varint());
    else {
      info.modeInfo = tag === BYTES_2 ? readModeInfo(reader) : undefined;
      if (info.modeInfo === undefined) return undefined;
    }
  }
  reader.end = outer;
  return info;
}

function readModeInfo(reader: PlainReader): ModeInfo | undefined {
  const outer = reader.enter();
  let mode: number | undefined;
  while (reader.at < reader.end) {
    if (reader.varint() !== BYTES_1) return undefined;
    const around = reader.enter();
    mode = 0;
    while (reader.at < reader.end) {
      if (reader.varint() !== NUMBER_1) return undefined;
      mode = reader.varint();
    }
    reader.end = around;
  }
  reader.end = outer;
  return { single: mode === undefined ? undefined : { mode }, multi: undefined };
}

function readFee(reader: PlainReader): Fee | undefined {
  const outer = reader.enter();
  const fee: Fee = { amount: [], gasLimit: 0n, payer: '', granter: '' };
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === BYTES_1) fee.amount.push(readCoin(reader));
    else if (tag === NUMBER_2) fee.gasLimit = BigInt(reader.varint());
    else if (tag === BYTES_3) fee.payer = reader.text();
    else if (tag === BYTES_4) fee.granter = reader.text();
  }
  reader.end = outer;
  return fee;
}

function readCoin(reader: PlainReader): Coin {
  const outer = reader.enter();
  const coin: Coin = { denom: '', amount: '' };
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === BYTES_1) coin.denom = reader.text();
    else if (tag === BYTES_2) coin.amount = reader.text();
  }
  reader.end = outer;
  return coin;
}
