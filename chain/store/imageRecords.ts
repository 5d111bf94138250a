import { toBigEndian } from '../../wire/bytes.ts';
import type { Backing, Change } from './backing.ts';
import { ByteReader } from './byteReader.ts';
import { ByteWriter } from './byteWriter.ts';
import type { ImageSeal } from './imageFile.ts';
import { decodeRecord, imageKey, readSealed, sealed, versionOfKey } from './records.ts';

/** The change that puts an image on record. */
export function imageRecord(version: number, { bytes, checksum }: ImageSeal): Change {
  const content = new ByteWriter()
    .unsigned(bytes)
    .raw(toBigEndian(BigInt(checksum), 4))
    .take();
  return sealed(imageKey(version), content);
}

/** The images on record, by version, the oldest first. @throws DamagedStoreError for one that does not read. */
export async function readImageRecords(backing: Backing): Promise<Map<number, ImageSeal>> {
  const keys = await backing.keys(imageKey(0), imageKey(Number.MAX_SAFE_INTEGER));
  const seals = new Map<number, ImageSeal>();
  for (const key of keys) {
    const version = versionOfKey(key);
    const owner = { store: 'image record', version };
    const content = readSealed(backing, key, owner) ?? new Uint8Array(0);
    seals.set(
      version,
      decodeRecord(owner, () => decodeSeal(content)),
    );
  }
  return seals;
}

function decodeSeal(content: Uint8Array): ImageSeal {
  const reader = new ByteReader(content, 'image record');
  const bytes = reader.unsigned();
  const checksum = reader.take(4);
  reader.end();
  return { bytes, checksum: new DataView(checksum.buffer, checksum.byteOffset).getUint32(0) };
}
