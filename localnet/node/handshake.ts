/**
 * Brings store and applications to one height before the first new block (CometBFT consensus/replay.go):
 * genesis where nothing happened yet, replay for an application that is behind, an error for one ahead.
 */
import type { Application, InitChainResponse } from '../../chain/abci/types.ts';
import { equalBytes, toHex, toUtf8 } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import { hexToJson } from '../../wire/json/encode.ts';
import { finalizeRequest } from '../consensus/requests.ts';
import {
  type ChainState,
  genesisState,
  validatorChange,
  validatorChanges,
} from '../consensus/state.ts';
import { type GenesisDocument, genesisToText } from '../genesis.ts';
import type { Logger } from '../logger.ts';
import type { BlockStore } from './blockStore.ts';
import { REPAIR } from './database.ts';
import { encodeRecord } from './records.ts';

/** Application and the name that errors give it. */
export interface Peer {
  readonly name: string;
  readonly application: Application;
}

/** A block that an application executed again at the start. */
export interface ReplayProgress {
  /** Of the node. */
  readonly name: string;
  readonly height: bigint;
  /** The last height that is executed again. */
  readonly last: bigint;
}

export interface HandshakeOptions {
  readonly genesis: GenesisDocument;
  readonly store: BlockStore;
  readonly peers: readonly Peer[];
  readonly logger: Logger;
  /** Told of each replayed block. */
  readonly onReplay?: ((progress: ReplayProgress) => void) | undefined;
}

/** The state to go on from. @throws Error when store, genesis and applications do not fit together. */
export async function handshake(options: HandshakeOptions): Promise<ChainState> {
  const { genesis, store } = options;
  const hash = genesisHash(genesis);
  const stored = store.state();
  if (stored && store.genesisHash() !== hash) {
    throw new Error(
      `genesis: expected the file that this chain was started from (hash ${store.genesisHash()}), got one with hash ${hash}`,
    );
  }
  const heights = await Promise.all(options.peers.map((peer) => heightOf(peer, store)));
  const fresh = options.peers.filter((_, index) => heights[index] === 0n);
  const initialised = await initChains(options, fresh);
  const state = stored ?? (await beginChain(options, hash, initialised));
  checkInitialHash(state, store, initialised);
  for (const [index, peer] of options.peers.entries()) {
    await replay(options, peer, heights[index]!);
    await checkAppHash(peer, state, store);
  }
  return state;
}

function genesisHash(genesis: GenesisDocument): string {
  return toHex(sha256(toUtf8(genesisToText(genesis))));
}

async function heightOf(peer: Peer, store: BlockStore): Promise<bigint> {
  const { lastBlockHeight } = await peer.application.info();
  if (lastBlockHeight > store.height) {
    throw new Error(
      `the application of ${peer.name} is at height ${lastBlockHeight}, ahead of the block store at ${store.height}: ` +
        `blocks are lost; ${REPAIR}`,
    );
  }
  return lastBlockHeight;
}

async function initChains(
  { genesis }: HandshakeOptions,
  peers: readonly Peer[],
): Promise<InitChainResponse | undefined> {
  const responses = await Promise.all(
    peers.map((peer) =>
      peer.application.initChain({
        time: genesis.genesisTime,
        chainId: genesis.chainId,
        consensusParams: genesis.consensusParams,
        validators: genesis.validators.map(({ publicKey, power }) => ({ publicKey, power })),
        appStateBytes: toUtf8(genesis.appState),
        initialHeight: genesis.initialHeight,
      }),
    ),
  );
  const [first] = responses;
  for (const [index, response] of responses.entries()) {
    if (equalBytes(encodeRecord(response), encodeRecord(first))) continue;
    throw new Error(
      `genesis: ${peers[index]!.name} answers InitChain with AppHash ${hexToJson(response.appHash)}, ` +
        `${peers[0]!.name} with ${hexToJson(first!.appHash)}, or their validators or parameters differ`,
    );
  }
  return first;
}

async function beginChain(
  { genesis, store, peers }: HandshakeOptions,
  hash: string,
  response: InitChainResponse | undefined,
): Promise<ChainState> {
  if (!response) throw new Error('the block store is empty but no application is new');
  const params = response.consensusParams ?? genesis.consensusParams;
  const validators =
    response.validators.length > 0
      ? validatorChanges(response.validators, params)
      : genesis.validators.map(({ publicKey, power }) => validatorChange(publicKey, power));
  if (validators.length === 0) {
    throw new Error('genesis.validators: expected at least one, in the file or from InitChain');
  }
  const { appVersion } = await peers[0]!.application.info();
  const state = genesisState({
    chainId: genesis.chainId,
    genesisTime: genesis.genesisTime,
    initialHeight: genesis.initialHeight,
    validators,
    params,
    appVersion: response.consensusParams ? params.version.app : appVersion,
    appHash: response.appHash.length > 0 ? response.appHash : genesis.appHash,
  });
  await store.saveGenesis(hash, state);
  return state;
}

/** A new application on a chain that stands at genesis still must come to the hash of then. */
function checkInitialHash(
  state: ChainState,
  store: BlockStore,
  response: InitChainResponse | undefined,
): void {
  if (store.height > 0n || !response || response.appHash.length === 0) return;
  if (equalBytes(response.appHash, state.appHash)) return;
  throw new Error(
    `genesis: InitChain gave AppHash ${hexToJson(state.appHash)} before and ${hexToJson(response.appHash)} now`,
  );
}

async function replay(options: HandshakeOptions, peer: Peer, height: bigint): Promise<void> {
  const { store, genesis, logger } = options;
  const first = height === 0n ? genesis.initialHeight : height + 1n;
  for (let next = first; next <= store.height; next++) {
    const block = store.block(next);
    const meta = store.meta(next);
    const results = store.results(next);
    if (!block || !meta || !results) {
      throw new Error(
        `the application of ${peer.name} is at height ${height}, but blocks below ${store.base} are pruned`,
      );
    }
    const lastValidators =
      next === genesis.initialHeight ? [] : store.validators(next - 1n)!.validators;
    const request = finalizeRequest({ block, blockId: meta.blockId, lastValidators });
    const response = await peer.application.finalizeBlock(request);
    if (!equalBytes(response.appHash, results.appHash)) {
      throw new Error(
        `replay of height ${next}: ${peer.name} comes to AppHash ${hexToJson(response.appHash)}, ` +
          `the chain has ${hexToJson(results.appHash)}`,
      );
    }
    await peer.application.commit();
    logger.info('replayed a block', { height: next, peer: peer.name });
    options.onReplay?.({ name: peer.name, height: next, last: store.height });
  }
}

async function checkAppHash(peer: Peer, state: ChainState, store: BlockStore): Promise<void> {
  if (store.height === 0n) return;
  const { lastBlockHeight, lastBlockAppHash } = await peer.application.info();
  const isRight =
    lastBlockHeight === state.lastBlockHeight && equalBytes(lastBlockAppHash, state.appHash);
  if (isRight) return;
  throw new Error(
    `${peer.name} has AppHash ${hexToJson(lastBlockAppHash)} at height ${lastBlockHeight}, ` +
      `the chain has ${hexToJson(state.appHash)} at ${state.lastBlockHeight}`,
  );
}
