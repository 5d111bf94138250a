/**
 * A network of one validator, killed at every write that it makes: state, images, blocks, what the validator signed.
 * A copy of its home at such a point is what a killed process leaves; some copies also lose or gain a tail where was
 * written last. Each goes on without a block or a vote lost or doubled, or refuses and says what to do.
 * DEPIND_CRASH_CASES asks for more cases, DEPIND_CRASH_SEED repeats the damages of a run.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '../wire/bytes.ts';
import { blockHashes, createCrashHome, openCrashHome, signedHeight } from './support/crashHome.ts';
import { DAMAGE_KINDS, damageLastWritten, drawFrom } from './support/damage.ts';
import { watchWrites } from './support/writePoints.ts';

const CASES = Number(process.env.DEPIND_CRASH_CASES ?? 40);
const SEED = process.env.DEPIND_CRASH_SEED ?? String(randomInt(1 << 30));
/** Writes of a block without an image, before and after each: those of two votes, and three batches. */
const POINTS_OF_BLOCK = 22;
const BLOCKS = Math.max(12, Math.ceil(CASES / POINTS_OF_BLOCK));

interface Case {
  readonly copy: string;
  readonly point: string;
}

describe(`killed at a write point (DEPIND_CRASH_SEED=${SEED})`, function () {
  this.timeout(60_000 + 1000 * CASES);
  let folder = '';
  const cases: Case[] = [];
  let reference = new Map<bigint, string>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-points-'));
    const home = join(folder, 'home');
    await createCrashHome(home);
    const running = await openCrashHome(home);
    const draw = drawFrom(`${SEED}/points`);
    const images = join(home, 'node0', 'data', 'application.db', 'images');
    // Where an image is written every point is looked at, of the other ones as many as are asked for.
    const undo = await watchWrites((point) => {
      const isImage = existsSync(images) && readdirSync(images).some((name) => /next$/.test(name));
      if (!isImage && draw(BLOCKS * POINTS_OF_BLOCK) >= CASES) return;
      const copy = join(folder, `case-${cases.length}`);
      cpSync(home, copy, { recursive: true, preserveTimestamps: true });
      cases.push({ copy, point: `${cases.length}: ${point}${isImage ? ' of an image' : ''}` });
    });
    try {
      for (let block = 0; block < BLOCKS; block++) await running.network.produceBlock();
    } finally {
      undo();
    }
    await running.network.produceBlock();
    reference = blockHashes(running);
    await running.close();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Goes on from a copy by one block; every block that was voted on must be the one of the first run. */
  async function resume(copy: string): Promise<bigint> {
    const signed = signedHeight(copy);
    const running = await openCrashHome(copy);
    try {
      const { height } = running.network.store;
      const { block, blockId } = await running.network.produceBlock();
      assert.equal(block.header.height, height + 1n);
      for (const [each, hash] of blockHashes(running)) {
        if (each <= height || each <= signed)
          assert.equal(hash, reference.get(each), `block ${each}`);
      }
      assert.ok(signed <= height + 1n, `it signed ${signed}, its blocks end at ${height}`);
      if (signed === height + 1n) assert.equal(toHex(blockId.hash), reference.get(signed));
      return height;
    } finally {
      await running.close();
    }
  }

  it('loses no block and signs no other one, wherever it is killed', async () => {
    assert.ok(cases.length >= CASES / 2, `${cases.length} cases`);
    assert.ok(
      cases.some(({ point }) => /image/.test(point)),
      'an image was being written',
    );
    for (const { copy, point } of cases.filter((_, index) => index % 2 === 0)) {
      await resume(copy).catch((cause: unknown) => {
        throw new Error(`case ${point}: ${cause}`, { cause });
      });
      await rm(copy, { recursive: true });
    }
  });

  it('resumes right or refuses when the tail of what it wrote last is damaged', async () => {
    const outcomes = { resumed: 0, refused: 0 };
    for (const [index, { copy, point }] of cases.filter((_, i) => i % 2 === 1).entries()) {
      const kind = DAMAGE_KINDS[index % DAMAGE_KINDS.length]!;
      const done = damageLastWritten(copy, kind, drawFrom(`${SEED}/damage/${index}`));
      const outcome = await resume(copy).catch((error: Error) => error);
      if (outcome instanceof assert.AssertionError) throw outcome;
      if (process.env.DEPIND_CRASH_VERBOSE) console.log(`${point}, ${done}: ${outcome}`);
      if (typeof outcome === 'bigint') outcomes.resumed += 1;
      else {
        assert.match(String(outcome), /put (back|its)|--reset/i, `case ${point}, ${done}`);
        outcomes.refused += 1;
      }
      await rm(copy, { recursive: true });
    }
    assert.ok(outcomes.resumed > 0, JSON.stringify(outcomes));
  });
});
