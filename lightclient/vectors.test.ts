import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { signedHeaderFromJson, validatorSetFromJson } from '../wire/json/decode.ts';
import { parseTime } from '../wire/time.ts';
import { verify } from './verify.ts';

/** A case of interop/lightvectors: numbers stand for signed headers and validator sets. */
interface VectorCase {
  readonly name: string;
  readonly trusted: number;
  readonly trusted_next_validators: number;
  readonly untrusted: number;
  readonly validators: number;
  readonly next_validators: number;
  readonly trust_level: readonly [number, number];
  readonly trusting_period: string;
  readonly max_clock_drift: string;
  readonly now: string;
  readonly verdict: 'ok' | 'notEnoughTrust' | 'invalid';
}

interface Vectors {
  readonly headers: readonly unknown[];
  readonly sets: readonly unknown[];
  readonly cases: readonly VectorCase[];
}

const path = new URL('./vectors/verify.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors;

/** Our verdict in CometBFT's classes. What does not decode is refused. */
function classOf(given: VectorCase): VectorCase['verdict'] {
  const header = (number: number) => signedHeaderFromJson(vectors.headers[number], 'signed_header');
  const set = (number: number) => validatorSetFromJson(vectors.sets[number], 'validators');
  const [numerator, denominator] = given.trust_level;
  const trusted = {
    signedHeader: header(given.trusted),
    nextValidators: set(given.trusted_next_validators),
  };
  const verdict = verdictOf(() =>
    verify({
      trusted,
      untrusted: {
        signedHeader: header(given.untrusted),
        validators: set(given.validators),
        nextValidators: set(given.next_validators),
      },
      trustLevel: { numerator, denominator },
      trustingPeriod: BigInt(given.trusting_period),
      maxClockDrift: BigInt(given.max_clock_drift),
      now: parseTime(given.now),
    }),
  );
  if (verdict === undefined) return 'invalid';
  if (verdict.ok) return 'ok';
  return verdict.reason === 'notEnoughTrust' ? 'notEnoughTrust' : 'invalid';
}

function verdictOf<T>(judge: () => T): T | undefined {
  try {
    return judge();
  } catch (error) {
    assert.ok(error instanceof TypeError, 'a decoder refuses with a TypeError');
    return undefined;
  }
}

describe("verify: CometBFT's own verdicts", () => {
  it('has cases of every class', () => {
    for (const verdict of ['ok', 'notEnoughTrust', 'invalid']) {
      const count = vectors.cases.filter((one) => one.verdict === verdict).length;
      assert.ok(count >= 40, `${count} of ${verdict}`);
    }
  });

  it('are ours in every case', () => {
    for (const one of vectors.cases) assert.equal(classOf(one), one.verdict, one.name);
  });
});
