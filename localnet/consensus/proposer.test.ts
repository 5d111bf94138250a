import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fromBase64 } from '../../wire/bytes.ts';
import { hexToJson } from '../../wire/json/encode.ts';
import type { ValidatorSet } from '../../wire/types.ts';
import { hashValidatorSet, MAX_TOTAL_VOTING_POWER } from '../../wire/validatorSet.ts';
import { incrementProposerPriority, newValidatorSet, updateWithChangeSet } from './proposer.ts';
import { validatorChange } from './state.ts';

interface Change {
  readonly pubkey: string;
  readonly power: string;
}
interface Case {
  readonly name: string;
  readonly initial: readonly Change[];
  readonly steps: readonly {
    readonly changes?: readonly Change[];
    readonly increment: number;
    readonly proposer: string;
    readonly priorities: Readonly<Record<string, string>>;
    readonly hash: string;
  }[];
}

const vectors = new URL('./vectors/proposer.json', import.meta.url);
const cases = JSON.parse(readFileSync(vectors, 'utf8')) as readonly Case[];

const changesOf = (changes: readonly Change[]) =>
  changes.map(({ pubkey, power }) => validatorChange(key(fromBase64(pubkey)), BigInt(power)));
const key = (bytes: Uint8Array) => ({ type: 'ed25519', bytes }) as const;
const validator = (seed: number, power: bigint) =>
  validatorChange(key(new Uint8Array(32).fill(seed)), power);

function show(set: ValidatorSet) {
  return {
    proposer: hexToJson(set.proposer.address),
    priorities: Object.fromEntries(
      set.validators.map((v) => [hexToJson(v.address), String(v.proposerPriority)]),
    ),
    hash: hexToJson(hashValidatorSet(set.validators)),
  };
}

describe('proposer rotation', () => {
  it('has vectors of CometBFT to follow', () => assert.ok(cases.length >= 10));

  for (const { name, initial, steps } of cases) {
    it(`follows CometBFT: ${name}`, () => {
      let set = newValidatorSet(changesOf(initial));
      for (const [index, step] of steps.entries()) {
        if (step.changes) set = updateWithChangeSet(set, changesOf(step.changes));
        if (step.increment > 0) set = incrementProposerPriority(set.validators, step.increment);
        const { proposer, priorities, hash } = step;
        assert.deepEqual(show(set), { proposer, priorities, hash }, `step ${index}`);
      }
    });
  }

  const set = newValidatorSet([validator(1, 10n), validator(2, 5n)]);
  const refused: [string, () => unknown, RegExp][] = [
    ['an empty set', () => newValidatorSet([]), /at least one/],
    ['power 0 at the start', () => newValidatorSet([validator(1, 0n)]), /power over 0/],
    [
      'a removal of a stranger',
      () => updateWithChangeSet(set, [validator(3, 0n)]),
      /not in the set/,
    ],
    [
      'the same validator twice',
      () => updateWithChangeSet(set, [validator(3, 1n), validator(3, 2n)]),
      /twice/,
    ],
    [
      'the removal of all',
      () => updateWithChangeSet(set, [validator(1, 0n), validator(2, 0n)]),
      /at least one/,
    ],
    ['negative power', () => updateWithChangeSet(set, [validator(1, -1n)]), /got -1/],
    [
      'a total over the limit',
      () => updateWithChangeSet(set, [validator(1, MAX_TOTAL_VOTING_POWER)]),
      /total power/,
    ],
    ['no step at all', () => incrementProposerPriority(set.validators, 0), /1 or more/],
  ];
  for (const [name, act, message] of refused) {
    it(`refuses ${name}`, () => assert.throws(act, message));
  }

  it('takes a total exactly at the limit', () => {
    const full = newValidatorSet([validator(1, MAX_TOTAL_VOTING_POWER)]);
    assert.equal(full.validators[0]!.votingPower, MAX_TOTAL_VOTING_POWER);
  });
});
