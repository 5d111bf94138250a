/**
 * What a state machine does after its process was killed or its files were damaged: it goes on from a
 * committed height with the AppHash of that height, or refuses and names what is damaged.
 * DEPIND_CRASH_CASES and DEPIND_CRASH_KILLS ask for more cases, DEPIND_CRASH_SEED repeats a run.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ChainApplication } from '../chain/app/application.ts';
import { Descriptors } from '../chain/descriptors/index.ts';
import { DamagedStoreError, type Pruning, StoreOpenError } from '../chain/store/index.ts';
import { openDepind } from '../modules/app.ts';
import { toHex } from '../wire/bytes.ts';
import { blocksToText, type CrashBlocks } from './support/crashBlocks.ts';
import { DAMAGE_KINDS, DAMAGED_FILES, damage, drawFrom } from './support/damage.ts';
import { makeCrashBlocks } from './support/makeCrashBlocks.ts';

const HEIGHTS = 40;
/** Small, so that the blocks of the tests make images. */
const IMAGE_LOG_BYTES = 2000;
const CASES = Number(process.env.DEPIND_CRASH_CASES ?? 48);
const KILLS = Number(process.env.DEPIND_CRASH_KILLS ?? 2);
const SEED = process.env.DEPIND_CRASH_SEED ?? String(randomInt(1 << 30));
const POINTS = ['writing', 'any', 'finalized', 'committed', 'begun'] as const;
const NODE = fileURLToPath(new URL('./support/crashingNode.ts', import.meta.url));

describe(`after a crash (DEPIND_CRASH_SEED=${SEED})`, function () {
  this.timeout(60_000 + 1000 * (CASES + 10 * KILLS));
  const descriptors = Descriptors.load();
  let folder = '';
  let blocks: CrashBlocks;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-crash-'));
    blocks = await makeCrashBlocks(HEIGHTS);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const open = (path: string, pruning: Pruning): Promise<ChainApplication> =>
    openDepind({ store: { path, imageLogBytes: IMAGE_LOG_BYTES }, descriptors, pruning });

  /** Runs what is left of the blocks up to a height; each must come to its AppHash. */
  async function runTo(app: ChainApplication, last: number): Promise<void> {
    if (app.store.version === 0n) await app.initChain(blocks.initChain);
    for (const request of blocks.blocks.slice(Number(app.store.version), last)) {
      const { appHash } = await app.finalizeBlock(request);
      assert.equal(toHex(appHash), blocks.appHashes[Number(request.height) - 1]);
      await app.commit();
    }
  }

  /** The height that it resumes at, having run one more block there, or why it refuses. */
  async function resume(path: string, pruning: Pruning): Promise<bigint | string> {
    let app: ChainApplication | undefined;
    try {
      app = await open(path, pruning);
      const { version, appHash } = app.store;
      assert.ok(version >= 1n && version <= BigInt(HEIGHTS), `it resumes at ${version}`);
      assert.equal(toHex(appHash), blocks.appHashes[Number(version) - 1], 'another AppHash');
      app.store.at(version).verify();
      await runTo(app, Math.min(Number(version) + 1, HEIGHTS));
      return version;
    } catch (error) {
      const isNamed = error instanceof DamagedStoreError || error instanceof StoreOpenError;
      if (!isNamed) throw error;
      return error.message;
    } finally {
      await app?.close();
    }
  }

  for (const pruning of ['default', 'everything'] as const) {
    it(`resumes right or refuses, whatever is damaged (pruning ${pruning})`, async () => {
      const whole = join(folder, `whole-${pruning}`);
      // Reopened in between, so that there are tables beside the log; the log fills several of its blocks.
      for (const last of [6, 12, HEIGHTS - 1]) {
        const app = await open(whole, pruning);
        await runTo(app, last);
        await app.close();
      }
      const outcomes = { resumed: 0, refused: 0 };
      for (let index = 0; index < CASES / 2; index++) {
        const draw = drawFrom(`${SEED}/${pruning}/${index}`);
        const file = DAMAGED_FILES[index % DAMAGED_FILES.length]!;
        const kind = DAMAGE_KINDS[Math.floor(index / DAMAGED_FILES.length) % DAMAGE_KINDS.length]!;
        const copy = join(folder, 'copy');
        await cp(whole, copy, { recursive: true });
        const done = damage(copy, { file, kind, draw });
        const outcome = await resume(copy, pruning).catch((cause: unknown) => {
          throw new Error(`case ${index}, ${done}`, { cause });
        });
        if (typeof outcome === 'string') assert.match(outcome, /; put back a copy of/, done);
        if (process.env.DEPIND_CRASH_VERBOSE) console.log(`${done}: ${outcome}`);
        outcomes[typeof outcome === 'bigint' ? 'resumed' : 'refused'] += 1;
        await rm(copy, { recursive: true });
      }
      assert.ok(outcomes.resumed > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
    });
  }

  /** The last height that a killed process told of having committed; every block before is on disk. */
  async function killed(index: number, path: string): Promise<number> {
    const draw = drawFrom(`${SEED}/kill/${index}`);
    const point = POINTS[index % POINTS.length]!;
    const args = [path, join(folder, 'blocks.json'), point, 2 + draw(HEIGHTS - 4), draw(3000)];
    const child = spawn(process.execPath, ['--import=tsx', NODE, ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let committed = 0;
    for await (const line of createInterface(child.stdout)) {
      const [step, height] = line.split(' ');
      if (step === 'ready' && point === 'any') {
        void setTimeout(draw(300)).then(() => child.kill('SIGKILL'));
      }
      if (step === 'committed') committed = Number(height);
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    assert.equal(child.signalCode, 'SIGKILL', `${point}: exit code ${child.exitCode}`);
    return committed;
  }

  it('loses no committed block when killed at any write point', async () => {
    await writeFile(join(folder, 'blocks.json'), blocksToText(blocks));
    const run = async (index: number): Promise<void> => {
      const path = join(folder, `killed-${index}`);
      const committed = await killed(index, path);
      const app = await open(path, 'everything');
      const version = Number(app.store.version);
      const at = `kill ${index}: told of ${committed}, resumes at ${version}`;
      assert.ok(version === committed || version === committed + 1, at);
      if (version > 0) assert.equal(toHex(app.store.appHash), blocks.appHashes[version - 1], at);
      app.store.at(app.store.version).verify();
      await runTo(app, HEIGHTS);
      assert.equal(toHex(app.store.appHash), blocks.appHashes.at(-1), at);
      await app.close();
    };
    // Two at a time: loading the program takes most of it.
    for (let index = 0; index < KILLS; index += 2) {
      await Promise.all([index, index + 1].filter((each) => each < KILLS).map(run));
    }
  });
});
