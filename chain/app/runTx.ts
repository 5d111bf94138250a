/**
 * One transaction through the pipeline: decode, check, pay, sign, execute. What fails before the fee is paid leaves
 * no trace; what fails after it keeps the fee and the sequence and drops everything else.
 */
import { toUtf8 } from '../../wire/bytes.ts';
import { TxMsgData } from '../../wire/gen/cosmos/base/abci/v1beta1/abci.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import type { Event, TxResult } from '../abci/types.ts';
import type { Descriptors } from '../descriptors/index.ts';
import type { Coin } from '../math/coins.ts';
import { Bug, ChainError, sdkError } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import { GasMeter } from '../module/gas.ts';
import type { BlockGas } from './blockGas.ts';
import { type DecodedTx, decodeTx } from './decodeTx.ts';
import { checkMinimumFee, deductFee, type Fee, feeOf, type GasPrice } from './fees.ts';
import type { AccountsKeeper, FeesKeeper, GrantsKeeper } from './keepers.ts';
import type { Router } from './router.ts';
import { checkSignatures } from './signatures.ts';
import { checkTimeouts } from './timeouts.ts';

export type ExecutionMode = 'check' | 'recheck' | 'simulate' | 'finalize';

export interface Pipeline {
  readonly descriptors: Descriptors;
  readonly router: Router;
  readonly accounts: (frame: Frame) => AccountsKeeper;
  readonly fees: (frame: Frame) => FeesKeeper;
  readonly grants: (frame: Frame) => GrantsKeeper | undefined;
  readonly minimumGasPrices: readonly GasPrice[];
  readonly maxTxBytes: number;
}

/** Runs the checks of a transaction, which take these coins as its fee, and gives their events. @throws ChainError. */
export type Ante = (due: readonly Coin[]) => readonly Event[];

/** Runs the checks, and what belongs around them. @throws ChainError when the transaction may not wait. */
export type Admission = (tx: DecodedTx, fee: Fee, ante: Ante) => readonly Event[];

export interface Execution {
  readonly mode: ExecutionMode;
  /** What the block has; a check and a simulation look at its limit alone. */
  readonly blockGas: BlockGas;
  /** Lets it wait for a block; only of a check and a recheck. */
  readonly admit?: Admission;
  /** Makes the meter of the transaction; a trace gives one that it watches. */
  readonly meter?: (limit: bigint) => GasMeter;
}

const plainMeter = (limit: bigint): GasMeter => new GasMeter(limit);

/** A simulation has no limit of its own; this one stops a transaction that would run for ever. */
const SIMULATION_GAS = 100_000_000n;
/** What a signature of 64 bytes takes in a TxRaw: a simulation comes without. */
const SIGNATURE_BYTES = 66;
/** The SDK's code for a handler that broke (types/errors: ErrPanic). */
const PANIC = 111222;
const NO_BLOCK_GAS = 'no block gas left to run tx';

/**
 * Runs a transaction in `frame`, whose stores keep what it may keep.
 * @throws Bug when an invariant of the machine is broken.
 */
export function runTx(
  pipeline: Pipeline,
  frame: Frame,
  bytes: Uint8Array,
  execution: Execution,
): TxResult {
  const { mode, blockGas, admit, meter = plainMeter } = execution;
  let gas = new GasMeter(0n);
  let anteEvents: readonly Event[] = [];
  let isCounted = mode !== 'finalize' || blockGas.isSpent;
  try {
    if (mode === 'finalize' && blockGas.isSpent) throw sdkError('outOfGas', NO_BLOCK_GAS);
    const tx = decodeBounded(pipeline, bytes, mode);
    for (const { typeUrl } of tx.messages) pipeline.router.checkRoute(typeUrl);
    const fee = feeOf(tx);
    gas = meter(mode === 'simulate' ? SIMULATION_GAS : fee.gasLimit);
    const ante = (due: readonly Coin[]): readonly Event[] =>
      frame.branch(() => runAnte(pipeline, frame, { tx, fee, due, execution }), gas).events;
    anteEvents = admit === undefined ? ante(fee.coins) : admit(tx, fee, ante);
    if (mode === 'check' || mode === 'recheck') {
      return succeeded({ gas, events: anteEvents, data: new Uint8Array(0) });
    }
    const { value: data, events } = frame.branch(() => {
      const responses = runMessages(pipeline, frame, tx);
      gas.check();
      if (!isCounted) takeBlockGas(blockGas, gas);
      isCounted = true;
      return responses;
    }, gas);
    return succeeded({ gas, events: anteEvents.concat(events), data });
  } catch (error) {
    const failure = expected(error);
    return failed(isCounted ? failure : withBlockGas(failure, blockGas, gas), gas, anteEvents);
  }
}

/** How large a transaction a node takes is its own choice; of a block all nodes must say the same. */
function decodeBounded(
  { descriptors, maxTxBytes }: Pipeline,
  bytes: Uint8Array,
  mode: ExecutionMode,
): DecodedTx {
  if (bytes.length > maxTxBytes && mode !== 'finalize') {
    throw sdkError('txTooLarge', `tx: expected at most ${maxTxBytes} bytes, got ${bytes.length}`);
  }
  return decodeTx(descriptors, bytes);
}

interface Paying {
  readonly tx: DecodedTx;
  readonly fee: Fee;
  /** What is taken of the fee: less than all of it where a part was paid before. */
  readonly due: readonly Coin[];
  readonly execution: Execution;
}

/** The checks in the order of the SDK's ante handler. */
function runAnte(pipeline: Pipeline, frame: Frame, { tx, fee, due, execution }: Paying): void {
  const { mode, blockGas } = execution;
  checkGasLimit(fee.gasLimit, blockGas);
  const accounts = pipeline.accounts(frame);
  const { body } = tx;
  if (body.extensionOptions.length > 0) throw sdkError('unknownExtensionOptions');
  const { coins, gasLimit } = fee;
  if (tx.signatures.length === 0) throw sdkError('noSignatures');
  checkTimeouts(frame, tx);
  const params = accounts.txParams();
  const memoBytes = body.memo === '' ? 0 : toUtf8(body.memo).length;
  if (BigInt(memoBytes) > params.maxMemoCharacters) {
    throw sdkError(
      'memoTooLarge',
      `maximum number of characters is ${params.maxMemoCharacters} but received ${memoBytes} characters`,
    );
  }
  const simulate = mode === 'simulate';
  const missing = simulate ? tx.signatures.filter((signature) => signature.length === 0).length : 0;
  const size = BigInt(tx.bytes.length + missing * SIGNATURE_BYTES);
  frame.gas.consume(size * params.txSizeCostPerByte, 'txSize');
  if (mode === 'check' || mode === 'recheck')
    checkMinimumFee(coins, gasLimit, pipeline.minimumGasPrices);
  const grants = pipeline.grants(frame);
  deductFee(frame, { tx, coins, due, fees: pipeline.fees(frame), accounts, grants, simulate });
  checkSignatures({ frame, tx, accounts, mode, descriptors: pipeline.descriptors });
}

/** Gives the encoded responses, as the SDK's TxMsgData. */
function runMessages({ router }: Pipeline, frame: Frame, tx: DecodedTx): Uint8Array {
  const msgResponses: Any[] = [];
  tx.messages.forEach(({ typeUrl, value, signers }, i) => {
    try {
      frame.asMessage(i, () => {
        const module = router.moduleOf(typeUrl);
        frame.emit('message', { action: typeUrl, sender: signers[0]!, module });
        msgResponses.push(router.execute(frame, typeUrl, value));
      });
    } catch (error) {
      const { codespace, code, message: text } = expected(error);
      throw new ChainError(
        codespace,
        code,
        `failed to execute message; message index: ${i}: ${text}`,
      );
    }
  });
  return encodeResponses(msgResponses);
}

/** What single messages with an empty response gave: there are as many as types of messages. */
const emptyResponses = new Map<string, Uint8Array>();

function encodeResponses(msgResponses: Any[]): Uint8Array {
  const encode = (): Uint8Array => TxMsgData.encode({ data: [], msgResponses }).finish();
  const [first, second] = msgResponses;
  if (first === undefined || second !== undefined || first.value.length > 0) return encode();
  let bytes = emptyResponses.get(first.typeUrl);
  if (bytes === undefined) {
    bytes = encode();
    emptyResponses.set(first.typeUrl, bytes);
  }
  return bytes;
}

/** @throws ChainError sdk/41 for a limit that no block has. */
function checkGasLimit(gasLimit: bigint, { limit }: BlockGas): void {
  if (limit === undefined || gasLimit <= limit) return;
  throw sdkError('invalidGasLimit', `tx gas limit ${gasLimit} exceeds block max gas ${limit}`);
}

/** What a transaction counts in its block: what it used, but not more than it asked for. @throws ChainError sdk/11. */
function takeBlockGas(blockGas: BlockGas, { used, limit }: GasMeter): void {
  const counted = limit !== undefined && used > limit ? limit : used;
  if (blockGas.take(counted)) return;
  throw sdkError(
    'outOfGas',
    `out of gas in location: block gas meter; gasWanted: ${limit}, gasUsed: ${used}`,
  );
}

/** A transaction that failed used gas of the block all the same. */
function withBlockGas(failure: ChainError, blockGas: BlockGas, gas: GasMeter): ChainError {
  try {
    takeBlockGas(blockGas, gas);
    return failure;
  } catch (error) {
    return expected(error);
  }
}

/**
 * A ChainError as it is; a broken handler as the SDK reports a panic. A Bug goes on, and so does a full call stack:
 * how deep it may grow is not the same on every node.
 */
function expected(error: unknown): ChainError {
  if (error instanceof ChainError) return error;
  if (error instanceof Bug || isStackOverflow(error)) throw error;
  return new ChainError('sdk', PANIC, `panic: ${(error as Error).message}`);
}

const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message.includes('call stack');

interface Success {
  readonly gas: GasMeter;
  readonly events: readonly Event[];
  readonly data: Uint8Array;
}

function succeeded({ gas, events, data }: Success): TxResult {
  const gasWanted = gas.limit ?? 0n;
  return { code: 0, data, log: '', info: '', gasWanted, gasUsed: gas.used, events, codespace: '' };
}

/** The result of a transaction that is refused before it runs. */
export const refused = (error: ChainError): TxResult => failed(error, new GasMeter(0n), []);

function failed(error: ChainError, gas: GasMeter, events: readonly Event[]): TxResult {
  return {
    code: error.code,
    data: new Uint8Array(0),
    log: error.message,
    info: '',
    gasWanted: gas.limit ?? 0n,
    gasUsed: gas.used,
    events,
    codespace: error.codespace,
  };
}
