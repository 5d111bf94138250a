/** Until when a transaction is good: by height, by time, and by the window of an unordered one (SDK 0.53). */
import { ProtoReader } from '../../wire/protobuf.ts';
import { decodeTimestamp, formatTime } from '../../wire/time.ts';
import { sdkError } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import { GO_ZERO_TIME_NS } from '../state/times.ts';
import type { DecodedTx } from './decodeTx.ts';
import type { AccountsKeeper } from './keepers.ts';

/** How far ahead an unordered transaction may time out: ten minutes (DefaultMaxTimeoutDuration of the SDK's x/auth/ante). */
export const MAX_UNORDERED_TIMEOUT_NS = 600_000_000_000n;
/** What an unordered transaction pays for keeping and forgetting its nonce (DefaultUnorderedTxGasCost). */
export const UNORDERED_TX_GAS = 2240n;

/** What a TxBody says in the fields that SDK 0.53 added. */
export interface TimeoutFields {
  readonly unordered: boolean;
  /** Nanoseconds since the Unix epoch; undefined when none was given. */
  readonly timeoutNs: bigint | undefined;
}

const UNORDERED = 4;
const TIMEOUT_TIMESTAMP = 5;

/** Reads fields 4 and 5 of a TxBody whose encoding was checked. @throws TypeError or RangeError for a time that is none. */
export function timeoutFields(bodyBytes: Uint8Array): TimeoutFields {
  let unordered = false;
  let timeoutNs: bigint | undefined;
  const reader = new ProtoReader(bodyBytes, 'body');
  while (!reader.done) {
    const { number, value, bytes } = reader.field();
    if (number === UNORDERED) unordered = value !== 0n;
    else if (number === TIMEOUT_TIMESTAMP) {
      timeoutNs = decodeTimestamp(bytes, 'body.timeout_timestamp');
    }
  }
  return { unordered, timeoutNs };
}

/** @throws ChainError sdk/30 behind the timeout height, sdk/42 behind the timeout. */
export function checkTimeouts({ block }: Frame, { body, timeoutNs }: DecodedTx): void {
  if (body.timeoutHeight !== 0n && block.height > body.timeoutHeight) {
    throw sdkError(
      'txTimeoutHeight',
      `block height: ${block.height}, timeout height: ${body.timeoutHeight}`,
    );
  }
  if (isSet(timeoutNs) && timeoutNs < block.timeNs) {
    throw sdkError(
      'txTimeout',
      `block time: ${formatTime(block.timeNs)}, timeout timestamp: ${formatTime(timeoutNs)}`,
    );
  }
}

/**
 * Takes the place of the sequence for an unordered transaction: each signer uses a timeout once. To a simulation
 * one that is used is as good as another.
 * @throws ChainError sdk/18 when the timeout is missing, over, too far ahead or used, or a signer has a sequence.
 */
export function checkUnordered(
  frame: Frame,
  tx: DecodedTx,
  {
    accounts,
    signers,
    simulate,
  }: { accounts: AccountsKeeper; signers: readonly Uint8Array[]; simulate: boolean },
): void {
  const timeoutNs = unorderedTimeout(frame, tx);
  frame.gas.consume(UNORDERED_TX_GAS, 'unordered tx');
  for (const [i, signer] of signers.entries()) {
    // A simulation leaves nothing behind; its gas holds what the nonces of the real one will cost.
    if (accounts.useNonce(signer, timeoutNs) || simulate) continue;
    throw sdkError(
      'invalidRequest',
      `failed to add unordered nonce: sender ${tx.signers[i]} has already used timeout ${timeoutNs}`,
    );
  }
  if (tx.authInfo.signerInfos.some(({ sequence }) => sequence !== 0n)) {
    throw sdkError('invalidRequest', 'sequence is not allowed for unordered transactions');
  }
}

function unorderedTimeout({ block }: Frame, { timeoutNs }: DecodedTx): bigint {
  if (!isSet(timeoutNs)) {
    throw sdkError('invalidRequest', 'unordered transaction must have timeout_timestamp set');
  }
  if (timeoutNs < block.timeNs) {
    throw sdkError(
      'invalidRequest',
      'unordered transaction has a timeout_timestamp that has already passed',
    );
  }
  if (timeoutNs > block.timeNs + MAX_UNORDERED_TIMEOUT_NS) {
    throw sdkError(
      'invalidRequest',
      `unordered tx ttl exceeds ${MAX_UNORDERED_TIMEOUT_NS / 60_000_000_000n}m0s`,
    );
  }
  return timeoutNs;
}

/** The SDK takes the first second of 1970 and Go's zero time for no time. */
function isSet(timeoutNs: bigint | undefined): timeoutNs is bigint {
  if (timeoutNs === undefined || timeoutNs === GO_ZERO_TIME_NS) return false;
  return timeoutNs < 0n || timeoutNs >= 1_000_000_000n;
}
