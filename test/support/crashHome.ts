/** The home of a network of one validator, which makes blocks one by one, for the crash tests. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedDescriptors } from '../../cli/descriptors.ts';
import { createLocalnetHome } from '../../cli/localnet/create.ts';
import { nodePaths, readGenesis, readValidatorKeys, silentLogger } from '../../localnet/index.ts';
import type { Network } from '../../localnet/node/network.ts';
import { type Closers, openNetwork } from '../../localnet/open.ts';
import { openDepind } from '../../modules/app.ts';
import { toHex } from '../../wire/bytes.ts';

/** Small, so that a few blocks make an image. */
const IMAGE_LOG_BYTES = 2000;

/** A network that runs, and how to stop it. */
export interface RunningHome {
  readonly network: Network;
  close(): Promise<void>;
}

/** Lays the home out. */
export function createCrashHome(home: string): Promise<void> {
  return createLocalnetHome({ home, chainId: 'depind-crash-1', validators: 1, seed: 'crash' });
}

/** Opens store, signer and application, and brings them to one height. */
export async function openCrashHome(home: string): Promise<RunningHome> {
  const closers: Closers = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const network = await openNetwork(
      {
        home,
        genesis: await readGenesis(nodePaths(home, 0).genesis),
        validators: await readValidatorKeys(home),
        logger: silentLogger,
        createApplication: () =>
          openDepind({
            store: {
              path: join(nodePaths(home, 0).data, 'application.db'),
              imageLogBytes: IMAGE_LOG_BYTES,
            },
            descriptors: sharedDescriptors(),
            pruning: 'everything',
          }),
      },
      closers,
      () => undefined,
    );
    return { network, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The height that the validator signed for last, as far as its file says one: 0 otherwise. */
export function signedHeight(home: string): bigint {
  const path = nodePaths(home, 0).validatorState;
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return BigInt(/"height": "(\d+)"/.exec(text)?.[1] ?? 0);
}

/** The hash of each block of a network, by height, in hex. */
export function blockHashes({ network }: RunningHome): Map<bigint, string> {
  const hashes = new Map<bigint, string>();
  for (let height = 1n; height <= network.store.height; height++) {
    hashes.set(height, toHex(network.store.meta(height)!.blockId.hash));
  }
  return hashes;
}
