/** Files that a loss of power must not take back. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file as a whole. It is on the disk when this resolves: the content is flushed before the new file takes
 * the old one's name, and the folder that holds the name after it.
 */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const next = `${path}.next`;
  const file = await open(next, 'w', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
