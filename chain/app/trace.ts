/** A transaction of the past executed again: on the state before its block, behind the block's earlier transactions. */
import type { FinalizeBlockRequest, TxResult } from '../abci/types.ts';
import type { BlockInfo } from '../module/frame.ts';
import { type Environment, type Frame, rootFrame } from '../module/frame.ts';
import { ReadOnlyKVStore } from '../module/gas.ts';
import { EMPTY_STORE } from '../store/emptyStore.ts';
import { BufferedStore, type KVStore, type MultiStore } from '../store/index.ts';
import type { BlockGas } from './blockGas.ts';
import { type Pipeline, runTx } from './runTx.ts';
import { TracedMeter, TracedStore, TraceRecorder, type TraceStep } from './traceRecorder.ts';

export type { TraceKind, TraceStep } from './traceRecorder.ts';

/** What a transaction did, and what came of it. */
export interface TxTrace {
  readonly steps: readonly TraceStep[];
  readonly result: TxResult;
}

/** What the application lends to a trace. */
export interface Retracing {
  readonly store: MultiStore;
  readonly environment: Environment;
  readonly pipeline: Pipeline;
  readonly block: BlockInfo;
  readonly blockGas: BlockGas;
  /** The hooks before the first transaction, behind the genesis where the block is the first. */
  readonly begin: (frame: Frame) => void;
  /** Whether the state before the block is none: that of a chain before its genesis. */
  readonly isFirst: boolean;
}

/**
 * Runs the transactions of a block up to one of them and writes down what that one does. Nothing is kept.
 * @throws VersionError when the state before the block is not kept, RangeError when there is no such transaction.
 */
export function traceTx(
  retracing: Retracing,
  { txs }: FinalizeBlockRequest,
  index: number,
): TxTrace {
  if (index < 0 || index >= txs.length) {
    throw new RangeError(`index: expected one of ${txs.length} transactions, got ${index}`);
  }
  const { pipeline, blockGas } = retracing;
  const recorder = new TraceRecorder();
  const frame = frameBefore(retracing, recorder);
  retracing.begin(frame);
  for (const tx of txs.slice(0, index)) runTx(pipeline, frame, tx, { mode: 'finalize', blockGas });
  recorder.isOn = true;
  const meter = (limit: bigint) => new TracedMeter(recorder, limit);
  const result = runTx(pipeline, frame, txs[index]!, { mode: 'finalize', blockGas, meter });
  recorder.finish();
  return { steps: recorder.steps, result };
}

function frameBefore(retracing: Retracing, recorder: TraceRecorder): Frame {
  const { store, environment, block, isFirst } = retracing;
  const version = isFirst ? undefined : store.at(block.height - 1n);
  const before = (name: string): KVStore =>
    version?.storeRoots.has(name) ? new ReadOnlyKVStore(version.store(name)) : EMPTY_STORE;
  return rootFrame({
    environment,
    block,
    stores: (name) => new TracedStore(new BufferedStore(before(name)), name, recorder),
    archive: { get: (key) => store.archive(key), put: () => undefined },
  });
}
