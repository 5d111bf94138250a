import { strict as assert } from 'node:assert';
import { lightBlockFromJson, lightBlockToJson, trustedStateFromJson } from './lightBlockJson.ts';
import { makeBlock, SECOND, START, signersOf } from './testing/chain.ts';
import { verify } from './verify.ts';

const signers = signersOf('json', [9n, 4n, 4n, 1n]);
const block = makeBlock({ height: 5n, signers, nextSigners: signersOf('next', [3n, 2n]) });

type Json = Record<string, Record<string, unknown>>;

/** A deep copy that may be changed at will. */
const copy = (): Json => structuredClone(lightBlockToJson(block));

/** Replaces the value at a path of dots. */
function withValue(path: string, value: unknown): unknown {
  const json = copy();
  const names = path.split('.');
  const last = names.pop()!;
  let at: Record<string, unknown> = json;
  for (const name of names) at = at[name] as Record<string, unknown>;
  at[last] = value;
  return json;
}

describe('light blocks in JSON', () => {
  it('come back as they were', () => {
    assert.deepEqual(lightBlockFromJson(JSON.parse(JSON.stringify(copy()))), block);
    const { signedHeader, nextValidators } = block;
    assert.deepEqual(trustedStateFromJson(copy()), { signedHeader, nextValidators });
  });

  it('take validators in any order, as a list or as the RPC gives them, and sort them', () => {
    const { validators } = copy().validator_set as { validators: unknown[] };
    const turned = [...validators].reverse();
    const forms = [turned, { validators: turned }, { validators: turned, count: '4', total: '4' }];
    for (const form of forms) {
      assert.deepEqual(lightBlockFromJson(withValue('validator_set', form)), block);
    }
  });

  it('take part_set_header and rounds as text', () => {
    const json = copy() as never as {
      signed_header: { commit: { round: unknown; block_id: Record<string, unknown> } };
    };
    const { commit } = json.signed_header;
    const { parts, ...id } = commit.block_id;
    commit.block_id = { ...id, part_set_header: parts };
    commit.round = '0';
    assert.deepEqual(lightBlockFromJson(json), block);
  });

  it('can be verified', () => {
    const trusted = trustedStateFromJson(lightBlockToJson(makeBlock({ height: 1n, signers })));
    const untrusted = lightBlockFromJson(copy());
    const period = 60n * SECOND;
    const verdict = verify({ trusted, untrusted, trustingPeriod: period, now: START + period });
    assert.equal(verdict.ok, true);
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['signed_header', null, /light block\.signed_header: expected an object, got null/],
    ['signed_header.header.height', 5, /signed_header\.header\.height: expected an integer/],
    ['signed_header.commit.round', '1.5', /commit\.round/],
    ['validator_set', null, /light block\.validator_set: expected an object, got null/],
    [
      'validator_set.total',
      '5',
      /validator_set\.validators: expected all 5 validators, got an array of 4/,
    ],
    ['validator_set.validators', 'x', /validator_set\.validators: expected an array/],
    ['next_validator_set', undefined, /next_validator_set: expected an object, got nothing/],
  ];
  for (const [path, value, message] of refused) {
    it(`refuse ${path} of ${JSON.stringify(value) ?? 'nothing'}`, () => {
      assert.throws(() => lightBlockFromJson(withValue(path, value)), {
        name: 'TypeError',
        message,
      });
    });
  }
});
