/** Files that are on the disk when their writing is done. */
import { open } from 'node:fs/promises';
import { joinBytes } from '../../wire/bytes.ts';

/** Parts are joined until they have as many bytes: small ones would take a call of the system each. */
const WRITE_BYTES = 1 << 18;

/** Writes a new file, or over an old one, part by part; what the parts give at their end. */
export async function writeFlushed<Result>(
  path: string,
  parts: Iterator<Uint8Array, Result>,
): Promise<Result> {
  const file = await open(path, 'w');
  try {
    let joined: Uint8Array[] = [];
    let bytes = 0;
    for (;;) {
      const next = parts.next();
      if (next.done || bytes >= WRITE_BYTES) {
        await file.writeFile(joinBytes(joined));
        joined = [];
        bytes = 0;
      }
      if (next.done) {
        await file.sync();
        return next.value;
      }
      joined.push(next.value);
      bytes += next.value.length;
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
