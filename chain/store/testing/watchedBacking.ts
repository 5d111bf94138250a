/** Writes and records that the tests of the state store share. */
import { toHex, toUtf8 } from '../../../wire/bytes.ts';
import { type Change, MemoryBacking } from '../backing.ts';
import type { MultiStore } from '../multiStore.ts';

/** The stores of the tests, not in the order of the AppHash. */
export const storeNames = ['bank', 'acc'];
export const one = Uint8Array.of(1);

/** A key whose value tells the version that wrote it. */
export function write(store: MultiStore, version: number): void {
  store.store('bank').set(toUtf8('balance'), toUtf8(`at ${version}`));
  store.store('bank').set(toUtf8(`entry ${version}`), one);
  if (version % 3 === 0) store.store('bank').delete(toUtf8(`entry ${version - 2}`));
}

/** Commits `write` up to and with version `last`. */
export async function commitUpTo(store: MultiStore, last: number): Promise<void> {
  for (let version = Number(store.version) + 1; version <= last; version++) {
    write(store, version);
    await store.commit();
  }
}

/** Memory that counts its records, shows its writes, and can refuse or alter them. */
export class WatchedBacking extends MemoryBacking {
  readonly recordKeys = new Set<string>();
  batches: (readonly Change[])[] = [];
  refuses = false;

  override async write(changes: readonly Change[]): Promise<void> {
    if (this.refuses) throw new Error('the disk is full');
    this.batches.push(changes);
    for (const { key, value } of changes) {
      if (value === undefined) this.recordKeys.delete(toHex(key));
      else this.recordKeys.add(toHex(key));
    }
    await super.write(changes);
  }

  /** Records of one kind, by the letter their keys begin with. */
  count(kind: string): number {
    return [...this.recordKeys].filter((key) => key.startsWith(toHex(toUtf8(kind)))).length;
  }
}
