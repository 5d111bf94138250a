/** The lies that a node could tell about a device, and the step of the proof at which each comes out. */

import { fromBase64, toBase64 } from '../../wire/bytes.ts';
import { deviceCodec, reportResponseCodec } from '../deviceMessages.ts';
import type { StepName } from '../index.ts';

/** A question of the light client, as JSON-RPC puts it. */
export interface Question {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

type Json = Record<string, unknown>;

/** One way to lie: `tamper` changes the result of a call in place. */
export interface Lie {
  readonly id: string;
  readonly title: string;
  /** Where the light client finds out. */
  readonly step: StepName;
  readonly tamper: (question: Question, result: Json, anchor: bigint) => void;
}

export const LIES: readonly Lie[] = [
  {
    id: 'past',
    title: 'The trusted header never was',
    step: 'trusted header',
    tamper: (question, result, anchor) => {
      if (isCommit(question) && heightOf(question) === anchor) changeHeader(result);
    },
  },
  {
    id: 'header',
    title: 'The state is another: a forged AppHash',
    step: 'header at H+1',
    tamper: (question, result, anchor) => {
      if (isCommit(question) && heightOf(question) !== anchor) changeHeader(result);
    },
  },
  {
    id: 'vote',
    title: 'A vote that nobody cast',
    step: 'commit',
    tamper: (question, result, anchor) => {
      if (isCommit(question) && heightOf(question) !== anchor) changeVote(result);
    },
  },
  {
    id: 'batch',
    title: 'Another batch of reports',
    step: 'store proof of the batch root',
    tamper: (question, result) => {
      if (isRead(question, '03')) changeValue(result, (value) => flip(value, 8));
    },
  },
  {
    id: 'silence',
    title: 'There is no such report',
    step: 'store proof of the batch root',
    tamper: (question, result) => {
      if (isReport(question)) result.response = { code: 22, log: 'not found', height: '0' };
    },
  },
  {
    id: 'reading',
    title: 'Another reading',
    step: 'Merkle path of the report',
    tamper: (question, result) => {
      if (isReport(question)) changeValue(result, withOtherReading);
    },
  },
  {
    id: 'key',
    title: 'Another key of the device',
    step: 'device record',
    tamper: (question, result) => {
      if (isRead(question, '01')) changeValue(result, withOtherKey);
    },
  },
];

function isCommit({ method }: Question): boolean {
  return method === 'commit';
}

function heightOf({ params }: Question): bigint | undefined {
  return typeof params.height === 'string' ? BigInt(params.height) : undefined;
}

/** Whether a key of the devices' store is read that begins so: 01 a device, 03 a batch. */
function isRead({ method, params }: Question, prefix: string): boolean {
  const isOfStore = method === 'abci_query' && params.path === '/store/devices/key';
  return isOfStore && String(params.data).startsWith(prefix);
}

function isReport({ method, params }: Question): boolean {
  return method === 'abci_query' && params.path === '/depin.devices.v1.Query/Report';
}

function changeHeader(result: Json): void {
  const { header } = result.signed_header as { header: { app_hash: string } };
  const first = header.app_hash.startsWith('0') ? '1' : '0';
  header.app_hash = `${first}${header.app_hash.slice(1)}`;
}

function changeVote(result: Json): void {
  const { commit } = result.signed_header as {
    commit: { signatures: { signature: string | null }[] };
  };
  const vote = commit.signatures.find(({ signature }) => signature !== null);
  if (vote?.signature) vote.signature = toBase64(flip(fromBase64(vote.signature), 0));
}

function changeValue(result: Json, change: (value: Uint8Array) => Uint8Array): void {
  const response = result.response as { value?: string | null };
  if (response.value) response.value = toBase64(change(fromBase64(response.value)));
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const index = Math.min(at, changed.length - 1);
  changed[index] = (changed[index] ?? 0) ^ 1;
  return changed;
}

function withOtherReading(value: Uint8Array): Uint8Array {
  const served = reportResponseCodec.decode(value);
  if (served.report === undefined) return value;
  const report = { ...served.report, payload: flip(served.report.payload, 12) };
  return reportResponseCodec.encode({ ...served, report }).finish();
}

function withOtherKey(value: Uint8Array): Uint8Array {
  const device = deviceCodec.decode(value);
  const keys = device.keys.map((key) => ({ ...key, publicKey: flip(key.publicKey, 5) }));
  return deviceCodec.encode({ ...device, keys }).finish();
}
