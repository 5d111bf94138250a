/** What a node says about itself, and transactions on their way into a block. */
import { txHash } from '../../wire/block.ts';
import { equalBytes, toBase64 } from '../../wire/bytes.ts';
import { hashHeader } from '../../wire/header.ts';
import { hexToJson } from '../../wire/json/encode.ts';
import { evidenceFromJson, evidenceSpelling, evidenceToJson } from '../../wire/json/evidence.ts';
import { readHex, readObject, readOptional } from '../../wire/json/read.ts';
import { formatTime } from '../../wire/time.ts';
import { readStrictly } from '../jsonRpc.ts';
import type { LightBlock } from '../types.ts';
import type { Handled } from './answer.ts';
import type { Arguments } from './arguments.ts';
import { UnprovenError } from './policy.ts';
import { asServed, contradicts, type Method, type Methods, type Scope } from './scope.ts';

const readAddress = readHex(20);

export const nodeMethods: Methods = {
  health: { params: [], handle: async () => ({ result: {}, proven: 'all' }) },
  status: { params: [], handle: status },
  abci_info: { params: [], handle: abciInfo },
  broadcast_tx_async: { params: ['tx'], handle: (scope, args) => broadcast(scope, args, 'async') },
  broadcast_tx_sync: { params: ['tx'], handle: (scope, args) => broadcast(scope, args, 'sync') },
  broadcast_tx_commit: { params: ['tx'], handle: broadcastAndWait },
  broadcast_evidence: { params: ['evidence'], handle: broadcastEvidence },
  genesis: told('genesis', []),
  genesis_chunked: told('genesis_chunked', ['chunk']),
  net_info: told('net_info', []),
  block_search: told('block_search', ['query', 'page', 'per_page', 'order_by']),
  num_unconfirmed_txs: told('num_unconfirmed_txs', []),
  unconfirmed_txs: told('unconfirmed_txs', ['limit']),
  consensus_state: told('consensus_state', []),
  dump_consensus_state: told('dump_consensus_state', []),
  check_tx: told('check_tx', ['tx']),
};

/** A method whose answer nothing proves: let through only where the policy says so. */
function told(method: string, params: readonly string[]): Method {
  return {
    params,
    async handle(scope, args) {
      if (!scope.keeps(method)) throw new UnprovenError(method, 'no header covers it');
      return { result: await scope.ask(method, args.values, asServed), proven: 'none' };
    },
  };
}

/** The chain's part comes from the newest verified header; what the node calls itself is its own word. */
async function status(scope: Scope): Promise<Handled> {
  const light = await scope.client.update();
  const { header } = light.signedHeader;
  const served = await scope.ask('status', {}, (json) => readObject(json, 'status'));
  const result = {
    node_info: { ...served('node_info', asObject), network: scope.chainId },
    sync_info: {
      ...served('sync_info', asObject),
      latest_block_hash: hexToJson(hashHeader(header)),
      latest_app_hash: hexToJson(header.appHash),
      latest_block_height: `${header.height}`,
      latest_block_time: formatTime(header.time),
    },
    validator_info: validatorInfo(light, served('validator_info', asObject)),
  };
  const unproven = ['node_info', 'sync_info.earliest_*', 'sync_info.catching_up', 'validator_info'];
  return { result, proven: 'part', unproven, height: header.height, header };
}

/** Whether the node's validator is its own nobody proves; its power is that of the validator set. */
function validatorInfo({ validators }: LightBlock, info: Record<string, unknown>): object {
  const read = readOptional(readAddress, new Uint8Array(20));
  const address = readStrictly(() => read(info.address, 'status.validator_info.address'));
  const validator = validators.find((each) => equalBytes(each.address, address));
  return { ...info, voting_power: `${validator?.votingPower ?? 0n}` };
}

async function abciInfo(scope: Scope): Promise<Handled> {
  const { header } = (await scope.client.update()).signedHeader;
  const served = await scope.ask('abci_info', {}, (json) => readObject(json, 'abci_info'));
  const response = {
    ...served('response', asObject),
    last_block_height: `${header.height - 1n}`,
    last_block_app_hash: toBase64(header.appHash),
  };
  const unproven = ['response.data', 'response.version', 'response.app_version'];
  return { result: { response }, proven: 'part', unproven, height: header.height - 1n, header };
}

function asObject(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
}

/** The node takes the transaction or not; that it is in a block shows `tx`, which is proven. */
async function broadcast(
  scope: Scope,
  args: Arguments,
  kind: 'async' | 'sync' | 'commit',
): Promise<Handled> {
  const hash = hexToJson(txHash(args.base64('tx')));
  const method = `broadcast_tx_${kind}`;
  const result = await scope.ask(method, args.values, (served) => {
    const answer = asObject(served);
    if (answer.hash === hash) return answer;
    throw contradicts(`${method}.hash`, String(answer.hash), hash);
  });
  return { result, proven: 'none', unproven: ['that the node has taken it'] };
}

/** Its answer also says what came of the transaction, before any header proves it. */
async function broadcastAndWait(scope: Scope, args: Arguments): Promise<Handled> {
  const method = 'broadcast_tx_commit';
  if (scope.keeps(method)) return broadcast(scope, args, 'commit');
  const instead = 'send it by broadcast_tx_sync, and then ask for tx';
  throw new UnprovenError(method, `only a later header proves what came of it: ${instead}`);
}

/** Evidence is for the chain to judge. Only what is evidence is sent, in CometBFT's form, spelled as it came. */
async function broadcastEvidence(scope: Scope, args: Arguments): Promise<Handled> {
  const given = args.values.evidence;
  const evidence = evidenceToJson(evidenceFromJson(given, 'evidence'), evidenceSpelling(given));
  const result = await scope.ask('broadcast_evidence', { evidence }, asServed);
  return { result, proven: 'none', unproven: ['that the node has taken it'] };
}
