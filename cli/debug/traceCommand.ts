/** `depind debug trace <txhash>`: what a transaction did, executed again on the state before its block. */
import type { Command } from 'commander';
import type { TraceStep, TxTrace } from '../../chain/app/trace.ts';
import type { JsonObject, JsonValue } from '../../chain/descriptors/index.ts';
import { CliError, ToldError } from '../errors.ts';
import { chooseHome } from '../home.ts';
import { type OpenedHome, openApplication } from '../nodeHome.ts';
import { addHome, addOutput, type HomeOptions, index, type OutputOptions } from '../options.ts';
import { printable, show, table } from '../output.ts';
import { note, type Terminal } from '../terminal.ts';
import { compareResults, type Difference } from './compareResults.ts';
import { EntryDescriber } from './describeEntry.ts';
import { type RecordedTx, readRecordedTx } from './recordedTx.ts';

interface TraceOptions extends HomeOptions, OutputOptions {
  readonly validator: number;
}

export function addTraceCommand(debug: Command, terminal: Terminal): void {
  addOutput(addHome(debug.command('trace')))
    .description('execute a transaction again and show all that it did')
    .argument('<txhash>', '64 hex digits')
    .option('--validator <index>', 'whose state to use, counted from 0', index, 0)
    .addHelpText(
      'after',
      '\nThe state before the block of the transaction must be kept (see --pruning). The exit code is 1 when the\nexecution comes to another result than the recorded one.\n' +
        '\nExample:\n  $ depind debug trace 5E0C…A1 --home .localnet\n',
    )
    .action(async (hash: string, options: TraceOptions) => {
      const wanted = hash.replace(/^0x/, '').toLowerCase();
      if (!/^[0-9a-f]{64}$/.test(wanted)) {
        throw new CliError(`txhash: expected 64 hex digits, got "${hash.slice(0, 80)}"`);
      }
      const home = chooseHome(options.home, terminal);
      const opened = await openApplication(home, options.validator, (text) => note(terminal, text));
      try {
        const recorded = await readRecordedTx(await dataOfFirst(home), wanted);
        const trace = await retrace(opened, recorded);
        const differences = compareResults(recorded.result, trace.result);
        const report = await reportOf(wanted, { recorded, trace, differences });
        show(
          terminal,
          options.output,
          report,
          options.output === 'json' ? undefined : textOf(report),
        );
        if (differences.length > 0) throw new ToldError('the result is another one');
      } finally {
        await opened.close();
      }
    });
}

/** One block store serves all validators of a home; it lies with the first. */
async function dataOfFirst(home: string): Promise<string> {
  const { nodePaths } = await import('../../localnet/index.ts');
  return nodePaths(home, 0).data;
}

async function retrace({ application, genesisPath }: OpenedHome, tx: RecordedTx): Promise<TxTrace> {
  const { readGenesis } = await import('../../localnet/index.ts');
  const genesis = await readGenesis(genesisPath);
  const isFirst = tx.height === genesis.initialHeight;
  const appState: unknown = isFirst ? JSON.parse(genesis.appState) : undefined;
  try {
    return application.trace(tx.request, tx.index, appState);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'VersionError') throw error;
    const { earliestVersion, version } = application.store;
    throw new CliError(
      `the state at height ${tx.height - 1n}, before the transaction's block, is not kept: kept are ` +
        `${earliestVersion} to ${version} (--pruning nothing keeps all)`,
      { cause: error },
    );
  }
}

interface Traced {
  readonly recorded: RecordedTx;
  readonly trace: TxTrace;
  readonly differences: readonly Difference[];
}

async function reportOf(
  hash: string,
  { recorded, trace, differences }: Traced,
): Promise<JsonObject> {
  const { DEFAULT_PREFIX, MODULES } = await import('../../modules/app.ts');
  const describer = new EntryDescriber(MODULES, DEFAULT_PREFIX);
  const { result } = trace;
  return {
    txhash: hash.toUpperCase(),
    height: recorded.height.toString(),
    index: recorded.index,
    codespace: result.codespace,
    code: result.code,
    log: result.log,
    gas_wanted: result.gasWanted.toString(),
    gas_used: result.gasUsed.toString(),
    steps: trace.steps.map((step) => stepJson(step, describer)),
    gas_by_operation: gasByOperation(trace.steps),
    events: result.events.map(({ type, attributes }) => ({
      type,
      attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value])),
    })),
    equals_record: differences.length === 0,
    differences: [...differences],
  };
}

function stepJson(step: TraceStep, describer: EntryDescriber): JsonObject {
  const gas = Number(step.gas);
  if (step.kind === 'gas') return { kind: step.kind, operation: step.operation, gas };
  const { collection, key, value } = describer.describe(step.store, step.key, step.value);
  return { kind: step.kind, collection, key, value, gas };
}

/** What was paid for each kind of work. */
function gasByOperation(steps: readonly TraceStep[]): JsonObject {
  const sums = new Map<string, bigint>();
  for (const { kind, operation, gas } of steps) {
    const name = kind === 'gas' ? operation : kind;
    sums.set(name, (sums.get(name) ?? 0n) + gas);
  }
  return Object.fromEntries([...sums].map(([name, sum]) => [name, Number(sum)]));
}

function textOf(report: JsonObject): string {
  const steps = report.steps as JsonObject[];
  const rows = steps.map((step, i) => [
    (i + 1).toString(),
    String(step.kind),
    String(step.collection ?? step.operation),
    step.kind === 'gas' ? '' : cell(step.key),
    step.kind === 'gas' ? '' : cell(step.value),
    String(step.gas),
  ]);
  const events = (report.events as JsonObject[]).map(
    ({ type, attributes }) => `  ${String(type)} ${cell(attributes)}`,
  );
  const differences = (report.differences as Difference[]).map(
    ({ field, recorded, now }) => `  ${field}: recorded ${recorded}, now ${now}`,
  );
  const gas = Object.entries(report.gas_by_operation as JsonObject);
  return [
    `transaction ${String(report.index)} of block ${String(report.height)}`,
    outcomeLine(report),
    '',
    ...table(['step', 'kind', 'of', 'key', 'value', 'gas'], rows),
    '',
    `gas: ${String(report.gas_used)} of ${String(report.gas_wanted)}: ${gas.map(([name, sum]) => `${name} ${String(sum)}`).join(', ')}`,
    'events:',
    ...events.map(printable),
    report.equals_record === true
      ? 'the same result as recorded'
      : ['ANOTHER RESULT than recorded:', ...differences].join('\n'),
  ].join('\n');
}

function outcomeLine({ code, codespace, log }: JsonObject): string {
  return code === 0
    ? 'accepted'
    : `refused: ${String(codespace)}/${String(code)}: ${printable(String(log))}`;
}

const MAX_CELL = 72;

function cell(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '-';
  const text = printable(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length <= MAX_CELL ? text : `${text.slice(0, MAX_CELL - 1)}…`;
}
