import { arenaTrees } from './arenaTrees.ts';
import type { Backing, Change } from './backing.ts';
import { checkCommits } from './checkCommits.ts';
import { sortedNames } from './commitInfo.ts';
import { StoreOpenError } from './errors.ts';
import { type Head, readHead } from './head.ts';
import { History } from './history.ts';
import type { ImageSeal } from './imageFile.ts';
import { ImageKeeper } from './imageKeeper.ts';
import { readImageRecords } from './imageRecords.ts';
import { LiveTrees } from './liveTrees.ts';
import type { MultiStoreOptions } from './options.ts';

import { imageKey } from './records.ts';
import type { TreeKind } from './stateTree.ts';

/** A state as it was found, and what reads and writes it. */
export interface OpenedStore {
  readonly backing: Backing;
  readonly kind: TreeKind;
  readonly history: History;
  readonly images: ImageKeeper;
  readonly live: LiveTrees;
  /** The newest head; replaced by each commit. */
  readonly current: { head: Head };
}

/**
 * Reads the latest version of a backing: head and commit records first, then the newest image that reads and the
 * changes since. An image that does not read is taken off the record when an older one leads to the same roots.
 * @throws StoreOpenError when it is foreign or has other stores, DamagedStoreError when it does not read.
 */
export async function openStore(
  backing: Backing,
  options: MultiStoreOptions,
): Promise<OpenedStore> {
  const path = options.path ?? 'memory';
  const { trees: kind = arenaTrees } = options;
  const current = { head: await readHead(backing, path) };
  await checkCommits(backing, current.head);
  const seals = await readImageRecords(backing);
  const history = new History({ backing, kind, images: seals, head: () => current.head });
  const { latest } = current.head;
  if (latest > 0) checkNames(history, options, latest);
  const state = latest > 0 ? history.rebuild(latest) : { space: kind.space(), trees: new Map() };
  await dropUnusable(backing, seals, history);
  const live = new LiveTrees(state, sortedNames(options.storeNames), latest);
  const logBytes = logBytesAt(history, [...seals.keys()].at(-1));
  const minLogBytes = options.imageLogBytes;
  const images = new ImageKeeper({ backing, kind, seals, logBytes, minLogBytes });
  return { backing, kind, history, images, live, current };
}

/** Bytes of the log at an image; 0 without one. */
export function logBytesAt(history: History, image: number | undefined): number {
  return image === undefined || image === 0 ? 0 : history.info(image).logBytes;
}

/** Stores on disk must be in the program; those that are not on disk must be meant to be new. */
function checkNames(history: History, options: MultiStoreOptions, version: number): void {
  const { storeNames, addedStores = [], path = 'memory' } = options;
  const found = history.info(version).stores.map(({ name }) => name);
  const absent = found.filter((name) => !storeNames.includes(name));
  const added = storeNames.filter((name) => !found.includes(name) && !addedStores.includes(name));
  if (absent.length === 0 && added.length === 0) return;
  const advice = [
    ...(absent.length > 0 ? ['start a program that has the stores on disk'] : []),
    ...(added.length > 0
      ? ['a new store needs an upgrade that has it in addedStores, or a new chain']
      : []),
  ];
  const differ = `its stores differ: on disk only [${absent}], in this program only [${added}]`;
  const detail = `${differ}; ${advice.join('; ')}`;
  throw new StoreOpenError('stores', path, detail);
}

/** Files that no record names are of interrupted writes; images that did not read are made anew. */
async function dropUnusable(
  backing: Backing,
  seals: Map<number, ImageSeal>,
  history: History,
): Promise<void> {
  const damaged = [...history.damagedImages.keys()];
  const changes = damaged.map((version): Change => ({ key: imageKey(version), value: undefined }));
  if (changes.length > 0) await backing.write(changes);
  for (const version of damaged) seals.delete(version);
  backing.images.clean();
  for (const version of backing.images.versions()) {
    if (!seals.has(version)) backing.images.remove(version);
  }
}
