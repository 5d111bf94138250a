/** cosmos.base.tendermint.v1beta1.Service: the node and its blocks. */
import { fromBase64, fromHex, toBase64 } from '../../wire/bytes.ts';
import { validatorSetFromJson } from '../../wire/json/decode.ts';
import { readObject, readOptional, readText } from '../../wire/json/read.ts';
import type { Validator } from '../../wire/types.ts';
import type { JsonObject } from '../descriptors/index.ts';
import { callComet } from './backend.ts';
import { fetchBlock, sdkBlock } from './blocks.ts';
import {
  complete,
  type NativeContext,
  type NativeHandler,
  pageOf,
  textField,
  toObject,
} from './native.ts';
import { RestError } from './status.ts';

const PACKAGE = 'cosmos.base.tendermint.v1beta1';
/** The release whose behaviour, routes and JSON this server keeps to. */
const COSMOS_SDK_VERSION = 'v0.50.13';
const RAW_QUERY_PATHS = new Set(['app', 'store', 'p2p', 'custom']);

const getNodeInfo: NativeHandler = async (context) => {
  const status = readObject(await callComet(context.backend, 'status', {}), 'status');
  const { name, appName, version, gitCommit = '' } = context.application;
  return complete(context.descriptors, `${PACKAGE}.GetNodeInfoResponse`, {
    default_node_info: status('node_info', readNodeInfo),
    application_version: {
      name,
      app_name: appName,
      version,
      git_commit: gitCommit,
      cosmos_sdk_version: COSMOS_SDK_VERSION,
    },
  });
};

function readNodeInfo(json: unknown, path: string): JsonObject {
  const field = readObject(json, path);
  const none = readOptional(readText, '');
  return {
    protocol_version: field('protocol_version', (value, at) => {
      const version = readObject(value, at);
      const zero = readOptional(readText, '0');
      return {
        p2p: version('p2p', zero),
        block: version('block', zero),
        app: version('app', zero),
      };
    }),
    default_node_id: field('id', readText),
    listen_addr: field('listen_addr', readText),
    network: field('network', readText),
    version: field('version', readText),
    channels: toBase64(fromHex(field('channels', none), `${path}.channels`)),
    moniker: field('moniker', readText),
    other: field('other', (value, at) => {
      const other = readObject(value, at);
      return { tx_index: other('tx_index', none), rpc_address: other('rpc_address', none) };
    }),
  };
}

const getSyncing: NativeHandler = async (context) => {
  const status = readObject(await callComet(context.backend, 'status', {}), 'status');
  const syncing = status('sync_info', (json, path) =>
    readObject(json, path)('catching_up', (value) => value === true),
  );
  return { syncing };
};

const getLatestBlock: NativeHandler = (context) => blockAnswer(context);

const getBlockByHeight: NativeHandler = (context, request) =>
  blockAnswer(context, heightOf(request));

async function blockAnswer(context: NativeContext, height?: bigint): Promise<JsonObject> {
  const fetched = await fetchBlock(context, height);
  return { ...fetched.json, sdk_block: sdkBlock(context, fetched) };
}

function heightOf(request: JsonObject): bigint {
  const height = BigInt(textField(request, 'height'));
  if (height < 1n)
    throw new RestError('InvalidArgument', `height: expected at least 1, got ${height}`);
  return height;
}

const getLatestValidatorSet: NativeHandler = (context, request) =>
  validatorAnswer(context, request, {});

const getValidatorSetByHeight: NativeHandler = (context, request) =>
  validatorAnswer(context, request, { height: heightOf(request).toString() });

async function validatorAnswer(
  context: NativeContext,
  request: JsonObject,
  params: Readonly<Record<string, string>>,
): Promise<JsonObject> {
  const { page, limit } = pageOf(toObject(request.pagination));
  const asked = { ...params, page: page.toString(), per_page: limit.toString() };
  const field = readObject(await callComet(context.backend, 'validators', asked), 'validators');
  return {
    block_height: field('block_height', readText),
    validators: field('validators', validatorSetFromJson).map((v) => validatorJson(context, v)),
    pagination: { next_key: null, total: field('total', readText) },
  };
}

function validatorJson({ addresses }: NativeContext, validator: Validator): JsonObject {
  const { address, publicKey, votingPower, proposerPriority } = validator;
  return {
    address: addresses.format(address, 'consensus'),
    pub_key: {
      '@type': `/cosmos.crypto.${publicKey.type}.PubKey`,
      key: toBase64(publicKey.bytes),
    },
    voting_power: votingPower.toString(),
    proposer_priority: proposerPriority.toString(),
  };
}

const abciQuery: NativeHandler = async (context, request) => {
  const path = textField(request, 'path');
  const height = BigInt(textField(request, 'height'));
  if (!RAW_QUERY_PATHS.has(path.split('/').find((part) => part !== '') ?? '')) {
    throw new RestError(
      'InvalidArgument',
      `path: expected ${[...RAW_QUERY_PATHS].join(', ')} …, got "${path}"`,
    );
  }
  if (height < 0n)
    throw new RestError('InvalidArgument', `height: expected 0 or more, got ${height}`);
  const data = fromBase64(request.data === null ? '' : textField(request, 'data'));
  const answer = await context.backend.query({ data, path, height, prove: request.prove === true });
  const ops = answer.proofOps?.map(({ type, key, data: proof }) => ({
    type,
    key: toBase64(key),
    data: toBase64(proof),
  }));
  return complete(context.descriptors, `${PACKAGE}.ABCIQueryResponse`, {
    code: answer.code,
    log: answer.log,
    info: answer.info,
    index: answer.index.toString(),
    key: toBase64(answer.key),
    value: toBase64(answer.value),
    proof_ops: ops === undefined ? null : { ops },
    height: answer.height.toString(),
    codespace: answer.codespace,
  });
};

/** By the path of the method. */
export const COMET_HANDLERS: ReadonlyMap<string, NativeHandler> = new Map([
  [`/${PACKAGE}.Service/GetNodeInfo`, getNodeInfo],
  [`/${PACKAGE}.Service/GetSyncing`, getSyncing],
  [`/${PACKAGE}.Service/GetLatestBlock`, getLatestBlock],
  [`/${PACKAGE}.Service/GetBlockByHeight`, getBlockByHeight],
  [`/${PACKAGE}.Service/GetLatestValidatorSet`, getLatestValidatorSet],
  [`/${PACKAGE}.Service/GetValidatorSetByHeight`, getValidatorSetByHeight],
  [`/${PACKAGE}.Service/ABCIQuery`, abciQuery],
]);
