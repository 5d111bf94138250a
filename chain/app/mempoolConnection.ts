/** What a pool of waiting transactions asks of an application. */
import type { CheckTxRequest, CheckTxResponse } from '../abci/types.ts';
import type { Frame } from '../module/frame.ts';
import type { ApplicationCore } from './applicationCore.ts';
import { BlockGas } from './blockGas.ts';
import { DEFAULT_PENDING_PER_ACCOUNT, PendingTxs } from './pendingTxs.ts';
import { runTx } from './runTx.ts';

export class MempoolConnection {
  readonly #core: ApplicationCore;
  /** What CheckTx runs in, until the next commit. */
  #check: { readonly frame: Frame; readonly pending: PendingTxs } | undefined;

  constructor(core: ApplicationCore) {
    this.#core = core;
  }

  check({ tx, type }: CheckTxRequest): CheckTxResponse {
    const { pipeline, options, chain } = this.#core;
    const mode = type === 'new' ? 'check' : 'recheck';
    this.#check ??= {
      frame: this.#core.checkFrame(),
      pending: new PendingTxs(options.maxPendingPerAccount ?? DEFAULT_PENDING_PER_ACCOUNT),
    };
    const { frame, pending } = this.#check;
    const blockGas = new BlockGas(chain.maxBlockGas);
    return runTx(pipeline, frame, tx, { mode, blockGas, pending });
  }

  /** From here on transactions are checked against the state that is committed now. */
  reset(): void {
    this.#check = undefined;
  }
}
