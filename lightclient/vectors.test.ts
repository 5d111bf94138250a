import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { signedHeaderFromJson, validatorSetFromJson } from '../wire/json/decode.ts';
import {
  argumentsOf,
  type VerdictClass,
  type VerifyCase,
  type VerifyVectors,
} from './testing/verifyVectors.ts';
import { verify } from './verify.ts';

const path = new URL('./vectors/verify.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as VerifyVectors;

/** Our verdict in CometBFT's classes. What does not decode is refused. */
function classOf(given: VerifyCase): VerdictClass {
  const header = (number: number) => signedHeaderFromJson(vectors.headers[number], 'signed_header');
  const set = (number: number) => validatorSetFromJson(vectors.sets[number], 'validators');
  const verdict = verdictOf(() => verify(argumentsOf(given, { header, set })));
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
