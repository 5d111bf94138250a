/** Opens what a localnet is made of: one store, and for each node its files and its application. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemTime } from './clock.ts';
import { atPath, nodePaths, type ValidatorKeys } from './init.ts';
import { BlockStore } from './node/blockStore.ts';
import { checkSigners } from './node/checkSigners.ts';
import { openDatabase } from './node/database.ts';
import { handshake } from './node/handshake.ts';
import type { BlockLimits } from './node/mempool.ts';
import { Network } from './node/network.ts';
import { blockLimits } from './node/round.ts';
import { openValidatorNode, type ValidatorNode } from './node/validatorNode.ts';
import type { LocalnetOptions } from './options.ts';

/** Called to close what was opened, last opened first. */
export type Closers = (() => Promise<void>)[];

/**
 * Store and nodes at one height, ready for the next block. What is opened is added to `closers` at once.
 * @throws Error naming the path or validator that stands in the way.
 */
export async function openNetwork(
  options: LocalnetOptions,
  closers: Closers,
  onTransaction: () => void,
): Promise<Network> {
  const { genesis, logger, now = systemTime } = options;
  const store = await openStore(options.home);
  closers.push(() => store.close());
  await store.check();
  // The mempools ask for these only once the network stands.
  let network: Network | undefined;
  const nodes: ValidatorNode[] = [];
  for (const [index, keys] of options.validators.entries()) {
    const node = await openNode(options, index, keys, {
      blockLimits: () => blockLimits(network!.state),
      onAccepted: onTransaction,
    });
    closers.push(() => node.application.close());
    nodes.push(node);
  }
  checkSigners(store, nodes);
  const onReplay = options.onReplay?.bind(options);
  const state = await handshake({ genesis, store, peers: nodes, logger, onReplay });
  network = new Network({ nodes, store, state, logger, now });
  return network;
}

async function openStore(home: string): Promise<BlockStore> {
  const { data } = nodePaths(home, 0);
  await atPath(data, () => mkdir(data, { recursive: true }));
  return new BlockStore(await openDatabase(join(data, 'blockstore.db')));
}

async function openNode(
  { home, createApplication, mempool }: LocalnetOptions,
  index: number,
  keys: ValidatorKeys,
  hooks: { blockLimits(): BlockLimits; onAccepted(): void },
): Promise<ValidatorNode> {
  const { data } = nodePaths(home, index);
  await atPath(data, () => mkdir(data, { recursive: true }));
  const application = await createApplication(index);
  return openValidatorNode({
    index,
    home,
    keys,
    application,
    ...hooks,
    ...(mempool && { mempoolLimits: mempool }),
  });
}
