/** `npm run sim -- [--module coverage] [--blocks 200] [--seed 7]`: random operations against the whole state machine. */
import { Command, InvalidArgumentError } from 'commander';
import { chooseComposition } from './chosenComposition.ts';
import { type RunOptions, runSeed } from './runSeed.ts';

interface Options extends RunOptions {
  readonly seed?: string;
  readonly seeds: number;
  readonly composition?: string;
}

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
  .option('--check-gas', 'one transaction in a block, which must do with its estimate and a fifth')
  .option('--twice', 'execute every block again in a process with another clock, zone and locale')
  .option('--json', 'print one JSON object a run')
  .option('--save <file>', 'where a failure goes as a test file (default: stderr)')
  .option('--composition <file#export>', 'another application: a function that gives a Composition')
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
  );

try {
  const options = program.parse().opts<Options>();
  const chosen = await chooseComposition(options.composition);
  const first = options.seed ?? Math.floor(Math.random() * 2 ** 32).toString();
  for (let i = 0; i < options.seeds; i++) {
    const isFine = await runSeed(i === 0 ? first : `${first}/${i}`, chosen, options);
    if (!isFine) process.exitCode = 1;
  }
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`error: ${process.env.DEBUG ? (error as Error).stack : text}\n`);
  process.exitCode = 1;
}
