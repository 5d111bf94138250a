/** `depind debug diff A B`: where the states of two validators begin to differ. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { JsonObject, JsonValue } from '../../chain/descriptors/index.ts';
import type { MultiStore } from '../../chain/store/index.ts';
import { toHex } from '../../wire/bytes.ts';
import { CliError, ToldError } from '../errors.ts';
import { openApplication } from '../nodeHome.ts';
import { addOutput, type OutputOptions } from '../options.ts';
import { printable, show } from '../output.ts';
import { note, type Terminal } from '../terminal.ts';
import { integerBetween } from '../values.ts';
import {
  commonHeights,
  type EntryDifference,
  findDifference,
  type StateDifference,
} from './compareStates.ts';
import { EntryDescriber } from './describeEntry.ts';

interface DiffOptions extends OutputOptions {
  readonly limit: number;
}

export function addDiffCommand(debug: Command, terminal: Terminal): void {
  addOutput(debug.command('diff'))
    .description(
      'name the first height, store and key at which two states differ, with both values',
    )
    .argument('<a>', 'home of a network; home@2 is its validator 2, counted from 0')
    .argument('<b>', 'the other one')
    .option('--limit <n>', 'entries to show', integerBetween(1, 10_000), 10)
    .addHelpText(
      'after',
      '\nThe exit code is 1 when they differ.\n' +
        '\nExamples:\n  $ depind debug diff .localnet@0 .localnet@3\n  $ depind debug diff ./anna ./copy-of-anna -o json\n',
    )
    .action(async (a: string, b: string, options: DiffOptions) => {
      const report = await compare(a, b, { terminal, limit: options.limit });
      const text = options.output === 'json' ? undefined : textOf(report);
      show(terminal, options.output, report, text);
      if (report.equal !== true) throw new ToldError('the states differ');
    });
}

async function compare(
  a: string,
  b: string,
  { terminal, limit }: { readonly terminal: Terminal; readonly limit: number },
): Promise<JsonObject> {
  const [left, right] = [placeOf(a, terminal), placeOf(b, terminal)];
  if (left.home === right.home && left.validator === right.validator) {
    throw new CliError(`a and b are the same: ${left.home}, validator ${left.validator}`);
  }
  const onCopy = (text: string): void => note(terminal, text);
  const opened = await openApplication(left.home, left.validator, onCopy);
  try {
    const other = await openApplication(right.home, right.validator, onCopy);
    try {
      return await reportOf(opened.application.store, other.application.store, limit);
    } finally {
      await other.close();
    }
  } finally {
    await opened.close();
  }
}

/** A folder, or a folder with `@` and the number of a validator. */
function placeOf(
  text: string,
  { workingDirectory }: Terminal,
): { home: string; validator: number } {
  const whole = resolve(workingDirectory, text);
  const match = /^(.+)@(\d{1,4})$/.exec(text);
  if (match === null || existsSync(whole)) return { home: whole, validator: 0 };
  return { home: resolve(workingDirectory, match[1]!), validator: Number(match[2]) };
}

async function reportOf(a: MultiStore, b: MultiStore, limit: number): Promise<JsonObject> {
  const common = commonHeights(a, b);
  if (common === undefined) {
    throw new CliError(`no height is kept by both: a keeps ${keptBy(a)}, b keeps ${keptBy(b)}`);
  }
  const compared = `${common.low} to ${common.high}`;
  const difference = findDifference(a, b, limit);
  if (difference === undefined) {
    return { equal: true, compared, a_height: `${a.version}`, b_height: `${b.version}` };
  }
  const { DEFAULT_PREFIX, MODULES } = await import('../../modules/app.ts');
  const describer = new EntryDescriber(MODULES, DEFAULT_PREFIX);
  return { equal: false, compared, ...differenceJson(difference, describer) };
}

function differenceJson(difference: StateDifference, describer: EntryDescriber): JsonObject {
  const { height, isFirst, stores, entries } = difference;
  return {
    height: height.toString(),
    same_before: isFirst,
    stores: stores.map(({ name, a, b }) => ({ name, a: root(a), b: root(b) })),
    entries: entries.map((entry) => entryJson(entry, describer)),
  };
}

function entryJson({ store, key, a, b }: EntryDifference, describer: EntryDescriber): JsonObject {
  const [left, right] = [describer.describe(store, key, a), describer.describe(store, key, b)];
  const known = a === undefined ? right : left;
  return {
    store,
    collection: known.collection,
    key: known.key,
    raw_key: toHex(key),
    a: left.value,
    b: right.value,
  };
}

const root = (hash: Uint8Array | undefined): JsonValue => (hash === undefined ? null : toHex(hash));
const keptBy = ({ earliestVersion, version }: MultiStore): string =>
  `${earliestVersion} to ${version}`;

function textOf(report: JsonObject): string {
  const compared = `(heights ${String(report.compared)} are kept by both)`;
  if (report.equal === true) return `the states are the same ${compared}`;
  const stores = (report.stores as JsonObject[]).map(
    ({ name, a, b }) => `  ${String(name)}: root ${shown(a)} in a, ${shown(b)} in b`,
  );
  const entries = (report.entries as JsonObject[]).flatMap((entry) => [
    `  ${String(entry.collection)} ${shown(entry.key)} (key ${String(entry.raw_key)})`,
    `    a: ${shown(entry.a)}`,
    `    b: ${shown(entry.b)}`,
  ]);
  const before =
    report.same_before === true ? 'the same before' : 'what was before is not kept by both';
  return [
    `the states differ from height ${String(report.height)} on, ${before} ${compared}`,
    'stores:',
    ...stores,
    entries.length === 0
      ? 'entries: the same; they were written at other heights or in another order'
      : ['entries:', ...entries].join('\n'),
  ].join('\n');
}

function shown(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return 'absent';
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}
