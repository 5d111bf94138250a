/**
 * Our verify beside CometBFT's light.Verify on at least 20,000 generated headers: honest ones, and each field of them
 * changed. `LIGHT_CASES_SEED` and `LIGHT_CASES` choose others. Needs Go.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import {
  argumentsOf,
  type VerdictClass,
  type VerifyCase,
} from '../lightclient/testing/verifyVectors.ts';
import { verify } from '../lightclient/verify.ts';
import { signedHeaderFromJson, validatorSetFromJson } from '../wire/json/decode.ts';

const run = promisify(execFile);
const INTEROP = dirname(fileURLToPath(import.meta.url));
const SEED = process.env.LIGHT_CASES_SEED ?? '1';
const CASES = Number(process.env.LIGHT_CASES ?? 20_000);
const { verifier, close } = await createNodeVerifier();

/**
 * What ours does not even decode, and light.Verify never looks at in a header that is not refused for another reason:
 * a signature longer than those of the keys known here, a part set hash that is none, and sets beyond CometBFT's own limit.
 */
const STRICTER = [
  /commit\.signatures\[\d+\]\.signature: expected up to 64 bytes/,
  /commit\.block_id\.parts\.hash: expected /,
  // More than votes are counted of (types/vote_set.go, MaxVotesCount): no chain can have them.
  /expected at most 10000 items, got an array of 10001$/,
];

/** Which version, and what ours also refuses: 1.0.1 does not compare the address of a vote with its validator yet. */
const VERSIONS = [
  { version: '0.38', folder: 'lightcases', stricter: STRICTER },
  { version: '1.x', folder: 'comet1/lightcases', stricter: [...STRICTER, /^signerAddress$/] },
];

/** Reads the lines of the Go program, and judges each case as it comes. */
class Judge {
  readonly #headers: unknown[] = [];
  readonly #sets: unknown[] = [];
  readonly counts: Record<string, number> = {};
  readonly disagreements: string[] = [];
  readonly #stricter: readonly RegExp[];
  stricter = 0;

  constructor(stricter: readonly RegExp[]) {
    this.#stricter = stricter;
  }

  take(line: string): void {
    const json: unknown = JSON.parse(line.slice(1));
    if (line[0] === 'h') this.#headers.push(json);
    else if (line[0] === 's') this.#sets.push(json);
    else this.#judge(json as VerifyCase);
  }

  #judge(given: VerifyCase): void {
    this.counts[given.verdict] = (this.counts[given.verdict] ?? 0) + 1;
    const { ours, why } = this.#verdict(given);
    if (ours === given.verdict) return;
    if (ours === 'invalid' && this.#stricter.some((known) => known.test(why))) this.stricter += 1;
    else this.disagreements.push(`${given.name}: CometBFT says ${given.verdict}, ours ${why}`);
  }

  /** What does not decode is refused. */
  #verdict(given: VerifyCase): { readonly ours: VerdictClass; readonly why: string } {
    try {
      const verdict = verify(this.#arguments(given));
      if (verdict.ok) return { ours: 'ok', why: 'ok' };
      const { reason } = verdict;
      return { ours: reason === 'notEnoughTrust' ? reason : 'invalid', why: reason };
    } catch (error) {
      assert.ok(error instanceof TypeError, String(error));
      return { ours: 'invalid', why: error.message };
    }
  }

  #arguments(given: VerifyCase) {
    const header = (at: number) => signedHeaderFromJson(this.#headers[at], 'signed_header');
    const set = (at: number) => validatorSetFromJson(this.#sets[at], 'validators');
    return { ...argumentsOf(given, { header, set }), verifier };
  }
}

/** Builds the program in its own module, and compares all it prints. */
async function compare(folder: string, stricter: readonly RegExp[]): Promise<Judge> {
  const binary = join(INTEROP, 'bin', folder.replace('/', '-'));
  const [module, ...path] = folder.split('/');
  const isOwnModule = path.length > 0;
  const cwd = isOwnModule ? join(INTEROP, module!) : INTEROP;
  await run('go', ['build', '-o', binary, `./${isOwnModule ? path.join('/') : folder}`], { cwd });
  const program = spawn(binary, [SEED, `${CASES}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => program.once('close', resolve));
  const judge = new Judge(stricter);
  for await (const line of createInterface({ input: program.stdout })) judge.take(line);
  assert.equal(await ended, 0);
  return judge;
}

describe("verify beside CometBFT's light.Verify", function () {
  this.timeout(10 * 60_000);
  after(close);

  for (const { version, folder, stricter: allowed } of VERSIONS) {
    it(`agrees with ${version} on ${CASES} generated cases, seed ${SEED}`, async () => {
      const { counts, disagreements, stricter } = await compare(folder, allowed);
      console.log(`      ${JSON.stringify({ ...counts, stricter })}`);
      assert.deepEqual(disagreements.slice(0, 20), [], `${disagreements.length} disagreements`);
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      assert.ok(total >= CASES, `${total} cases`);
      assert.ok(stricter < total / 40, `${stricter} that only ours refuses`);
      for (const verdict of ['ok', 'notEnoughTrust', 'invalid']) {
        assert.ok((counts[verdict] ?? 0) > total / 50, `${counts[verdict]} of ${verdict}`);
      }
    });
  }
});
