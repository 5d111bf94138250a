/** What the engine remembers with every commit beside the stores, and where it puts block times for old queries. */
import { concatBytes, fromBigEndian, fromUtf8, toBigEndian, toUtf8 } from '../../wire/bytes.ts';
import type { MultiStore } from '../store/index.ts';

export interface ChainRecord {
  readonly chainId: string;
  readonly initialHeight: bigint;
  /** Time of the last block, nanoseconds since the Unix epoch. */
  readonly timeNs: bigint;
  /** Of the consensus parameters; -1 is no limit. */
  readonly maxBlockGas: bigint;
  /** Of the whole block; -1 is CometBFT's own limit. */
  readonly maxBlockBytes: bigint;
  /** The first height whose votes carry extensions; 0 for none. */
  readonly extensionsFrom: bigint;
}

/** The last number is left out where it is 0, as records had it before there were extensions. */
export function encodeChainRecord(record: ChainRecord): Uint8Array {
  const { chainId, initialHeight, timeNs, maxBlockGas, maxBlockBytes, extensionsFrom } = record;
  const numbers = [initialHeight, timeNs, maxBlockGas, maxBlockBytes];
  if (extensionsFrom > 0n) numbers.push(extensionsFrom);
  return toUtf8(JSON.stringify([chainId, ...numbers.map(String)]));
}

/** @throws TypeError when the bytes are no such record. */
export function decodeChainRecord(bytes: Uint8Array): ChainRecord {
  const parsed: unknown = JSON.parse(fromUtf8(bytes, 'chain record'));
  if (
    !Array.isArray(parsed) ||
    (parsed.length !== 5 && parsed.length !== 6) ||
    parsed.some((each) => typeof each !== 'string')
  ) {
    throw new TypeError('chain record: expected five or six texts');
  }
  const [chainId, ...numbers] = parsed as string[];
  const [initialHeight, timeNs, maxBlockGas, maxBlockBytes, extensionsFrom] = numbers.map(BigInt);
  return {
    chainId: chainId!,
    initialHeight: initialHeight!,
    timeNs: timeNs!,
    maxBlockGas: maxBlockGas!,
    maxBlockBytes: maxBlockBytes!,
    extensionsFrom: extensionsFrom ?? 0n,
  };
}

/** The record as it was after the block of a kept height. @throws VersionError when it is not kept. */
export function recordAt(record: ChainRecord, store: MultiStore, height: bigint): ChainRecord {
  return { ...record, timeNs: blockTimeAt(store, height) };
}

/** Time of the block of a kept height, nanoseconds since the Unix epoch. @throws VersionError when it is not kept. */
export function blockTimeAt(store: MultiStore, height: bigint): bigint {
  store.at(height);
  const time = store.archive(blockTimeKey(height));
  if (time === undefined) throw new Error(`the archive holds no time of block ${height}`);
  return decodeBlockTime(time);
}

/** Where the archive keeps the time of a block; longer than a root, so that the two cannot meet. */
export function blockTimeKey(height: bigint): Uint8Array {
  return concatBytes(toUtf8('block time of the height, in nanoseconds/'), toBigEndian(height, 8));
}

export const encodeBlockTime = (timeNs: bigint): Uint8Array => toBigEndian(timeNs, 8);
export const decodeBlockTime = (bytes: Uint8Array): bigint => fromBigEndian(bytes);
