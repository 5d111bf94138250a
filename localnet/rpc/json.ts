/** ABCI data as CometBFT 0.38 prints it: three forms of one result, as its encoders differ by place. */
import type {
  Event,
  FinalizeBlockResponse,
  QueryResponse,
  TxResult,
  ValidatorUpdate,
} from '../../chain/abci/types.ts';
import { toBase64 } from '../../wire/bytes.ts';
import { base64OrNull, blockIdToJson, blockToJson, headerToJson } from '../../wire/json/encode.ts';
import type { ConsensusParams } from '../../wire/types.ts';
import type { BlockMeta, BlockRecord } from '../node/blockRecord.ts';

/** JSON text that is sent as it is. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The text of a result. */
export function resultText(result: unknown): string {
  return result instanceof RawJson ? result.text : JSON.stringify(result);
}

/** A result with every field, as in tx, tx_search, block_results and broadcast_tx_commit. */
export function txResultToJson(result: TxResult) {
  return {
    code: result.code,
    data: base64OrNull(result.data),
    log: result.log,
    info: result.info,
    gas_wanted: String(result.gasWanted),
    gas_used: String(result.gasUsed),
    events: result.events.map((event) => ({
      type: event.type,
      attributes: attributesToJson(event),
    })),
    codespace: result.codespace,
  };
}

/** The same without what is zero or empty, as in the data of a Tx event. */
export function txEventResultToJson(result: TxResult) {
  const { code, data, log, info, gasWanted, gasUsed, events, codespace } = result;
  return {
    ...(code !== 0 && { code }),
    ...(data.length > 0 && { data: toBase64(data) }),
    ...(log !== '' && { log }),
    ...(info !== '' && { info }),
    ...(gasWanted !== 0n && { gas_wanted: String(gasWanted) }),
    ...(gasUsed !== 0n && { gas_used: String(gasUsed) }),
    ...(events.length > 0 && { events: events.map(eventToJson) }),
    ...(codespace !== '' && { codespace }),
  };
}

/** An event; one without attributes has its type only. */
export function eventToJson(event: Event) {
  const { type } = event;
  return event.attributes.length === 0 ? { type } : { type, attributes: attributesToJson(event) };
}

function attributesToJson(event: Event) {
  return event.attributes.map(({ key, value, index }) => ({ key, value, index }));
}

/** The list, or null for none, as Go prints an absent one. */
export function listOrNull<T, R>(items: readonly T[], toJson: (item: T) => R): R[] | null {
  return items.length === 0 ? null : items.map(toJson);
}

export function validatorUpdateToJson({ publicKey, power }: ValidatorUpdate) {
  const name = publicKey.type === 'ed25519' ? 'Ed25519' : 'Secp256k1';
  const value = { [publicKey.type]: toBase64(publicKey.bytes) };
  return {
    pub_key: { Sum: { type: `tendermint.crypto.PublicKey_${name}`, value } },
    ...(power !== 0n && { power: String(power) }),
  };
}

function paramUpdatesToJson({ block, evidence, validator, version, abci }: ConsensusParams) {
  const enableHeight = abci.voteExtensionsEnableHeight;
  return {
    block: { max_bytes: String(block.maxBytes), max_gas: String(block.maxGas) },
    evidence: {
      max_age_num_blocks: String(evidence.maxAgeNumBlocks),
      max_age_duration: String(evidence.maxAgeDurationNs),
      max_bytes: String(evidence.maxBytes),
    },
    validator: { pub_key_types: validator.pubKeyTypes },
    version: version.app === 0n ? {} : { app: String(version.app) },
    abci: enableHeight === 0n ? {} : { vote_extensions_enable_height: String(enableHeight) },
  };
}

/** The answer of block_results. */
export function blockResultsToJson(height: bigint, results: FinalizeBlockResponse) {
  return {
    height: String(height),
    txs_results: listOrNull(results.txResults, txResultToJson),
    finalize_block_events: listOrNull(results.events, eventToJson),
    validator_updates: listOrNull(results.validatorUpdates, validatorUpdateToJson),
    consensus_param_updates: results.consensusParamUpdates
      ? paramUpdatesToJson(results.consensusParamUpdates)
      : null,
    app_hash: base64OrNull(results.appHash),
  };
}

/** The data of a NewBlock event. */
export function newBlockToJson({ block, blockId, results }: BlockRecord) {
  return {
    block: blockToJson(block),
    block_id: blockIdToJson(blockId),
    result_finalize_block: {
      events: listOrNull(results.events, eventToJson),
      tx_results: listOrNull(results.txResults, txResultToJson),
      validator_updates: listOrNull(results.validatorUpdates, validatorUpdateToJson),
      ...(results.consensusParamUpdates && {
        consensus_param_updates: paramUpdatesToJson(results.consensusParamUpdates),
      }),
      app_hash: base64OrNull(results.appHash),
    },
  };
}

export function blockMetaToJson({ blockId, size, header, txCount }: BlockMeta) {
  return {
    block_id: blockIdToJson(blockId),
    block_size: String(size),
    header: headerToJson(header),
    num_txs: String(txCount),
  };
}

/** The `response` of abci_query; the name proofOps stands as the encoder of Go writes it. */
export function queryResponseToJson(response: QueryResponse) {
  const { code, log, info, index, key, value, proofOps, height, codespace } = response;
  const ops = proofOps?.map((op) => ({
    type: op.type,
    key: base64OrNull(op.key),
    data: base64OrNull(op.data),
  }));
  return {
    code,
    log,
    info,
    index: String(index),
    key: base64OrNull(key),
    value: base64OrNull(value),
    proofOps: ops ? { ops } : null,
    height: String(height),
    codespace,
  };
}
