/** `npm run bench -- [--quick | --large] [--only name,name] [-o json] [--save]`: measures, and compares with the baseline. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bankSends } from './bankSends.ts';
import { blockSends } from './blockSends.ts';
import { commits } from './commits.ts';
import { deviceReports } from './deviceReports.ts';
import { firstBlock } from './firstBlock.ts';
import { fleetMemory } from './fleetMemory.ts';
import { lightclient } from './lightclient.ts';
import { pastHeights } from './pastHeights.ts';
import { restart } from './restart.ts';
import { stateTree } from './stateTree.ts';
import type { Bench, Figure } from './support/figure.ts';
import { thisMachine } from './support/machine.ts';
import { json, markdown, type Run } from './support/report.ts';
import { ROOT } from './support/root.ts';
import { verifyDevice } from './verifyDevice.ts';

const BENCHES: readonly Bench[] = [
  firstBlock,
  bankSends,
  blockSends,
  deviceReports,
  verifyDevice,
  lightclient,
  fleetMemory,
  stateTree,
  restart,
  pastHeights,
  commits,
];
const BASELINE = join(ROOT, 'bench', 'baseline.json');

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    only: { type: 'string' },
    output: { type: 'string', short: 'o', default: 'text' },
    save: { type: 'boolean', default: false },
  },
});

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

const begin = performance.now();
const figures: Figure[] = [];
for (const bench of chosen(values.only)) {
  progress(`== ${bench.name}`);
  figures.push(...(await bench.run({ quick: values.quick, large: values.large, progress })));
}
const run: Run = { machine: thisMachine(), quick: values.quick, figures };
const baseline = existsSync(BASELINE)
  ? (JSON.parse(readFileSync(BASELINE, 'utf8')) as Run)
  : undefined;
process.stdout.write(values.output === 'json' ? json(run, baseline) : markdown(run, baseline));
progress(`all of it took ${Math.round((performance.now() - begin) / 1000)} s`);
if (values.save) {
  // What was not measured this time stays as it was.
  const measured = new Set(figures.map(({ name }) => name));
  const kept = baseline?.figures.filter(({ name }) => !measured.has(name)) ?? [];
  const saved: Run = { ...run, figures: [...kept, ...figures] };
  writeFileSync(BASELINE, `${JSON.stringify(saved, null, 2)}\n`);
}

/** @throws RangeError for a name that no benchmark has. */
function chosen(only: string | undefined): readonly Bench[] {
  if (only === undefined) return BENCHES;
  return only.split(',').map((name) => {
    const found = BENCHES.find((bench) => bench.name === name);
    if (found !== undefined) return found;
    const names = BENCHES.map((bench) => bench.name).join(', ');
    throw new RangeError(`--only: expected some of ${names}, got "${name}"`);
  });
}
