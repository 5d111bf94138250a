/** A bundle in the place of a node: it answers what the proof asks, and nothing else. */
import { equalBytes, toUtf8 } from '../../wire/bytes.ts';
import { batchKey, DEVICES_STORE, deviceKey } from '../../wire/deviceKeys.ts';
import { decodeCommitmentProof, existenceRoot } from '../../wire/ics23/index.ts';
import { type Provider, ProviderError, type QueryAnswer, type StateQuery } from '../provider.ts';
import { expandProof } from './compactProof.ts';
import type { ProofBundle } from './format.ts';

/** Which report the bundle claims to hold. */
export interface ClaimedReport {
  readonly deviceId: string;
  readonly batchId: bigint;
}

const NO_BYTES = new Uint8Array(0);

/** Answers as a node would that has these proofs alone. */
export class BundleProvider implements Provider {
  readonly #bundle: ProofBundle;
  readonly #claimed: ClaimedReport;

  constructor(bundle: ProofBundle, claimed: ClaimedReport) {
    this.#bundle = bundle;
    this.#claimed = claimed;
  }

  async abciQuery({ data, prove }: StateQuery): Promise<QueryAnswer> {
    const { recordProof, record, batchProof, batch, report } = this.#bundle;
    if (prove !== true) return this.#answer({ key: NO_BYTES, value: report });
    if (equalBytes(data, deviceKey(this.#claimed.deviceId))) {
      return this.#prove({ key: data, value: record }, recordProof);
    }
    if (equalBytes(data, batchKey(this.#claimed.batchId))) {
      return this.#prove({ key: data, value: batch }, batchProof);
    }
    return notHere();
  }

  #prove(entry: Entry, compact: Uint8Array): QueryAnswer {
    const proof = expandProof('iavl', compact, entry);
    const exist = decodeCommitmentProof(proof);
    const value = exist.kind === 'exist' ? existenceRoot(exist.exist) : NO_BYTES;
    const key = toUtf8(DEVICES_STORE);
    const ofStore = expandProof('simple', this.#bundle.storeProof, { key, value });
    return {
      ...this.#answer(entry),
      proofOps: [
        { type: 'ics23:iavl', key: entry.key, data: proof },
        { type: 'ics23:simple', key, data: ofStore },
      ],
    };
  }

  #answer({ key, value }: Entry): QueryAnswer {
    const height = this.#bundle.header.height - 1n;
    return { code: 0, codespace: '', log: '', key, value, height, proofOps: [] };
  }

  async signedHeader(): Promise<never> {
    return notHere();
  }

  async validators(): Promise<never> {
    return notHere();
  }

  async status(): Promise<never> {
    return notHere();
  }
}

interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

function notHere(): never {
  throw new ProviderError('notFound', 'the bundle does not hold that');
}
