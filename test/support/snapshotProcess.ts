/**
 * A process that makes a snapshot of a state, restores one, or reads the state again; prints the AppHash.
 * Arguments: make <state> <snapshots> <keys> | restore <state> <snapshots> <app hash> | read <state>.
 */
import { MultiStore, SnapshotFolder } from '../../chain/store/index.ts';
import { fromHex, toHex, toUtf8 } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';

const KEYS_OF_BLOCK = 50_000;
const [action = '', path = '', snapshots = '', argument = ''] = process.argv.slice(2);
const store = await MultiStore.open({ path, storeNames: ['bank', 'empty'], pruning: 'everything' });

async function make(keys: number): Promise<void> {
  for (let i = 0; i < keys; i++) {
    store.store('bank').set(sha256(toUtf8(String(i))), toUtf8(`value ${i}`));
    if (i % KEYS_OF_BLOCK === KEYS_OF_BLOCK - 1) await store.commit();
  }
  await store.commit();
  const pinned = store.pin();
  await new SnapshotFolder(snapshots).make(pinned);
  pinned.release();
}

async function restore(appHash: Uint8Array): Promise<void> {
  const folder = new SnapshotFolder(snapshots);
  const [version = 0] = folder.versions();
  const manifest = folder.manifest(version);
  if (manifest === undefined) throw new Error(`there is no snapshot in ${snapshots}`);
  const begun = store.beginRestore(manifest, appHash);
  for (let index = 0; index < manifest.chunkHashes.length; index++) {
    const chunk = folder.chunk(version, index);
    if (chunk === undefined || !begun.isChunk(index, chunk)) throw new Error(`chunk ${index}`);
    begun.push(chunk);
  }
  await store.finishRestore(begun);
}

if (action === 'make') await make(Number(argument));
if (action === 'restore') await restore(fromHex(argument));
process.stdout.write(`${toHex(store.appHash)}\n`);
await store.close();
