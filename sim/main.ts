/** `npm run sim -- [--module coverage] [--blocks 200] [--seed 7]`: random operations against the whole state machine. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { asTest } from './asTest.ts';
import { depindComposition } from './composition.ts';
import { isSameFailure } from './failure.ts';
import { countOperations } from './operation.ts';
import { executeElsewhere, firstDivergence } from './replica.ts';
import { resultJson, resultText } from './report.ts';
import { shrink } from './shrink.ts';
import { replay, type SimulationOptions, type SimulationResult, simulate } from './simulate.ts';

interface Options {
  readonly module?: string;
  readonly blocks: number;
  readonly seed?: string;
  readonly seeds: number;
  readonly operations: number;
  readonly checkGas?: boolean;
  readonly twice?: boolean;
  readonly json?: boolean;
  readonly save?: string;
}

const progress = (text: string): void => void process.stderr.write(text);

function count(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 1 to 9999999.');
}

const program = new Command('npm run sim --')
  .description('runs random operations against the whole state machine and checks what must hold')
  .option('--module <name>', 'messages of this module and of those that it uses (default: of all)')
  .option('--blocks <n>', 'blocks to run', count, 200)
  .option('--seed <text>', 'seed of the run (default: a fresh one)')
  .option('--seeds <n>', 'runs with seeds that follow from the first', count, 1)
  .option('--operations <n>', 'mean number of transactions in a block', count, 8)
  .option(
    '--check-gas',
    'one transaction a block, which must come out with its estimate and a fifth',
  )
  .option(
    '--twice',
    'execute every block again in a process with another clock, zone, locale and order of files',
  )
  .option('--json', 'print one JSON object a run')
  .option('--save <file>', 'where a failure goes as a test file (default: stdout)')
  .addHelpText(
    'after',
    `
Checked: invariants after every block, that no handler breaks, that the exported state starts a chain that
exports the same. The exit code is 1 when something fails; the failing operations are then cut down to a few
and printed as a test.

Examples:
  $ npm run sim -- --module coverage --blocks 500 --seed 7
  $ npm run sim -- --check-gas --blocks 300
`,
  )
  .parse();

const options = program.opts<Options>();
const first = options.seed ?? Math.floor(Math.random() * 2 ** 32).toString();
for (let i = 0; i < options.seeds; i++) {
  await run(i === 0 ? first : `${first}/${i}`);
}

async function run(seed: string): Promise<void> {
  const composition = await depindComposition();
  const { module, blocks, operations, checkGas = false } = options;
  const wanted: SimulationOptions = {
    composition,
    seed,
    blocks,
    operationsPerBlock: operations,
    checkGas,
    onBlock: (height) => {
      if (height % 50n === 0n) progress(`seed ${seed}: block ${height} of ${blocks}\n`);
    },
    ...(module === undefined ? {} : { module }),
  };
  const result = await guarded(await simulate(wanted));
  const text = options.json ? JSON.stringify(resultJson(seed, result)) : resultText(seed, result);
  process.stdout.write(`${text}\n`);
  if (result.failure === undefined) return;
  process.exitCode = 1;
  await tell(seed, result);
}

/** With `--twice`: a failure when another process comes to something else. */
async function guarded(result: SimulationResult): Promise<SimulationResult> {
  if (!options.twice || result.failure !== undefined) return result;
  const { executed, initRequest } = result;
  const recording = { initChain: initRequest, blocks: executed.map(({ request }) => request) };
  const file = fileURLToPath(new URL('./composition.ts', import.meta.url));
  return { ...result, failure: firstDivergence(executed, await executeElsewhere(recording, file)) };
}

async function tell(seed: string, { plan, failure }: SimulationResult): Promise<void> {
  if (failure === undefined) return;
  if (failure.kind === 'nondeterminism') {
    progress(`seed ${seed}: height ${failure.height}: ${failure.text}\n`);
    return;
  }
  progress(`seed ${seed} failed at height ${failure.height}: ${failure.kind}: ${failure.text}\n`);
  const { checkGas = false } = options;
  const composition = await depindComposition();
  const small = await shrink(plan, {
    fails: async (some) => {
      const found = await replay(composition, some, { checkGas });
      return found !== undefined && isSameFailure(found, failure);
    },
    onProgress: (left, runs) => progress(`shrinking: ${left} operations left after ${runs} runs\n`),
  });
  progress(`shrunk from ${countOperations(plan)} to ${countOperations(small)} operations\n`);
  const file = asTest({ seed, plan: small, failure, checkGas });
  if (options.save === undefined) process.stderr.write(`\n${file}`);
  else {
    writeFileSync(options.save, file);
    progress(`written to ${options.save}\n`);
  }
}
