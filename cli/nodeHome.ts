/** The state of a validator of a stopped network, for commands that look into it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ChainApplication } from '../chain/app/application.ts';
import { CliError } from './errors.ts';

/** An opened application with where the rest of its validator lies. */
export interface OpenedHome {
  readonly application: ChainApplication;
  readonly genesisPath: string;
  readonly dataPath: string;
}

/**
 * Opens the state of validator `index` with all versions that it keeps. Its owner closes the application.
 * @throws CliError when the folder is no home, has no such validator, or its network is running.
 */
export async function openApplication(home: string, index = 0): Promise<OpenedHome> {
  const [
    { readSettings },
    { nodePaths },
    { openDepind },
    { sharedDescriptors },
    { createNodeVerifier },
  ] = await Promise.all([
    import('./localnet/home.ts'),
    import('../localnet/index.ts'),
    import('../modules/app.ts'),
    import('./descriptors.ts'),
    import('../chain/app/nodeVerifier.ts'),
  ]);
  const settings = await readSettings(home);
  if (settings === undefined) {
    throw new CliError(`${home} is no home of depind (depind init makes one)`);
  }
  if (index >= settings.validators) {
    throw new CliError(
      `${home} has ${settings.validators} validators, counted from 0; got ${index}`,
    );
  }
  const paths = nodePaths(home, index);
  const path = join(paths.data, 'application.db');
  if (!existsSync(path)) throw new CliError(`${home} has no state yet`);
  const { verifier } = await createNodeVerifier({ workers: 0 });
  const descriptors = sharedDescriptors();
  try {
    const application = await openDepind({
      store: { path },
      descriptors,
      pruning: 'nothing',
      verifier,
    });
    return { application, genesisPath: paths.genesis, dataPath: paths.data };
  } catch (error) {
    if (!isLocked(error)) throw error;
    const advice = 'stop it first, or copy the home while it is stopped';
    throw new CliError(`the network of ${home} is running: ${advice}`, { cause: error });
  }
}

const isLocked = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'StoreOpenError' &&
  'kind' in error &&
  error.kind === 'locked';
