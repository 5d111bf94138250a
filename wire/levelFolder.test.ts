import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { crc32c } from './crc32c.ts';
import { levelFolderDamage } from './levelFolder.ts';
import { tableDamage } from './levelTable.ts';
import { uncompress } from './snappy.ts';

/** The table that Level makes of a thousand records; as text they compress. */
async function tableOf(value: (index: number) => Uint8Array, compression: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'depind-table-'));
  try {
    const level = new ClassicLevel<string, Uint8Array>(folder, {
      valueEncoding: 'view',
      compression,
    });
    for (let index = 0; index < 1000; index++) {
      await level.put(`a key with a number ${index}`, value(index));
    }
    await level.compactRange('a', 'b');
    await level.close();
    const name = (await readdir(folder)).find((each) => each.endsWith('.ldb'))!;
    return new Uint8Array(await readFile(join(folder, name)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("Level's tables", () => {
  const tables = new Map<string, Uint8Array>();
  before(async () => {
    const text = (index: number) => new TextEncoder().encode(`a text ${index} `.repeat(40));
    const noise = (index: number) => Uint8Array.from({ length: 99 }, (_, i) => (i * index) >>> 2);
    tables.set('compressed', await tableOf(text, true));
    tables.set('plain', await tableOf(text, false));
    tables.set('of noise', await tableOf(noise, true));
  });

  for (const kind of ['compressed', 'plain', 'of noise']) {
    it(`are whole as Level writes them, ${kind}`, () => {
      assert.equal(tableDamage(tables.get(kind)!), undefined);
    });

    it(`show every bit that flipped, ${kind}`, () => {
      const table = tables.get(kind)!;
      const footer = table.length - 48;
      for (let at = 0; at < footer; at += 1 + Math.floor(table.length / 400)) {
        const copy = table.slice();
        copy[at]! ^= 1 << (at % 8);
        assert.match(tableDamage(copy)!, /^the block at byte \d+ does not fit/);
      }
    });

    it(`show that they were cut, or have something behind, ${kind}`, () => {
      const table = tables.get(kind)!;
      for (const length of [0, 1, 47, 48, 4096, table.length - 1]) {
        assert.match(
          tableDamage(table.subarray(0, length))!,
          /too few for a table|does not end as a table/,
        );
      }
      const longer = new Uint8Array(table.length + 10);
      longer.set(table);
      assert.match(tableDamage(longer)!, /it does not end as a table does/);
    });
  }

  it('compress as Level does it', () => {
    const [compressed, plain] = [tables.get('compressed')!, tables.get('plain')!];
    assert.ok(compressed.length < plain.length / 2, 'the test needs a table that was compressed');
  });
});

describe('a Level folder', () => {
  let path = '';
  const files = new Map<string, Uint8Array>();
  before(async () => {
    path = await mkdtemp(join(tmpdir(), 'depind-folder-'));
    const level = new ClassicLevel(path);
    for (const value of ['first', 'second']) {
      await level.put('key', value);
      await level.compactRange('a', 'z');
    }
    await level.put('key', 'third');
    await level.close();
    for (const name of await readdir(path)) files.set(name, await readFile(join(path, name)));
  });
  after(() => rm(path, { recursive: true }));

  const damageWith = (change: (copy: Map<string, Uint8Array>) => void) => {
    const copy = new Map(files);
    change(copy);
    const read = (name: string): Uint8Array => {
      const content = copy.get(name);
      if (content !== undefined) return content;
      throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    };
    return levelFolderDamage({ names: [...files.keys()].filter((name) => copy.has(name)), read });
  };
  const named = (pattern: RegExp): string => [...files.keys()].find((name) => pattern.test(name))!;

  it('that is whole, new, or empty has no damage', () => {
    assert.equal(
      damageWith(() => {}),
      undefined,
    );
    assert.equal(
      damageWith((copy) => copy.clear()),
      undefined,
    );
  });

  it('has no damage by a table that a crash left behind, which Level will remove', () => {
    const half = files.get(named(/\.ldb$/))!.subarray(0, 20);
    files.set('000099.ldb', half);
    assert.equal(
      damageWith(() => {}),
      undefined,
    );
    files.delete('000099.ldb');
  });

  it('tells of a table in use that was cut, and leaves one that is missing to Level', () => {
    const table = [...files.keys()]
      .filter((name) => name.endsWith('.ldb'))
      .sort()
      .at(-1)!;
    const cut = damageWith((copy) => copy.set(table, copy.get(table)!.subarray(1)));
    assert.match(cut!, new RegExp(`^${table} is damaged: `));
    assert.equal(
      damageWith((copy) => copy.delete(table)),
      undefined,
    );
  });

  it('tells when nothing names its manifest', () => {
    const set = (text: string) =>
      damageWith((copy) => copy.set('CURRENT', new TextEncoder().encode(text)));
    const good = new TextDecoder().decode(files.get('CURRENT'));
    assert.equal(set(good), undefined);
    for (const text of ['', good.trim(), `./${good}`, 'MANIFEST-999999\n', `MAN\0${good}`, 'é\n']) {
      assert.equal(set(text), 'CURRENT names no manifest that is there', JSON.stringify(text));
    }
    const without = damageWith((copy) => copy.delete('CURRENT'));
    assert.match(without!, /^CURRENT is missing beside 0000\d\d\.(ldb|log)$/);
  });
});

describe('CRC-32C', () => {
  it('gives the values of RFC 3720, appendix B.4', () => {
    const cases: readonly [Uint8Array, number][] = [
      [new Uint8Array(32), 0x8a9136aa],
      [new Uint8Array(32).fill(0xff), 0x62a8ab43],
      [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
      [Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
      [new TextEncoder().encode('123456789'), 0xe3069283],
    ];
    for (const [bytes, expected] of cases) assert.equal(crc32c(bytes), expected);
  });
});

describe('Snappy', () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
  it('reads literals and copies of each length of offset', () => {
    // "ab" twice by a copy that reaches into itself, then by offsets of two and of four bytes.
    const text = bytes(14, 4, 97, 98, 1, 2, 14, 2, 0, 15, 4, 0, 0, 0);
    assert.equal(new TextDecoder().decode(uncompress(text, 14)), 'ababababababab');
    const long = new Uint8Array(70).fill(7);
    assert.deepEqual(uncompress(bytes(70, 60 << 2, 69, ...long), 70), long);
  });

  it('refuses what is cut, too long, or copies from nowhere', () => {
    const cases: readonly [string, Uint8Array, RegExp][] = [
      ['nothing', bytes(), /beyond its block/],
      ['a length without an end', bytes(255, 255, 255, 255, 255, 1), /at most five bytes/],
      ['more than is allowed', bytes(101), /at most 100 bytes, got 101/],
      ['fewer than told', bytes(3, 4, 97, 98), /expected 3 bytes, got 2/],
      ['more than told', bytes(1, 4, 97, 98), /beyond its block/],
      ['a literal that is cut', bytes(2, 4, 97), /beyond its block/],
      ['a copy of nothing', bytes(5, 0, 97, 1, 0), /beyond its block/],
      ['a copy from before the beginning', bytes(5, 0, 97, 1, 2), /beyond its block/],
      ['a copy that is cut', bytes(5, 0, 97, 1), /beyond its block/],
    ];
    for (const [name, input, message] of cases) {
      assert.throws(() => uncompress(input, 100), message, name);
    }
  });
});
