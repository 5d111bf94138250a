/** The state of a validator, for commands that look into it: of a stopped network, or a copy of that of a running one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ChainApplication } from '../chain/app/application.ts';
import { openCopy } from './databaseCopy.ts';
import { CliError } from './errors.ts';

/** An opened application with where the rest of its validator lies. */
export interface OpenedHome {
  readonly application: ChainApplication;
  readonly genesisPath: string;
  /** To be called once by its owner. */
  close(): Promise<void>;
}

/** Told that the network runs, so that a copy is looked into. */
export type OnCopy = (text: string) => void;

/**
 * Opens the state of validator `index` with all versions that it keeps.
 * @param onCopy when a copy will do while the network runs; without it a running network is refused
 * @throws CliError when the folder is no home, has no such validator, or its network is running.
 */
export async function openApplication(
  home: string,
  index = 0,
  onCopy?: OnCopy,
): Promise<OpenedHome> {
  const [{ readSettings }, { nodePaths }] = await Promise.all([
    import('./localnet/home.ts'),
    import('../localnet/index.ts'),
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
  const genesisPath = paths.genesis;
  try {
    const application = await openState(path);
    return { application, genesisPath, close: () => application.close() };
  } catch (error) {
    if (!isLocked(error)) throw error;
    if (onCopy !== undefined) return { genesisPath, ...(await openStateCopy(home, path, onCopy)) };
    throw new CliError(`the network of ${home} is running: stop it first`, { cause: error });
  }
}

async function openState(path: string): Promise<ChainApplication> {
  const [{ openDepind }, { sharedDescriptors }, { createNodeVerifier }] = await Promise.all([
    import('../modules/app.ts'),
    import('./descriptors.ts'),
    import('../chain/app/nodeVerifier.ts'),
  ]);
  const { verifier } = await createNodeVerifier({ workers: 0 });
  const descriptors = sharedDescriptors();
  return openDepind({ store: { path }, descriptors, pruning: 'nothing', verifier });
}

async function openStateCopy(
  home: string,
  path: string,
  onCopy: OnCopy,
): Promise<Pick<OpenedHome, 'application' | 'close'>> {
  const { opened: application, remove } = await openCopy(path, openState).catch((cause: Error) => {
    const failed = `its state could not be copied meanwhile (${cause.message}): stop it first`;
    throw new CliError(`the network of ${home} is running, and ${failed}`, { cause });
  });
  onCopy(
    `the network of ${home} is running: this is a copy of its state at height ${application.store.version}`,
  );
  const close = async (): Promise<void> => {
    await application.close();
    await remove();
  };
  return { application, close };
}

const isLocked = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'StoreOpenError' &&
  'kind' in error &&
  error.kind === 'locked';
