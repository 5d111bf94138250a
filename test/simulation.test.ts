import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MODULES } from '../modules/app.ts';
import { asTest } from '../sim/asTest.ts';
import { depindComposition } from '../sim/composition.ts';
import { isSameFailure } from '../sim/failure.ts';
import { type BlockPlan, countOperations } from '../sim/operation.ts';
import { shrink } from '../sim/shrink.ts';
import { replay, type SimulationResult, simulate } from '../sim/simulate.ts';
import { toHex } from '../wire/bytes.ts';
import { TxRaw } from '../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { breaksAnInvariant, breaksInAHandler } from './support/brokenCredits.ts';

/** Modules with the blocks in which every message of theirs is seen accepted, but for those that name none. */
const REACHED: readonly (readonly [module: string, blocks: number])[] = [
  ['bank', 5],
  ['devices', 14],
  ['credits', 5],
  ['coverage', 14],
  ['compute', 22],
  ['sensors', 14],
];
/** A message that hangs on many others may take another seed. */
const SEEDS = ['1', '3', '5', '6', '7'];

const textOf = ({ failure }: SimulationResult): string =>
  failure === undefined ? '' : `height ${failure.height}: ${failure.kind}: ${failure.text}`;

describe('simulation', () => {
  for (const [module, blocks] of REACHED) {
    it(`of ${module}: every message is accepted sometimes, nothing breaks, the export starts the same`, async () => {
      const composition = await depindComposition();
      const accepted = new Map<string, number>();
      for (const seed of SEEDS) {
        const options = { composition, seed, blocks, module, operationsPerBlock: 12 };
        const result = await simulate(options);
        assert.equal(textOf(result), '', `seed ${seed}`);
        for (const { name, module: owner, accepted: count } of result.messages) {
          if (owner === module) accepted.set(name, (accepted.get(name) ?? 0) + count);
        }
        const refused = result.messages.some((tally) => tally.refused.size > 0);
        assert.ok(refused, 'hostile messages are tried too');
        if ([...accepted.values()].every((count) => count > 0)) return;
      }
      assert.fail(`never accepted: ${JSON.stringify([...accepted])}`);
    });
  }

  it('of every other module: nothing breaks', async () => {
    const composition = await depindComposition();
    const covered = new Set(REACHED.map(([module]) => module));
    const others = MODULES.filter(({ name, definition }) => {
      return !covered.has(name) && Object.keys(definition.msg?.methods ?? {}).length > 0;
    });
    for (const { name } of others) {
      const result = await simulate({ composition, seed: '1', blocks: 4, module: name });
      assert.equal(textOf(result), '', name);
    }
  });

  it('of everything: no handler breaks in a mixture of all messages', async () => {
    const composition = await depindComposition();
    const result = await simulate({ composition, seed: '2', blocks: 15 });
    assert.equal(textOf(result), '');
    assert.ok(result.transactions > 30);
  });

  it('gives the same blocks for the same seed, and others for another', async () => {
    const composition = await depindComposition();
    const hashes: string[] = [];
    for (const seed of ['3', '3', '4']) {
      const { appHash } = await simulate({ composition, seed, blocks: 5 });
      hashes.push(toHex(appHash));
    }
    assert.equal(hashes[0], hashes[1]);
    assert.notEqual(hashes[0], hashes[2]);
  });

  it('holds that an estimate with a fifth on top is enough gas, however a transaction is paid for', async () => {
    const composition = await depindComposition();
    const result = await simulate({ composition, seed: '5', blocks: 160, checkGas: true });
    assert.equal(textOf(result), '');
    const ways = new Set<string>();
    for (const [i, { request, results }] of result.executed.entries()) {
      const payment = result.plan[i]?.operations[0]?.payment;
      if (payment === undefined || results[0]?.code !== 0) continue;
      ways.add(`${payment.denoms.length} denominations`);
      if (payment.granter !== undefined) ways.add('granter');
      if (payment.unordered) ways.add('unordered');
      if (TxRaw.decode(request.txs[0]!).signatures[0]!.length > 64) ways.add('multisig');
    }
    assert.deepEqual([...ways].sort(), [
      ...[1, 2, 3].map((count) => `${count} denominations`),
      'granter',
      'multisig',
      'unordered',
    ]);
  });

  it('finds a broken invariant, and shrinks it to the three messages that it takes', async () => {
    const composition = await breaksAnInvariant();
    const result = await simulate({ composition, seed: '1', blocks: 40, operationsPerBlock: 2 });
    const { failure, plan } = result;
    assert.match(textOf(result), /halt: height \d+: invariant of credits broken: no more/);
    const small = await shrink(plan, {
      fails: async (some) => {
        const found = await replay(composition, some);
        return found !== undefined && isSameFailure(found, failure!);
      },
    });
    assert.equal(countOperations(small), 3);
    assert.ok(countOperations(plan) > 3);
    // Nothing but who buys is needed.
    for (const { messages, fault } of small.flatMap(({ operations }) => operations)) {
      assert.deepEqual(
        [messages.map((message) => Object.keys(message)), fault],
        [[['@type', 'buyer']], undefined],
      );
    }
    const printed = asTest({ seed: '1', plan: small, failure: failure! });
    const literal = /const PLAN[^=]*= (\[.*?\n\]);/s.exec(printed)?.[1];
    const read = JSON.parse(literal ?? 'null') as readonly BlockPlan[];
    assert.match((await replay(composition, read))!.text, /no more is bought than there is/);
  });

  it('finds a handler that throws what is no refusal', async () => {
    const composition = await breaksInAHandler();
    const result = await simulate({ composition, seed: '1', blocks: 60 });
    assert.match(textOf(result), /panic: \/depin\.credits\.v1\.MsgBuyCredits.*out of order/);
    const small = await shrink(result.plan, {
      fails: async (some) => {
        const found = await replay(composition, some);
        return found !== undefined && isSameFailure(found, result.failure!);
      },
    });
    const [message, ...others] = small.flatMap(({ operations }) =>
      operations.flatMap(({ messages }) => messages),
    );
    assert.deepEqual(others, []);
    const { '@type': type, buyer, ...rest } = message!;
    assert.equal(type, '/depin.credits.v1.MsgBuyCredits');
    assert.match(String(buyer), /^depin1/);
    // The least number that the handler does not take.
    assert.deepEqual(rest, { min_credits: '1000001' });
  });

  it('is a program: tables or JSON, exit code 1 and a test file for what fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'depind-sim-'));
    try {
      const file = join(folder, 'found.test.ts');
      const broken = fileURLToPath(new URL('./support/brokenCredits.ts', import.meta.url));
      const [failed, unknown] = await Promise.all([
        program(
          `--composition ${broken}#breaksAnInvariant --seed 1 --blocks 40 --json --save ${file}`,
        ),
        program('--module nonsense'),
      ]);
      assert.equal(failed.code, 1, failed.errors);
      assert.equal(JSON.parse(failed.output).failure.kind, 'halt');
      assert.match(failed.errors, /shrunk from \d+ to [23] operations/);
      // The test runs where it was saved, and fails for what was found.
      const mocha = fileURLToPath(new URL('../node_modules/mocha/lib/cli/cli.js', import.meta.url));
      const tested = await run(`${mocha} --no-config --timeout 60000 ${file}`);
      assert.equal(tested.code, 1, tested.errors);
      assert.match(tested.output, /1 failing.*invariant of credits broken: no more is bought/s);
      assert.equal(unknown.code, 1);
      assert.match(
        unknown.errors,
        /^error: --module: expected one of .*coverage.*, got "nonsense"/,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

const program = (line: string): Promise<Ended> =>
  run(`${fileURLToPath(new URL('../sim/main.ts', import.meta.url))} ${line}`);

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a file in a process of its own. */
function run(line: string): Promise<Ended> {
  const child = spawn(process.execPath, ['--import=tsx', ...line.split(' ')]);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}
