/**
 * A small honest application for tests of the harness: a sorted key-value store whose AppHash is a hash over
 * its content, kept in one file. Transactions are texts: `key=value` sets, `power:<base64 key without padding>=<n>` changes a
 * validator, `params:maxGas=<n>` the parameters, `retain=<height>` lets older blocks go.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type {
  Application,
  CheckTxResponse,
  Event,
  FinalizeBlockRequest,
  FinalizeBlockResponse,
  InitChainRequest,
  TxResult,
  ValidatorUpdate,
} from '../../chain/abci/types.ts';
import { fromBase64, fromUtf8, toUtf8 } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import type { ConsensusParams } from '../../wire/types.ts';
import { decodeRecord, encodeRecord } from '../node/records.ts';

interface Content {
  readonly height: bigint;
  readonly params: ConsensusParams;
  readonly retainHeight: bigint;
  readonly values: Readonly<Record<string, string>>;
}

/** How a test makes an application wrong on purpose. */
export interface Faults {
  /** Comes to another AppHash from this height on. */
  readonly divergesAt?: bigint;
  readonly refusesProposals?: boolean;
}

export class KeyValueApplication implements Application {
  readonly #path: string;
  readonly #faults: Faults;
  #committed: Content | undefined;
  #pending: Content | undefined;

  private constructor(path: string, committed: Content | undefined, faults: Faults) {
    this.#path = path;
    this.#committed = committed;
    this.#faults = faults;
  }

  static async open(path: string, faults: Faults = {}): Promise<KeyValueApplication> {
    const bytes = await readFile(path).catch(() => undefined);
    return new KeyValueApplication(path, bytes && decodeRecord<Content>(bytes), faults);
  }

  async info() {
    const { height = 0n } = this.#committed ?? {};
    const lastBlockAppHash =
      this.#committed && height > 0n ? this.#hash(this.#committed) : new Uint8Array(0);
    return {
      data: 'key-value',
      version: '1',
      appVersion: 7n,
      lastBlockHeight: height,
      lastBlockAppHash,
    };
  }

  async initChain(request: InitChainRequest) {
    const values = JSON.parse(fromUtf8(request.appStateBytes) || '{}') as Record<string, string>;
    this.#pending = { height: 0n, params: request.consensusParams, retainHeight: 0n, values };
    return { validators: [], appHash: this.#hash(this.#pending) };
  }

  async query({ data, path, height }: { data: Uint8Array; path: string; height: bigint }) {
    const committed = this.#committed;
    const value = committed?.values[fromUtf8(data)];
    const isKnown = path === '/value' && value !== undefined && height <= (committed?.height ?? 0n);
    return {
      code: isKnown ? 0 : 1,
      log: isKnown ? '' : 'no such value',
      info: '',
      index: 0n,
      key: data,
      value: isKnown ? toUtf8(value) : new Uint8Array(0),
      height: committed?.height ?? 0n,
      codespace: isKnown ? '' : 'kv',
    };
  }

  async checkTx({ tx }: { tx: Uint8Array }): Promise<CheckTxResponse> {
    const text = fromUtf8(tx);
    if (!text.includes('=')) return result({ code: 2, log: 'expected key=value' });
    const [key = ''] = text.split('=');
    // "once" keys may be set a single time: what makes a recheck fail.
    const isTaken = key.startsWith('once:') && this.#committed?.values[key] !== undefined;
    return isTaken ? result({ code: 3, log: 'set already' }) : result({ gasWanted: 10n });
  }

  async prepareProposal({ txs }: { txs: readonly Uint8Array[] }) {
    return { txs };
  }

  async processProposal() {
    return { accept: !this.#faults.refusesProposals };
  }

  async finalizeBlock(request: FinalizeBlockRequest): Promise<FinalizeBlockResponse> {
    const before = this.#pending ?? this.#committed!;
    const values: Record<string, string> = { ...before.values };
    const validatorUpdates: ValidatorUpdate[] = [];
    let { params, retainHeight } = before;
    const txResults = request.txs.map((tx): TxResult => {
      const [key = '', value = ''] = fromUtf8(tx).split('=');
      if (key === 'fail') return result({ code: 5, log: 'failed on purpose', codespace: 'kv' });
      if (key === 'retain') retainHeight = BigInt(value);
      else if (key === 'params:maxGas') {
        params = { ...params, block: { ...params.block, maxGas: BigInt(value) } };
      } else if (key.startsWith('power:')) {
        // The padding of the key's base64 would look like the sign before the power.
        const bytes = fromBase64(`${key.slice('power:'.length)}=`);
        validatorUpdates.push({ publicKey: { type: 'ed25519', bytes }, power: BigInt(value) });
      } else values[key] = value;
      return result({
        data: toUtf8(value),
        gasUsed: 7n,
        gasWanted: 10n,
        events: [setEvent(key, value)],
      });
    });
    if (this.#faults.divergesAt !== undefined && request.height >= this.#faults.divergesAt) {
      values.diverged = 'yes';
    }
    this.#pending = { height: request.height, params, retainHeight, values };
    return {
      events: [
        {
          type: 'block',
          attributes: [attribute('parity', request.height % 2n === 0n ? 'even' : 'odd')],
        },
      ],
      txResults,
      validatorUpdates,
      ...(params !== before.params && { consensusParamUpdates: params }),
      appHash: this.#hash(this.#pending),
    };
  }

  async commit() {
    this.#committed = this.#pending!;
    this.#pending = undefined;
    await writeFile(`${this.#path}.next`, encodeRecord(this.#committed));
    await rename(`${this.#path}.next`, this.#path);
    return { retainHeight: this.#committed.retainHeight };
  }

  async close() {}

  #hash({ values, height }: Content): Uint8Array {
    const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
    return sha256(toUtf8(JSON.stringify([String(height), sorted])));
  }
}

function setEvent(key: string, value: string): Event {
  const attributes = [
    attribute('key', key),
    attribute('value', value),
    attribute('size', String(value.length)),
  ];
  return { type: 'set', attributes: [...attributes, { key: 'hidden', value: key, index: false }] };
}

function attribute(key: string, value: string) {
  return { key, value, index: true };
}

function result(fields: Partial<TxResult>): TxResult {
  const none = { code: 0, data: new Uint8Array(0), log: '', info: '', codespace: '' };
  return { ...none, gasWanted: 0n, gasUsed: 0n, events: [], ...fields };
}
