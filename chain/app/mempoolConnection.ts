/**
 * What a pool of waiting transactions asks of an application. One that pays enough more takes the place of a waiting
 * one with the same sequences; nothing that a block gives depends on it.
 */
import type { CheckTxRequest, CheckTxResponse, Event } from '../abci/types.ts';
import { sdkError } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import type { ApplicationCore } from './applicationCore.ts';
import { BlockGas } from './blockGas.ts';
import { DEFAULT_PENDING_PER_ACCOUNT, PendingTxs } from './pendingTxs.ts';
import { atNamedSequences, checkReplacementFee, without } from './replacement.ts';
import { type Admission, type Ante, refused, runTx } from './runTx.ts';
import { hashOf, type Passed, paidBy, type WaitingTx, WaitingTxs } from './waitingTxs.ts';

/** What transactions are checked in until the next commit. */
interface Checking {
  readonly frame: Frame;
  readonly pending: PendingTxs;
}

export class MempoolConnection {
  readonly #core: ApplicationCore;
  #checking: Checking | undefined;
  #waiting = new WaitingTxs();

  constructor(core: ApplicationCore) {
    this.#core = core;
  }

  check({ tx, type }: CheckTxRequest): CheckTxResponse {
    const hash = hashOf(tx);
    return type === 'new' ? this.#checkNew(tx, hash) : this.#recheck(tx, hash);
  }

  /** What the pool offers for a block, in the order in which it can run. */
  arrange(txs: readonly Uint8Array[]): readonly Uint8Array[] {
    return this.#waiting.arrange(txs);
  }

  /** From here on transactions are checked against the state that is committed now. */
  committed(): void {
    this.#checking = undefined;
    this.#waiting.committed();
  }

  /** The state is another one, and with it what waits. */
  reset(): void {
    this.#checking = undefined;
    this.#waiting = new WaitingTxs();
  }

  #checkNew(bytes: Uint8Array, hash: string): CheckTxResponse {
    const response = this.#run(bytes, 'check', (tx, fee, ante) => {
      const passed = { hash, tx, fee };
      const rival = this.#waiting.rivalOf(tx);
      if (rival !== undefined) return this.#replace(rival, passed, ante);
      const { pending } = this.#now;
      pending.check(tx.signers);
      const events = ante(fee.coins);
      pending.add(tx.signers);
      this.#waiting.add(passed);
      return events;
    });
    const waiting = this.#waiting.get(hash);
    if (response.code === 0 && waiting?.bytes) this.#waiting.setChecked(waiting, response);
    return response;
  }

  /**
   * Checks it with the sequences that the replaced one found. Of a fee from the same account only the difference is
   * due: what is left has paid for those that wait behind it, and they stay good.
   */
  #replace(rival: WaitingTx, passed: Passed, ante: Ante): readonly Event[] {
    const { frame, pending } = this.#now;
    const { tx, fee } = passed;
    const accounts = this.#core.pipeline.accounts(frame);
    checkReplacementFee(frame, { tx, accounts, fee, waiting: rival.fee });
    pending.checkReplaced(tx.signers);
    const due = rival.paidBy === paidBy(tx) ? without(fee.coins, rival.fee.coins) : fee.coins;
    const events = atNamedSequences(frame, { tx, accounts }, () => ante(due));
    pending.addReplaced(tx.signers);
    this.#waiting.replace(rival, passed);
    return events;
  }

  /** The pool asks in its own order: replacements that stand further in front are checked before. */
  #recheck(bytes: Uint8Array, hash: string): CheckTxResponse {
    const waiting = this.#waiting.get(hash);
    if (waiting?.replacedBy !== undefined) return replaced(waiting.replacedBy);
    for (const due of this.#waiting.dueBefore(waiting)) this.#runAgain(due.bytes!, due.hash, due);
    const before = waiting && this.#waiting.responseOf(waiting);
    const response = before ?? this.#runAgain(bytes, hash, waiting);
    if (waiting !== undefined && response.code === 0) this.#waiting.name(waiting);
    return response;
  }

  #runAgain(bytes: Uint8Array, hash: string, waiting: WaitingTx | undefined): CheckTxResponse {
    const response = this.#run(bytes, 'recheck', (tx, fee, ante) => {
      const events = ante(fee.coins);
      this.#now.pending.add(tx.signers);
      if (waiting === undefined) this.#waiting.add({ hash, tx, fee });
      else this.#waiting.keep(waiting, tx);
      return events;
    });
    if (waiting?.bytes) this.#waiting.setChecked(waiting, response);
    return response;
  }

  #run(bytes: Uint8Array, mode: 'check' | 'recheck', admit: Admission): CheckTxResponse {
    const blockGas = new BlockGas(this.#core.chain.maxBlockGas);
    return runTx(this.#core.pipeline, this.#now.frame, bytes, { mode, blockGas, admit });
  }

  get #now(): Checking {
    const { maxPendingPerAccount = DEFAULT_PENDING_PER_ACCOUNT } = this.#core.options;
    this.#checking ??= {
      frame: this.#core.checkFrame(),
      pending: new PendingTxs(maxPendingPerAccount),
    };
    return this.#checking;
  }
}

const replaced = ({ hash }: WaitingTx): CheckTxResponse =>
  refused(sdkError('wrongSequence', `replaced by ${hash.toUpperCase()}, which pays more`));
