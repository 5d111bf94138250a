/** Files that are on the disk when their writing is done. */
import { open } from 'node:fs/promises';

/** Writes a new file, or over an old one, part by part; what the parts give at their end. */
export async function writeFlushed<Result>(
  path: string,
  parts: Iterator<Uint8Array, Result>,
): Promise<Result> {
  const file = await open(path, 'w');
  try {
    for (;;) {
      const next = parts.next();
      if (next.done) {
        await file.sync();
        return next.value;
      }
      await file.writeFile(next.value);
    }
  } finally {
    await file.close();
  }
}

/** A new or renamed file is on the disk only once its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
