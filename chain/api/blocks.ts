/** Blocks of CometBFT's RPC as the JSON of their protobuf messages. */
import { encodeBlock } from '../../wire/block.ts';
import { encodeBlockId } from '../../wire/blockId.ts';
import { blockFromJson, blockIdFromJson } from '../../wire/json/decode.ts';
import { readObject } from '../../wire/json/read.ts';
import { formatTime } from '../../wire/time.ts';
import type { Block } from '../../wire/types.ts';
import { type JsonObject, toJson } from '../descriptors/index.ts';
import { callComet } from './backend.ts';
import { type NativeContext, toObject } from './native.ts';

/** A block as the RPC gave it and as `block_id` and `block` in proto3 JSON. */
export interface FetchedBlock {
  readonly block: Block;
  readonly json: { readonly block_id: JsonObject; readonly block: JsonObject };
}

/**
 * The block at a height, or the newest.
 * @throws RestError when there is none, TypeError naming the path when the answer is malformed.
 */
export async function fetchBlock(context: NativeContext, height?: bigint): Promise<FetchedBlock> {
  const params = height === undefined ? {} : { height: height.toString() };
  const field = readObject(await callComet(context.backend, 'block', params), 'block');
  const block = field('block', blockFromJson);
  const blockId = field('block_id', blockIdFromJson);
  const { descriptors } = context;
  const json = {
    block_id: toObject(toJson(descriptors, 'tendermint.types.BlockID', encodeBlockId(blockId))),
    block: toObject(toJson(descriptors, 'tendermint.types.Block', encodeBlock(block))),
  };
  return { block, json };
}

/** The block once more as the SDK prints it, with the proposer as a bech32 address. */
export function sdkBlock(context: NativeContext, { block, json }: FetchedBlock): JsonObject {
  const proposer = context.addresses.format(block.header.proposerAddress, 'consensus');
  const header = { ...toObject(json.block.header), proposer_address: proposer };
  return { ...json.block, header };
}

/** A time as `tx_response.timestamp` has it: RFC 3339 without a fraction. */
export function secondsText(ns: bigint): string {
  return `${formatTime(ns).slice(0, 19)}Z`;
}
