/** What the light client takes: a header beside Go, a store proof beside @confio/ics23, and the way over many headers. */
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import { type AnyVerifier, verify } from '../lightclient/index.ts';
import { makeBlock, SECOND, signersOf } from '../lightclient/testing/chain.ts';
import { type Bench, type BenchOptions, type Figure, figureOf, timed } from './support/figure.ts';
import { firstHeaders, type HeaderCase } from './support/firstHeader.ts';
import { type GoHeaders, goHeaders } from './support/lightRace.ts';
import { raceProofs } from './support/proofRace.ts';
import { firstTrust } from './support/slowTurnover.ts';

const VALIDATORS = 150;
/** Rounds before those that count. */
const WARM_UP = 20;
/** Processes whose first header counts. */
const PROCESSES = 7;
const PERIOD = 3_600n * SECOND;
const NAME = `header, ${VALIDATORS} validators`;
const MILLISECONDS = { unit: 'ms', better: 'lower' } as const;

/** Ratios are of one run, on one machine. */
export const lightclient: Bench = {
  name: 'lightclient',
  async run(options) {
    // As every program on Node does that takes its signatures from there.
    const { close } = await createNodeVerifier({ workers: 0 });
    await close();
    return [
      ...(await headers(options)),
      ...(await raceProofs(options)),
      ...(await firstTrust(options)),
    ];
  },
};

async function headers(options: BenchOptions): Promise<Figure[]> {
  const go = await goHeaders(options);
  const next = nextHeader();
  const [ours, alone, theirs] = await raceHeaders({ ...options, next, go });
  const figures = [
    figureOf({ ...MILLISECONDS, name: `${NAME}, native` }, ours),
    figureOf({ ...MILLISECONDS, name: `${NAME}, native, on one core` }, alone),
  ];
  const first = await firstHeaders(next(), PROCESSES);
  figures.push(figureOf({ ...MILLISECONDS, name: `${NAME}, native, first of a process` }, first));
  if (go === undefined) return figures;
  const theirFirst: number[] = [];
  for (let i = 0; i < PROCESSES; i++) theirFirst.push(...(await go(VALIDATORS, 1)));
  const rival = figureOf({ ...MILLISECONDS, name: `${NAME}, Go light.Verify` }, theirs);
  const name = `${NAME}, Go light.Verify, first of a process`;
  const ratio = figures[0]!.value / rival.value;
  return [
    ...figures,
    rival,
    figureOf({ ...MILLISECONDS, name }, theirFirst),
    { name: `${NAME}, ours to Go`, value: ratio, unit: 'x', better: 'lower' },
  ];
}

/** Headers of one chain, each another one. */
function nextHeader(): () => HeaderCase {
  const signers = signersOf('bench', new Array<bigint>(VALIDATORS).fill(10n));
  const trusted = makeBlock({ height: 1n, signers });
  let height = 8n;
  return () => {
    height += 1n;
    const untrusted = makeBlock({ height, signers });
    const now = untrusted.signedHeader.header.time + SECOND;
    return { trusted, untrusted, trustingPeriod: PERIOD, now };
  };
}

interface Race extends BenchOptions {
  next(): HeaderCase;
  readonly go: GoHeaders | undefined;
}

/** Milliseconds of ours, of ours on one core, and of Go: in turns, so that what else runs slows all. */
async function raceHeaders({ next, go, quick, progress }: Race) {
  const rounds = quick ? 6 : 30;
  progress(`signing ${2 * (rounds + WARM_UP)} headers of ${VALIDATORS} validators`);
  // These know the keys after the first header, but none of the answers.
  const [all, one] = [await createNodeVerifier(), await createNodeVerifier({ workers: 0 })];
  // Made before: to sign takes so long that what verifies would lie in no cache any more.
  const headers = Array.from({ length: 2 * (rounds + WARM_UP) }, next);
  const times: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds + WARM_UP; round++) {
    const together = await timeOf(headers.pop()!, all.together);
    const alone = await timeOf(headers.pop()!, one.together);
    if (round < WARM_UP) continue;
    times[0].push(together);
    times[1].push(alone);
    if (round % 6 === 0 && go !== undefined) times[2].push(...(await go(VALIDATORS, 10)));
  }
  await all.close();
  return times;
}

const timeOf = (given: HeaderCase, verifier: AnyVerifier): Promise<number> =>
  timed(async () => {
    const verdict = await verify({ ...given, verifier });
    if (!verdict.ok) throw new Error(`the header does not verify: ${verdict.reason}`);
  });
