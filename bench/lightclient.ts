/** What the light client takes: a header beside Go, a store proof beside @confio/ics23, and the way over many headers. */
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import { verify } from '../lightclient/index.ts';
import { makeBlock, SECOND, signersOf } from '../lightclient/testing/chain.ts';
import { type Bench, type BenchOptions, type Figure, figureOf, timed } from './support/figure.ts';
import { raceHeaders } from './support/lightRace.ts';
import { raceProofs } from './support/proofRace.ts';
import { firstTrust } from './support/slowTurnover.ts';

const VALIDATORS = 150;
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

/** Each round another header, by a verifier that knows the keys but none of the answers. */
async function headers(options: BenchOptions): Promise<Figure[]> {
  const rounds = options.quick ? 5 : 25;
  options.progress(`signing ${rounds} headers of ${VALIDATORS} validators`);
  const signers = signersOf('bench', new Array<bigint>(VALIDATORS).fill(10n));
  const trusted = makeBlock({ height: 1n, signers });
  const { together: verifier, close } = await createNodeVerifier();
  const times: number[] = [];
  for (let round = 0; round < rounds + 2; round++) {
    const untrusted = makeBlock({ height: BigInt(9 + round), signers });
    const now = untrusted.signedHeader.header.time + SECOND;
    const ms = await timed(async () => {
      const verdict = await verify({ trusted, untrusted, trustingPeriod: PERIOD, now, verifier });
      if (!verdict.ok) throw new Error(`the header does not verify: ${verdict.reason}`);
    });
    if (round >= 2) times.push(ms);
  }
  await close();
  const name = `header, ${VALIDATORS} validators, native`;
  const ours = figureOf({ name, unit: 'ms', better: 'lower' }, times);
  return [ours, ...(await raceHeaders(ours, VALIDATORS, options))];
}
