/** Looking into databases of a network that runs: a copy of one is opened in its place. */
import { constants, existsSync } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Files may be taken away while they are copied. */
const ATTEMPTS = 5;
/** Says which manifest counts. */
const CURRENT = 'CURRENT';

/** What was opened in a copy. */
export interface OpenedCopy<T> {
  readonly opened: T;
  /** To be called once it is closed. */
  remove(): Promise<void>;
}

/**
 * Opens a copy of a database folder that another process writes meanwhile: a state that it had a moment ago.
 * @param open what it throws counts as a copy that did not come out whole, which is made again a few times
 * @throws whatever copying or opening threw at last.
 */
export async function openCopy<T>(
  path: string,
  open: (copy: string) => Promise<T>,
): Promise<OpenedCopy<T>> {
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 'depind-copy-'));
    const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
    try {
      const copy = join(folder, basename(path));
      await copyDatabase(path, copy);
      return { opened: await open(copy), remove };
    } catch (error) {
      await remove();
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * Copies what Level has in a folder in such an order that the copy is what a process leaves that is killed. Logs come
 * before the manifest: one that was made a table of meanwhile is not named by it any more, and a newer one that is not
 * there holds only what came later. Tables come last, as the manifest names them. Images of the state come first, since
 * the records tell what happened after them.
 */
async function copyDatabase(from: string, to: string): Promise<void> {
  await mkdir(to);
  await copyImages(join(from, 'images'), join(to, 'images'));
  const current = await readFile(join(from, CURRENT), 'utf8');
  for (const name of (await readdir(from)).filter((each) => each.endsWith('.log'))) {
    await copyFile(join(from, name), join(to, name));
  }
  const manifest = current.trim();
  await copyFile(join(from, manifest), join(to, manifest));
  for (const name of (await readdir(from)).filter((each) => each.endsWith('.ldb'))) {
    await share(join(from, name), join(to, name));
  }
  if ((await readFile(join(from, CURRENT), 'utf8')) !== current) {
    throw new Error(`${from}: its manifest was replaced while it was copied`);
  }
  await writeFile(join(to, CURRENT), current);
}

async function copyImages(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  await mkdir(to);
  for (const name of (await readdir(from)).filter((each) => each.endsWith('.image'))) {
    await share(join(from, name), join(to, name));
  }
}

/** A file that never changes: linked where both are on one disk. */
async function share(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_FICLONE));
}
