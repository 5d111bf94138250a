/** `npm run bench -- [--quick] [--only name,name] [-o json] [--save]`: measures, and compares with the baseline. */
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
import { type Baseline, type Extent, type SavedFigure, saved } from './support/baseline.ts';
import type { Bench } from './support/figure.ts';
import { thisMachine } from './support/machine.ts';
import { json, markdown } from './support/report.ts';
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
    only: { type: 'string' },
    output: { type: 'string', short: 'o', default: 'text' },
    save: { type: 'boolean', default: false },
  },
});

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

const secondsSince = (begin: number): number => Math.round((performance.now() - begin) / 1000);

const begin = performance.now();
const benches = chosen(values.only);
const extent: Extent = values.quick ? 'quick' : 'usual';
const figures: SavedFigure[] = [];
for (const bench of benches) {
  progress(`== ${bench.name}`);
  const benchBegin = performance.now();
  const measured = await bench.run({ quick: values.quick, progress });
  progress(`${bench.name} took ${secondsSince(benchBegin)} s`);
  figures.push(...measured.map((figure) => ({ ...figure, bench: bench.name, extent })));
}
const run: Baseline = { machine: thisMachine(), quick: values.quick, figures };
const baseline = existsSync(BASELINE)
  ? (JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline)
  : undefined;
process.stdout.write(values.output === 'json' ? json(run, baseline) : markdown(run, baseline));
progress(`all of it took ${secondsSince(begin)} s`);
if (values.save) {
  const names = benches.map(({ name }) => name);
  const next = saved(baseline, run, { benches: names, extent });
  writeFileSync(BASELINE, `${JSON.stringify(next, null, 2)}\n`);
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
