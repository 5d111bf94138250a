import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { concatBytes } from './bytes.ts';
import { repeatedSequence } from './levelLog.ts';

describe("Level's log", () => {
  let log = new Uint8Array(0);
  /** Where each batch ends. */
  const ends: number[] = [];
  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'depind-log-'));
    try {
      const level = new ClassicLevel<string, Uint8Array>(folder, { valueEncoding: 'view' });
      // Some batches are larger than a block of the log.
      for (let batch = 0; batch < 12; batch++) {
        const value = new Uint8Array(batch % 4 === 3 ? 50_000 : 300).fill(batch);
        const changes = ['a', 'b'].map((key) => ({ type: 'put', key, value }) as const);
        await level.batch(changes, { sync: true });
        ends.push((await read(folder)).length);
      }
      log = await read(folder);
      await level.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  async function read(folder: string): Promise<Uint8Array<ArrayBuffer>> {
    const name = (await readdir(folder)).find((each) => each.endsWith('.log'))!;
    return new Uint8Array(await readFile(join(folder, name)));
  }

  it('without repetition has none, whole, cut or with zeros behind', () => {
    assert.ok(log.length > 100_000);
    assert.equal(repeatedSequence(log), undefined);
    for (let length = 0; length < log.length; length += 997) {
      assert.equal(repeatedSequence(log.subarray(0, length)), undefined);
    }
    assert.equal(repeatedSequence(concatBytes(log, new Uint8Array(70_000))), undefined);
  });

  it('with its last batch twice repeats that sequence number', () => {
    const [begin, end] = [ends[0]!, ends[1]!];
    const twice = concatBytes(log.subarray(0, end), log.subarray(begin, end));
    assert.equal(repeatedSequence(twice), 3n);
    const altered = twice.slice();
    altered[altered.length - 1]! ^= 1;
    assert.equal(repeatedSequence(altered), undefined, 'one that does not read is left out');
  });

  it('of garbage has none', () => {
    for (let seed = 1; seed < 50; seed++) {
      const bytes = Uint8Array.from({ length: 500 }, (_, i) => (i * seed * 2_654_435_761) >>> 13);
      assert.equal(repeatedSequence(bytes), undefined);
    }
  });
});
