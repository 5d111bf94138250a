/**
 * Verifies the signatures of a block before it runs, in one batch on all cores. The verifier remembers the answers;
 * what cannot be told in advance is verified when it is asked for. Nothing that a block gives depends on it.
 */
import type { SignatureJob } from '../crypto/backend.ts';
import { ChainError } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import { GasMeter } from '../module/gas.ts';
import { type DecodedTx, decodeTx, forgetDecoded } from './decodeTx.ts';
import type { Pipeline } from './runTx.ts';
import { expectedSignatures } from './signatures.ts';

/** A transaction with the signatures that it will be asked for. */
interface Ahead {
  readonly tx: DecodedTx;
  readonly own: readonly SignatureJob[];
  /** Those inside its messages: their module asks the verifier, which remembers. */
  readonly inner: readonly SignatureJob[];
}

/** Transactions that are looked at together: enough to wake the threads for. */
const STEP = 64;
/** With so many signatures there are enough of them: reports come a hundred in a transaction. */
const STEP_JOBS = 512;
/** Steps under way: when one is answered threads go on with the next. */
const STEPS_AHEAD = 2;

/** Transactions that stand behind one another, with the question whether their signatures are valid. */
interface Step {
  /** How many transactions it has. */
  readonly count: number;
  /** Waits for the answers, which the transactions then have. */
  finish(): void;
}

/** What a step takes from. */
interface Front {
  readonly txs: readonly Uint8Array[];
  readonly enough?: number;
}

/** Runs the transactions of a block in order, each one verified ahead. */
export function runAhead<T>(
  pipeline: Pipeline,
  { frame, txs }: { readonly frame: Frame; readonly txs: readonly Uint8Array[] },
  run: (tx: Uint8Array) => T,
): T[] {
  let started = 0;
  const startNext = (): Step => {
    const step = startStep(pipeline, frame, { txs: txs.slice(started, started + STEP) });
    started += step.count;
    return step;
  };
  const underWay = Array.from({ length: STEPS_AHEAD }, startNext);
  const results: T[] = [];
  while (results.length < txs.length) {
    const { count, finish } = underWay.shift()!;
    finish();
    underWay.push(startNext());
    for (const tx of txs.slice(results.length, results.length + count)) {
      results.push(run(tx));
      forgetDecoded(tx);
    }
  }
  return results;
}

/** Verifies the signatures of transactions that will soon be asked for. */
export function verifyAhead(pipeline: Pipeline, frame: Frame, txs: readonly Uint8Array[]): void {
  startStep(pipeline, frame, { txs, enough: Number.POSITIVE_INFINITY }).finish();
}

/**
 * Takes transactions from the front until they have `enough` signatures. Looks at the state of `frame`, and pays nothing
 * from it.
 */
function startStep(pipeline: Pipeline, frame: Frame, { txs, enough = STEP_JOBS }: Front): Step {
  const { verifier } = frame.environment;
  if (verifier.startAll === undefined || txs.length === 0) {
    return { count: txs.length, finish: () => undefined };
  }
  const all: Ahead[] = [];
  const jobs: SignatureJob[] = [];
  let count = 0;
  const look = (): void => {
    for (; count < txs.length && jobs.length < enough; count++) {
      const ahead = aheadOf(pipeline, frame, txs[count]!);
      if (ahead === undefined) continue;
      all.push(ahead);
      for (const job of ahead.own) jobs.push(job);
      for (const job of ahead.inner) jobs.push(job);
    }
  };
  frame.branch(look, new GasMeter());
  const finish = verifier.startAll(jobs);
  return { count, finish: () => tellAnswers(all, finish()) };
}

/** Keeps the answers in the transactions. */
function tellAnswers(all: readonly Ahead[], answers: readonly boolean[]): void {
  let next = 0;
  for (const { tx, own, inner } of all) {
    const first = next;
    tx.memo.answers = own.map((job, i) => ({ job, valid: answers[first + i]! }));
    next += own.length + inner.length;
  }
}

/** Undefined for a transaction that will fail before its signatures are looked at. */
function aheadOf(pipeline: Pipeline, frame: Frame, bytes: Uint8Array): Ahead | undefined {
  const { descriptors, router } = pipeline;
  try {
    const tx = decodeTx(descriptors, bytes);
    const accounts = pipeline.accounts(frame);
    const own = expectedSignatures({ frame, tx, accounts, descriptors });
    const inner: SignatureJob[] = [];
    for (const message of tx.messages) {
      for (const job of router.signatures(frame, message)) inner.push(job);
    }
    return { tx, own, inner };
  } catch (error) {
    // It will fail for the same reason when it runs; a broken handler of signatures must not stop a block either.
    if (error instanceof ChainError || error instanceof TypeError || error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}
