/**
 * Which transactions wait for a block, and which of them took the place of another. A pool keeps its order of arrival
 * and knows of no replacement: the new one stands last there, and the old one until it is checked again. Who stands
 * where is therefore remembered here.
 */
import { txHash } from '../../wire/block.ts';
import { toHex } from '../../wire/bytes.ts';
import type { CheckTxResponse } from '../abci/types.ts';
import type { DecodedTx } from './decodeTx.ts';
import type { Fee } from './fees.ts';

/** A transaction that passed its check. */
export interface WaitingTx {
  /** In hex, as CometBFT names it. */
  readonly hash: string;
  /** By arrival; a replacement has that of what it replaced. */
  readonly place: number;
  readonly signers: readonly string[];
  readonly paidBy: string;
  readonly fee: Fee;
  /** Of a replacement: it is looked at before the pool names it. */
  readonly bytes: Uint8Array | undefined;
  /** What took its place. */
  replacedBy?: WaitingTx;
  /** How many blocks there were when it passed last because the pool named it. */
  namedAfter: number;
  /** The last check of a replacement, and how many blocks there were then. */
  checked?: { readonly after: number; readonly response: CheckTxResponse };
}

/** A transaction that passed, with what it pays. */
export interface Passed {
  readonly hash: string;
  readonly tx: DecodedTx;
  readonly fee: Fee;
}

/** The hash by which transactions are remembered. */
export const hashOf = (tx: Uint8Array): string => toHex(txHash(tx));

export class WaitingTxs {
  /** As many as the pool holds, and those that left it with the last block. */
  readonly #known = new Map<string, WaitingTx>();
  /** By a signer with its sequence, those that passed since the last block. */
  readonly #slots = new Map<string, WaitingTx>();
  /** Those that took the place of another, and that none has replaced. */
  readonly #replacements = new Set<WaitingTx>();
  /** Those of before the last block, the first place last. */
  #unchecked: WaitingTx[] = [];
  #nextPlace = 0;
  #blocks = 0;

  get(hash: string): WaitingTx | undefined {
    return this.#known.get(hash);
  }

  /** What waits with the same sequences of the same signers; nothing for an unordered transaction. */
  rivalOf(tx: DecodedTx): WaitingTx | undefined {
    const [first, ...others] = slotsOf(tx);
    const rival = first === undefined ? undefined : this.#slots.get(first);
    const isSame =
      rival?.signers.length === tx.signers.length &&
      others.every((slot) => this.#slots.get(slot) === rival);
    return isSame ? rival : undefined;
  }

  /** Takes in one that is new, behind all others. */
  add(passed: Passed): void {
    this.#put(makeWaiting(passed, this.#nextPlace++), passed.tx);
  }

  /** Takes in one that is new, in the place of another. */
  replace(rival: WaitingTx, passed: Passed): void {
    const replacement = makeWaiting(passed, rival.place, passed.tx.bytes);
    rival.replacedBy = replacement;
    this.#replacements.delete(rival);
    this.#replacements.add(replacement);
    this.#put(replacement, passed.tx);
  }

  /** Takes in again what was known before the last block. */
  keep(waiting: WaitingTx, tx: DecodedTx): void {
    for (const slot of slotsOf(tx)) this.#slots.set(slot, waiting);
  }

  /** Notes that the pool has it still. */
  name(waiting: WaitingTx): void {
    waiting.namedAfter = this.#blocks;
  }

  /** Keeps what the check of a replacement gave. */
  setChecked(waiting: WaitingTx, response: CheckTxResponse): void {
    waiting.checked = { after: this.#blocks, response };
  }

  /** What the check of a replacement gave since the last block. */
  responseOf({ checked }: WaitingTx): CheckTxResponse | undefined {
    return checked?.after === this.#blocks ? checked.response : undefined;
  }

  /** The replacements that have to be checked again before one that the pool names; each once after a block. */
  *dueBefore(waiting: WaitingTx | undefined): Generator<WaitingTx, void, undefined> {
    const place = placeOf(waiting);
    for (let due = this.#unchecked.at(-1); due && due.place < place; due = this.#unchecked.at(-1)) {
      this.#unchecked.pop();
      if (this.responseOf(due) === undefined) yield due;
    }
  }

  /** A block was committed: what the pool has not named since the one before is forgotten. */
  committed(): void {
    const isGone = ({ namedAfter }: WaitingTx): boolean => namedAfter < this.#blocks;
    for (const [hash, waiting] of this.#known) if (isGone(waiting)) this.#known.delete(hash);
    for (const waiting of this.#replacements) {
      if (isGone(waiting)) this.#replacements.delete(waiting);
    }
    this.#unchecked = [...this.#replacements].sort((a, b) => b.place - a.place);
    this.#slots.clear();
    this.#blocks += 1;
  }

  /**
   * What a pool offers for a block, in the order in which it can run: without what was replaced, and with each
   * replacement where the replaced one stood. One that lies further back in the pool is brought to the front with those
   * that build on it.
   */
  arrange(txs: readonly Uint8Array[]): readonly Uint8Array[] {
    if (this.#replacements.size === 0) return txs;
    const offered = txs.map((bytes) => ({ bytes, waiting: this.#known.get(hashOf(bytes)) }));
    const known = offered.flatMap(({ waiting }) => waiting ?? []);
    const last = known.reduce((place, waiting) => Math.max(place, waiting.place), -1);
    const named = new Set(known);
    const brought = [...this.#replacements].filter(
      (each) => each.place <= last && !named.has(each) && this.responseOf(each)?.code === 0,
    );
    return [...offered, ...brought.map((waiting) => ({ bytes: waiting.bytes!, waiting }))]
      .filter(({ waiting }) => waiting === undefined || this.#mayStand(waiting))
      .sort((a, b) => placeOf(a.waiting) - placeOf(b.waiting))
      .map(({ bytes }) => bytes);
  }

  #mayStand(waiting: WaitingTx): boolean {
    return waiting.replacedBy === undefined && (this.responseOf(waiting)?.code ?? 0) === 0;
  }

  #put(waiting: WaitingTx, tx: DecodedTx): void {
    this.#known.set(waiting.hash, waiting);
    this.name(waiting);
    this.keep(waiting, tx);
  }
}

/** What is not known stands behind all that is. */
const placeOf = (waiting: WaitingTx | undefined): number =>
  waiting?.place ?? Number.MAX_SAFE_INTEGER;

/** What a sequence is used by: another transaction of the same slot cannot run as well. */
function slotsOf({ unordered, signers, authInfo }: DecodedTx): string[] {
  const { signerInfos } = authInfo;
  if (unordered || signerInfos.length !== signers.length) return [];
  return signers.map((signer, i) => `${signer}/${signerInfos[i]!.sequence}`);
}

function makeWaiting({ hash, tx, fee }: Passed, place: number, bytes?: Uint8Array): WaitingTx {
  const { signers } = tx;
  return { hash, place, bytes, signers, fee, paidBy: paidBy(tx), namedAfter: 0 };
}

/** Who pays and who grants it, as a text to compare. */
export function paidBy({ feePayer, authInfo }: DecodedTx): string {
  const granter = authInfo.fee?.granter || feePayer;
  return `${feePayer} by ${granter}`;
}
