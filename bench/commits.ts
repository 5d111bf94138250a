/** What a light client pays for a header: its hash, and the signatures of its validators. */
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import { verifyWholeCommit } from '../lightclient/index.ts';
import { CHAIN_ID, makeBlock, signersOf } from '../lightclient/testing/chain.ts';
import { hashHeader } from '../wire/header.ts';
import { nobleVerifier, type SignatureVerifier } from '../wire/signature.ts';
import { type Bench, type BenchOptions, type Figure, figureOf, timed } from './support/figure.ts';

const SIZES = [4, 100] as const;
const HASHES = 100;

/** Nothing is remembered from round to round. */
export const commits: Bench = {
  name: 'commits',
  async run(options) {
    const figures = [await headerHash(options)];
    for (const validators of SIZES) {
      const verifiers = { noble: () => nobleVerifier, native: freshNative };
      for (const [name, makeVerifier] of Object.entries(verifiers)) {
        figures.push(await wholeCommit({ validators, name, makeVerifier }, options));
      }
    }
    return figures;
  },
};

/** Its answers are remembered, so that each round needs one of its own. */
const freshNative = async (): Promise<SignatureVerifier> =>
  (await createNodeVerifier({ workers: 0 })).verifier;

async function headerHash({ quick }: BenchOptions): Promise<Figure> {
  const { header } = makeBlock({ height: 7n, signers: signersOf('bench', [10n]) }).signedHeader;
  const times: number[] = [];
  for (let round = 0; round < (quick ? 5 : 25); round++) {
    const ms = await timed(() => {
      for (let i = 0; i < HASHES; i++) hashHeader(header);
    });
    times.push((ms * 1000) / HASHES);
  }
  return figureOf({ name: 'header hash', unit: 'µs', better: 'lower' }, times);
}

interface CommitCase {
  readonly validators: number;
  readonly name: string;
  makeVerifier(): SignatureVerifier | Promise<SignatureVerifier>;
}

async function wholeCommit(
  { validators: count, name, makeVerifier }: CommitCase,
  { quick }: BenchOptions,
): Promise<Figure> {
  const signers = signersOf('bench', new Array<bigint>(count).fill(10n));
  const { signedHeader, validators } = makeBlock({ height: 7n, signers });
  const { commit } = signedHeader;
  const times: number[] = [];
  for (let round = 0; round < (quick ? 3 : 9); round++) {
    const verifier = await makeVerifier();
    times.push(
      await timed(() => {
        const verdict = verifyWholeCommit({ chainId: CHAIN_ID, commit, validators, verifier });
        if (!verdict.ok) throw new Error(`the commit does not verify: ${verdict.reason}`);
      }),
    );
  }
  const figure = `commit of ${count} validators, ${name}`;
  return figureOf({ name: figure, unit: 'ms', better: 'lower' }, times);
}
