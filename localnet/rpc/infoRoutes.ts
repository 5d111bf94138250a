/** The node and its network, the application, and the state of consensus (CometBFT rpc/core). */
import { equalBytes, toBase64, toHex, toUtf8 } from '../../wire/bytes.ts';
import {
  base64OrNull,
  blockIdToJson,
  hexToJson,
  publicKeyToJson,
  validatorToJson,
  voteToJson,
} from '../../wire/json/encode.ts';
import { formatTime } from '../../wire/time.ts';
import { BLOCK_PROTOCOL, type ValidatorSet, type Vote } from '../../wire/types.ts';
import { totalVotingPower } from '../../wire/validatorSet.ts';
import { powerOf } from '../consensus/voting.ts';
import { genesisToText } from '../genesis.ts';
import type { BlockMeta } from '../node/blockRecord.ts';
import type { ValidatorNode } from '../node/validatorNode.ts';
import type { Arguments } from './arguments.ts';
import { type Environment, NODE_VERSION, P2P_PROTOCOL, type Routes } from './environment.ts';
import { internalError } from './errors.ts';
import { queryResponseToJson, RawJson } from './json.ts';

/** Bytes of the genesis document in one chunk. */
const GENESIS_CHUNK_BYTES = 16 * 1024 * 1024;
/** The p2p channels of a CometBFT node with every reactor. */
const CHANNELS = '40202122233038606100';

export const infoRoutes: Routes = {
  health: { params: [], handle: () => ({}) },
  status: { params: [], handle: status },
  net_info: { params: [], handle: netInfo },
  genesis: {
    params: [],
    handle({ genesis }) {
      const text = genesisToText(genesis);
      if (toUtf8(text).length > GENESIS_CHUNK_BYTES) {
        throw new Error('genesis response is large, please use the genesis_chunked API instead');
      }
      return new RawJson(`{"genesis":${text.trim()}}`);
    },
  },
  genesis_chunked: { params: ['chunk'], handle: genesisChunk },
  consensus_state: {
    params: [],
    handle: (environment) => ({ round_state: roundSummary(environment) }),
  },
  dump_consensus_state: {
    params: [],
    handle: (environment) => ({ round_state: roundDump(environment), peers: [] }),
  },
  abci_info: {
    params: [],
    async handle({ node }) {
      const info = await node.application.info();
      const response = {
        data: info.data,
        version: info.version,
        app_version: String(info.appVersion),
        last_block_height: String(info.lastBlockHeight),
        last_block_app_hash: base64OrNull(info.lastBlockAppHash),
      };
      return { response };
    },
  },
  abci_query: { params: ['path', 'data', 'height', 'prove'], handle: abciQuery },
  broadcast_evidence: {
    params: ['evidence'],
    handle() {
      throw internalError(
        'evidence was not provided in a form that this network takes: it takes none',
      );
    },
  },
};

async function abciQuery({ node }: Environment, args: Arguments) {
  const height = args.integer('height') ?? 0n;
  if (height < 0n) throw new Error(`height must be 0 or more, but got ${height}`);
  const response = await node.application.query({
    path: args.text('path'),
    data: args.hexBytes('data'),
    height,
    prove: args.flag('prove'),
  });
  return { response: queryResponseToJson(response) };
}

function nodeInfo({ network, address }: Environment, node: ValidatorNode) {
  const { chainId, appVersion } = network.state;
  return {
    protocol_version: { p2p: P2P_PROTOCOL, block: String(BLOCK_PROTOCOL), app: String(appVersion) },
    id: node.nodeId,
    listen_addr: `tcp://127.0.0.1:${26_656 + node.index}`,
    network: chainId,
    version: NODE_VERSION,
    channels: CHANNELS,
    moniker: `node${node.index}`,
    other: { tx_index: 'on', rpc_address: `tcp://${address}` },
  };
}

function status(environment: Environment) {
  const { network, node } = environment;
  const { store, state } = network;
  const { key } = node.signer;
  const validator = state.validators.validators.find((v) => equalBytes(v.address, key.address));
  return {
    node_info: nodeInfo(environment, node),
    sync_info: {
      ...blockSummary('latest', store.meta(store.height)),
      ...blockSummary('earliest', store.meta(store.base)),
      catching_up: false,
    },
    validator_info: {
      address: hexToJson(key.address),
      pub_key: publicKeyToJson({ type: 'ed25519', bytes: key.publicKey }),
      voting_power: String(validator?.votingPower ?? 0n),
    },
  };
}

function blockSummary(which: 'latest' | 'earliest', meta: BlockMeta | undefined) {
  return {
    [`${which}_block_hash`]: hexToJson(meta?.blockId.hash ?? new Uint8Array(0)),
    [`${which}_app_hash`]: hexToJson(meta?.header.appHash ?? new Uint8Array(0)),
    [`${which}_block_height`]: String(meta?.header.height ?? 0n),
    [`${which}_block_time`]: formatTime(meta?.header.time ?? 0n),
  };
}

/** The peers of a node are the other validators; no bytes flow between them. */
function netInfo(environment: Environment) {
  const others = environment.network.nodes.filter((node) => node !== environment.node);
  const peers = others.map((node) => ({
    node_info: nodeInfo(environment, node),
    is_outbound: true,
    connection_status: {
      Duration: String(BigInt(Math.round(environment.uptimeMs())) * 1_000_000n),
      Channels: null,
    },
    remote_ip: '127.0.0.1',
  }));
  return { listening: true, listeners: ['Listener(@)'], n_peers: String(peers.length), peers };
}

function genesisChunk({ genesis }: Environment, args: Arguments) {
  const bytes = toUtf8(genesisToText(genesis));
  const total = Math.ceil(bytes.length / GENESIS_CHUNK_BYTES);
  const chunk = args.integer('chunk') ?? 0n;
  if (chunk < 0n || chunk >= BigInt(total)) {
    throw new Error(`there are ${total - 1} chunks, ${chunk} is invalid`);
  }
  const start = Number(chunk) * GENESIS_CHUNK_BYTES;
  const data = toBase64(bytes.subarray(start, start + GENESIS_CHUNK_BYTES));
  return { chunk: String(chunk), total: String(total), data };
}

function roundSummary({ network }: Environment) {
  const { round, state } = network;
  const { validators, proposer } = state.validators;
  const index = validators.findIndex((v) => equalBytes(v.address, proposer.address));
  return {
    'height/round/step': `${round.height}/0/${round.step}`,
    start_time: formatTime(round.startTime),
    proposal_block_hash: round.proposal ? hexToJson(round.proposal.blockId.hash) : '',
    locked_block_hash: '',
    valid_block_hash: '',
    height_vote_set: heightVoteSet(network),
    proposer: { address: hexToJson(proposer.address), index },
  };
}

function roundDump({ network }: Environment) {
  const { round, state } = network;
  return {
    height: String(round.height),
    round: 0,
    step: round.step,
    start_time: formatTime(round.startTime),
    commit_time: formatTime(state.lastBlockTime),
    validators: validatorSetToJson(state.validators),
    proposal_block_id: round.proposal ? blockIdToJson(round.proposal.blockId) : null,
    locked_round: -1,
    locked_block: null,
    valid_round: -1,
    valid_block: null,
    votes: heightVoteSet(network),
    prevotes: round.prevotes.map(voteToJson),
    precommits: round.precommits.map(voteToJson),
    commit_round: -1,
    last_validators: state.lastValidators ? validatorSetToJson(state.lastValidators) : null,
    triggered_timeout_precommit: false,
  };
}

function validatorSetToJson({ validators, proposer }: ValidatorSet) {
  return { validators: validators.map(validatorToJson), proposer: validatorToJson(proposer) };
}

function heightVoteSet({ round, state }: Environment['network']) {
  const set = state.validators;
  return [
    {
      round: 0,
      prevotes: voteTexts(set, round.prevotes),
      prevotes_bit_array: bitArrayText(set, round.prevotes),
      precommits: voteTexts(set, round.precommits),
      precommits_bit_array: bitArrayText(set, round.precommits),
    },
  ];
}

function voteTexts(set: ValidatorSet, votes: readonly Vote[]): string[] {
  return set.validators.map((_, index) => {
    const vote = votes.find((candidate) => candidate.validatorIndex === index);
    if (!vote) return 'nil-Vote';
    const kind =
      vote.type === 1 ? 'SIGNED_MSG_TYPE_PREVOTE(Prevote)' : 'SIGNED_MSG_TYPE_PRECOMMIT(Precommit)';
    const [address, hash, signature] = [
      vote.validatorAddress,
      vote.blockId.hash,
      vote.signature,
    ].map((bytes) => toHex(bytes.subarray(0, 6)).toUpperCase());
    return `Vote{${index}:${address} ${vote.height}/00/${kind} ${hash} ${signature} 000000000000 @ ${formatTime(vote.timestamp)}}`;
  });
}

function bitArrayText(set: ValidatorSet, votes: readonly Vote[]): string {
  const voters = new Set(votes.map((vote) => vote.validatorIndex));
  const bits = set.validators.map((_, index) => (voters.has(index) ? 'x' : '_')).join('');
  const power = powerOf(set, [...voters]);
  const total = totalVotingPower(set.validators);
  const share = (Number(power) / Number(total)).toFixed(2);
  return `BA{${set.validators.length}:${bits}} ${power}/${total} = ${share}`;
}
