/** What the light client takes: a header beside Go, a store proof beside @confio/ics23, and the way over many headers. */
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import { chooseBackend } from '../chain/crypto/chooseBackend.ts';
import { type AnyVerifier, verify } from '../lightclient/index.ts';
import { makeBlock, SECOND, signersOf } from '../lightclient/testing/chain.ts';
import { type Bench, type BenchOptions, type Figure, figureOf, timed } from './support/figure.ts';
import { raceHeaders } from './support/lightRace.ts';
import { raceProofs } from './support/proofRace.ts';
import { firstTrust } from './support/slowTurnover.ts';

const VALIDATORS = 150;
/** Rounds before batches of signatures have begun in both threads, and V8 has compiled them there. */
const WARM_UP = 120;
const PERIOD = 3_600n * SECOND;

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

/** Each round other headers, by verifiers that know the keys but none of the answers. */
async function headers(options: BenchOptions): Promise<Figure[]> {
  const rounds = options.quick ? 5 : 25;
  options.progress(`signing ${2 * rounds} headers of ${VALIDATORS} validators`);
  const signers = signersOf('bench', new Array<bigint>(VALIDATORS).fill(10n));
  const trusted = makeBlock({ height: 1n, signers });
  let height = 8n;
  const verifyNext = async (verifier: AnyVerifier): Promise<number> => {
    height += 1n;
    const untrusted = makeBlock({ height, signers });
    const now = untrusted.signedHeader.header.time + SECOND;
    return timed(async () => {
      const verdict = await verify({ trusted, untrusted, trustingPeriod: PERIOD, now, verifier });
      if (!verdict.ok) throw new Error(`the header does not verify: ${verdict.reason}`);
    });
  };
  const { together, close } = await createNodeVerifier();
  const { verifier } = (await chooseBackend()).backend;
  const times = { together: [] as number[], alone: [] as number[] };
  for (let round = 0; round < rounds + WARM_UP; round++) {
    const [all, one] = [await verifyNext(together), await verifyNext(verifier)];
    if (round < WARM_UP) continue;
    times.together.push(all);
    times.alone.push(one);
  }
  await close();
  const figure = { unit: 'ms', better: 'lower' } as const;
  const name = `header, ${VALIDATORS} validators, native`;
  const ours = figureOf({ ...figure, name }, times.together);
  const alone = figureOf({ ...figure, name: `${name}, on one core` }, times.alone);
  return [ours, alone, ...(await raceHeaders(ours, VALIDATORS, options))];
}
