/** One seed from its first block to the words about it: run, executed a second time, cut down, printed as a test. */
import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { asTest } from './asTest.ts';
import type { ChosenComposition } from './chosenComposition.ts';
import { type Failure, isSameFailure } from './failure.ts';
import { countOperations } from './operation.ts';
import { executeElsewhere, firstDivergence } from './replica.ts';
import { resultJson, resultText } from './report.ts';
import { shrink } from './shrink.ts';
import { replay, type SimulationOptions, type SimulationResult, simulate } from './simulate.ts';

/** What was asked for on the command line. */
export interface RunOptions {
  readonly module?: string;
  readonly blocks: number;
  readonly operations: number;
  readonly checkGas?: boolean;
  readonly twice?: boolean;
  readonly json?: boolean;
  /** File for the test that a failure becomes; stderr when absent. */
  readonly save?: string;
}

/** How long a failing plan may be cut down, milliseconds. */
const SHRINK_MS = 180_000;

const progress = (text: string): void => void process.stderr.write(text);

/** Whether nothing failed. The result goes to stdout, all else to stderr. */
export async function runSeed(
  seed: string,
  chosen: ChosenComposition,
  options: RunOptions,
): Promise<boolean> {
  const { module, blocks, operations, checkGas = false } = options;
  const wanted: SimulationOptions = {
    composition: await chosen.make(),
    seed,
    blocks,
    operationsPerBlock: operations,
    checkGas,
    onBlock: (height) => {
      if (height % 50n === 0n) progress(`seed ${seed}: block ${height} of ${blocks}\n`);
    },
    ...(module === undefined ? {} : { module }),
  };
  const once = await simulate(wanted);
  const result = options.twice ? await executedTwice(once, chosen) : once;
  const text = options.json ? JSON.stringify(resultJson(seed, result)) : resultText(seed, result);
  process.stdout.write(`${text}\n`);
  const { failure } = result;
  if (failure === undefined) return true;
  progress(`seed ${seed} failed at height ${failure.height}: ${failure.kind}: ${failure.text}\n`);
  // Another process takes seconds: such a failure is not cut down.
  if (failure.kind !== 'nondeterminism') await tellSmallest(seed, chosen, { result, options });
  return false;
}

async function executedTwice(
  result: SimulationResult,
  { file, name }: ChosenComposition,
): Promise<SimulationResult> {
  if (result.failure !== undefined) return result;
  const { executed, initRequest } = result;
  const recording = { initChain: initRequest, blocks: executed.map(({ request }) => request) };
  const elsewhere = await executeElsewhere(recording, `${file}#${name}`);
  return { ...result, failure: firstDivergence(executed, elsewhere) };
}

async function tellSmallest(
  seed: string,
  chosen: ChosenComposition,
  { result, options }: { readonly result: SimulationResult; readonly options: RunOptions },
): Promise<void> {
  const { checkGas = false, save } = options;
  const failure = result.failure as Failure;
  const composition = await chosen.make();
  const end = performance.now() + SHRINK_MS;
  const plan = await shrink(result.plan, {
    isOver: () => performance.now() > end,
    fails: async (some) => {
      const found = await replay(composition, some, { checkGas });
      return found !== undefined && isSameFailure(found, failure);
    },
    onProgress: (left, runs) => progress(`shrinking: ${left} operations left after ${runs} runs\n`),
  });
  progress(`shrunk from ${countOperations(result.plan)} to ${countOperations(plan)} operations\n`);
  const folder = save === undefined ? {} : { folder: dirname(resolve(save)) };
  const text = asTest({ seed, plan, failure, checkGas, composition: chosen, ...folder });
  if (save === undefined) progress(`\n${text}`);
  else {
    writeFileSync(save, text);
    progress(`written to ${save}\n`);
  }
}
