import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { BLOCK_ID_FLAG, type BlockIdFlag, type Header } from '../wire/types.ts';
import { MAX_TOTAL_VOTING_POWER } from '../wire/validatorSet.ts';
import {
  flipped,
  inOrder,
  makeBlock,
  NO_BLOCK,
  SECOND,
  type Signer,
  signersOf,
  withCommit,
  withHeader,
  withSignature,
} from './testing/chain.ts';
import type { LightBlock, TrustedState } from './types.ts';
import { DEFAULT_MAX_CLOCK_DRIFT, type VerifyArguments, verify } from './verify.ts';

const { absent, commit, nil } = BLOCK_ID_FLAG;
const PERIOD = 3600n * SECOND;
const four = signersOf('four', [10n, 10n, 10n, 10n]);
const trusted = makeBlock({ height: 1n, signers: four });
const adjacent = makeBlock({ height: 2n, signers: four });
const distant = makeBlock({ height: 9n, signers: four });
const TRUSTED_TIME = trusted.signedHeader.header.time;

/** Verifies with what is usual but for the changes. */
function judge(untrusted: LightBlock, change: Partial<VerifyArguments> = {}) {
  const now = TRUSTED_TIME + 60n * SECOND;
  return verify({ trusted, untrusted, trustingPeriod: PERIOD, now, ...change });
}

function reasonOf(untrusted: LightBlock, change: Partial<VerifyArguments> = {}): string {
  const verdict = judge(untrusted, change);
  return verdict.ok ? 'ok' : verdict.reason;
}

describe('verify: headers that follow', () => {
  it('accepts an adjacent header with the power that signed', () => {
    const verdict = judge(adjacent);
    assert.deepEqual(verdict, { ok: true, tally: { signed: 30n, needed: 26n, total: 40n } });
  });

  it('accepts a distant header', () => assert.equal(judge(distant).ok, true));

  it('accepts secp256k1 validators', () => {
    const signers = signersOf('secp', [1n, 2n], 'secp256k1');
    const change = { trusted: makeBlock({ height: 1n, signers }) };
    assert.equal(reasonOf(makeBlock({ height: 2n, signers }), change), 'ok');
    assert.equal(reasonOf(makeBlock({ height: 5n, signers }), change), 'ok');
  });

  it('takes validators in any order', () => {
    const turned = [...distant.validators].reverse();
    assert.equal(reasonOf({ ...distant, validators: turned, nextValidators: turned }), 'ok');
  });

  it('stops once enough power signed: a later signature is not looked at', () => {
    const last = withSignature(distant, 3, { signature: new Uint8Array(64) });
    assert.equal(reasonOf(last), 'ok');
    const third = withSignature(distant, 2, { signature: new Uint8Array(64) });
    assert.equal(reasonOf(third), 'signature');
  });

  it('accepts a set that was changed wholly, when it was announced', () => {
    const others = signersOf('others', [7n, 1n]);
    const announcing = makeBlock({ height: 1n, signers: four, nextSigners: others });
    const next = makeBlock({ height: 2n, signers: others });
    assert.equal(reasonOf(next, { trusted: announcing }), 'ok');
  });
});

describe('verify: boundaries', () => {
  it('trusts to the nanosecond before the trusting period ends', () => {
    assert.equal(reasonOf(adjacent, { now: TRUSTED_TIME + PERIOD - 1n }), 'ok');
    assert.equal(reasonOf(adjacent, { now: TRUSTED_TIME + PERIOD }), 'trustedExpired');
  });

  it('bears a clock ahead by less than the drift', () => {
    const now = adjacent.signedHeader.header.time - DEFAULT_MAX_CLOCK_DRIFT;
    assert.equal(reasonOf(adjacent, { now: now + 1n }), 'ok');
    assert.equal(reasonOf(adjacent, { now }), 'timeInFuture');
    assert.equal(reasonOf(adjacent, { now, maxClockDrift: DEFAULT_MAX_CLOCK_DRIFT + 1n }), 'ok');
  });

  it('asks for a later time, by one nanosecond', () => {
    const at = (time: bigint) => makeBlock({ height: 2n, signers: four, header: { time } });
    assert.equal(reasonOf(at(TRUSTED_TIME + 1n)), 'ok');
    assert.equal(reasonOf(at(TRUSTED_TIME)), 'timeNotLater');
  });

  it('asks for a greater height', () => {
    const header = { time: TRUSTED_TIME + SECOND };
    assert.equal(reasonOf(makeBlock({ height: 1n, signers: four, header })), 'heightNotHigher');
  });

  it('refuses exactly 2/3 of the power and accepts one more', () => {
    for (const height of [2n, 9n]) {
      const flags: BlockIdFlag[] = [commit, commit, absent];
      const exact = signersOf('exact', [10n, 10n, 10n]);
      const above = signersOf('above', [11n, 10n, 10n]);
      const [low, high] = [exact, above].map((signers) =>
        reasonOf(makeBlock({ height, signers, flags }), {
          trusted: makeBlock({ height: 1n, signers }),
        }),
      );
      assert.deepEqual([low, high], ['notEnoughPower', 'ok'], `height ${height}`);
    }
  });

  it('wants more than 1/3 of the trusted power, and says when to bisect', () => {
    const kept = signersOf('kept', [10n]);
    const gone = signersOf('gone', [20n]);
    const come = signersOf('come', [1n]);
    const before = makeBlock({ height: 1n, signers: inOrder([...kept, ...gone]) });
    const after = makeBlock({ height: 5n, signers: inOrder([...kept, ...come]) });
    const verdict = judge(after, { trusted: before });
    const tally = { signed: 10n, needed: 10n, total: 30n };
    const got = '10 of 30 trusted';
    const expected = 'more than 10';
    assert.deepEqual(verdict, { ok: false, reason: 'notEnoughTrust', got, expected, tally });
    const less = signersOf('gone', [19n]);
    const ready = makeBlock({ height: 1n, signers: inOrder([...kept, ...less]) });
    assert.equal(reasonOf(after, { trusted: ready }), 'ok');
  });

  it('takes trust levels from 1/3 to 1', () => {
    const level = (numerator: bigint | number, denominator: bigint | number) =>
      reasonOf(distant, { trustLevel: { numerator, denominator } });
    assert.equal(level(1, 3), 'ok');
    assert.equal(level(2n, 3n), 'ok');
    assert.equal(level(1, 1), 'notEnoughTrust');
    for (const [n, d] of [
      [333, 1000],
      [4, 3],
      [1, 0],
      [-1, -3],
      [0.5, 1],
    ] as const) {
      assert.equal(level(n, d), 'trustLevel', `${n}/${d}`);
    }
  });

  it('bounds the total power', () => {
    const most = signersOf('most', [MAX_TOTAL_VOTING_POWER - 1n, 1n]);
    const over = signersOf('over', [MAX_TOTAL_VOTING_POWER, 1n]);
    const [fits, not] = [most, over].map((signers) =>
      reasonOf(makeBlock({ height: 2n, signers }), { trusted: makeBlock({ height: 1n, signers }) }),
    );
    assert.deepEqual([fits, not], ['ok', 'validators']);
  });
});

describe('verify: what is refused', () => {
  const headerFields: Partial<Header>[] = [
    { version: { block: 11n, app: 1n } },
    { time: distant.signedHeader.header.time + 1n },
    { lastBlockId: NO_BLOCK },
    ...(
      [
        'lastCommitHash',
        'dataHash',
        'validatorsHash',
        'nextValidatorsHash',
        'consensusHash',
        'appHash',
        'lastResultsHash',
        'evidenceHash',
        'proposerAddress',
      ] as const
    ).map((field) => ({ [field]: flipped(distant.signedHeader.header[field]) })),
  ];
  for (const change of headerFields) {
    it(`a header whose ${Object.keys(change)[0]} was changed`, () => {
      assert.equal(reasonOf(withHeader(distant, change)), 'commitBlock');
    });
  }

  it('a header of another height under the same commit', () => {
    assert.equal(reasonOf(withHeader(distant, { height: 8n })), 'commitBlock');
  });

  const signed = (header: Partial<Header>) => makeBlock({ height: 9n, signers: four, header });
  const cases: Record<string, [LightBlock, string]> = {
    'another block protocol': [signed({ version: { block: 10n, app: 0n } }), 'header'],
    'a short data hash': [signed({ dataHash: new Uint8Array(31) }), 'header'],
    'a proposer of 19 bytes': [signed({ proposerAddress: new Uint8Array(19) }), 'header'],
    'another chain': [signed({ chainId: 'other' }), 'chainId'],
    'validators that the header does not name': [
      signed({ validatorsHash: new Uint8Array(32) }),
      'validatorsHash',
    ],
    'next validators that the header does not name': [
      signed({ nextValidatorsHash: new Uint8Array(32) }),
      'nextValidatorsHash',
    ],
    'a commit of another height': [withCommit(distant, { height: 8n }), 'commitHeight'],
    'a negative round': [withCommit(distant, { round: -1 }), 'commit'],
    'another round': [withCommit(distant, { round: 1 }), 'signature'],
    'a commit for nil': [withCommit(distant, { blockId: NO_BLOCK }), 'commitBlock'],
    'another part-set': [
      withCommit(distant, {
        blockId: { ...distant.signedHeader.commit.blockId, parts: NO_BLOCK.parts },
      }),
      'signature',
    ],
    'no signatures': [withCommit(distant, { signatures: [] }), 'commit'],
    'a missing signature': [
      withCommit(distant, { signatures: distant.signedHeader.commit.signatures.slice(0, 3) }),
      'signatureCount',
    ],
    'a changed signature': [
      withSignature(distant, 0, {
        signature: flipped(distant.signedHeader.commit.signatures[0]!.signature),
      }),
      'signature',
    ],
    'a signature of 63 bytes': [
      withSignature(distant, 0, { signature: new Uint8Array(63) }),
      'signature',
    ],
    'a changed signing time': [
      withSignature(distant, 0, {
        timestamp: distant.signedHeader.commit.signatures[0]!.timestamp + 1n,
      }),
      'signature',
    ],
    'an absent vote that has a time': [
      withSignature(distant, 0, { flag: absent, timestamp: 1n }),
      'commit',
    ],
    'a nil vote made one for the block': [
      withSignature(
        makeBlock({ height: 9n, signers: four, flags: [nil, commit, commit, commit] }),
        0,
        { flag: commit },
      ),
      'signature',
    ],
    'a signer at the place of another': [
      withSignature(distant, 0, distant.signedHeader.commit.signatures[1]!),
      'doubleVote',
    ],
  };
  for (const [name, [block, reason]] of Object.entries(cases)) {
    it(name, () => assert.equal(reasonOf(block), reason));
  }

  it('a signer at the place of another, in an adjacent commit', () => {
    const [first, second] = adjacent.signedHeader.commit.signatures;
    const swapped = withSignature(withSignature(adjacent, 0, second!), 1, first!);
    assert.equal(reasonOf(swapped), 'signerAddress');
  });

  it('an adjacent set that was not announced', () => {
    const others = makeBlock({ height: 2n, signers: signersOf('others', [1n]) });
    assert.equal(reasonOf(others), 'adjacentValidators');
  });

  it('too little power before it checks a signature, as one batch', () => {
    const flags: BlockIdFlag[] = [commit, absent, absent, absent];
    const few = makeBlock({ height: 9n, signers: four, flags });
    const forged = withSignature(few, 0, { signature: new Uint8Array(64) });
    assert.equal(reasonOf(forged), 'notEnoughTrust');
  });

  it('a validator under an address that is not of its key', () => {
    const [first, ...rest] = distant.validators;
    const moved = [{ ...first!, address: flipped(first!.address) }, ...rest];
    assert.equal(reasonOf({ ...distant, validators: moved }), 'validators');
    assert.equal(reasonOf({ ...distant, nextValidators: moved }), 'validators');
    const asked: TrustedState = { ...trusted, nextValidators: moved };
    assert.equal(reasonOf(distant, { trusted: asked }), 'validators');
  });

  it('trusted validators that the trusted header does not announce', () => {
    const others = signersOf('others', [1n]).map(({ validator }) => validator);
    const asked: TrustedState = { ...trusted, nextValidators: others };
    assert.equal(reasonOf(distant, { trusted: asked }), 'trustedNextValidators');
  });

  it('an empty set', () => assert.equal(reasonOf({ ...distant, validators: [] }), 'validators'));
});

describe('verify: against a naive reading of the rules', () => {
  const pool = signersOf('pool', [1n, 1n, 1n, 1n, 1n, 1n]);
  const powered = (powers: readonly number[]): Signer[] =>
    inOrder(
      powers.flatMap((power, index): Signer[] => {
        const { secret, validator } = pool[index]!;
        return power === 0
          ? []
          : [{ secret, validator: { ...validator, votingPower: BigInt(power) } }];
      }),
    );
  const powers = fc
    .array(fc.integer({ min: 0, max: 4 }), { minLength: 6, maxLength: 6 })
    .filter((list) => list.some((power) => power > 0));
  const flag = fc.constantFrom<BlockIdFlag>(commit, commit, commit, nil, absent);

  /** Proportions instead of thresholds, whole sums instead of early ends. */
  function naive(
    before: readonly Signer[],
    after: readonly Signer[],
    flags: readonly BlockIdFlag[],
  ) {
    const sum = (list: readonly Signer[]) =>
      list.reduce((all, { validator }) => all + Number(validator.votingPower), 0);
    const voted = after.filter((_, index) => flags[index] === commit);
    const known = before.filter((old) => voted.some((signer) => signer.secret === old.secret));
    if (sum(known) * 3 <= sum(before)) return 'notEnoughTrust';
    return sum(voted) * 3 > sum(after) * 2 ? 'ok' : 'notEnoughPower';
  }

  it('agrees for random sets and votes', () => {
    const flags = fc.array(flag, { minLength: 6, maxLength: 6 });
    const property = fc.property(powers, powers, flags, (old, young, votes) => {
      const [before, after] = [powered(old), powered(young)];
      const block = makeBlock({ height: 9n, signers: after, flags: votes });
      const start = makeBlock({ height: 1n, signers: before });
      assert.equal(reasonOf(block, { trusted: start }), naive(before, after, votes));
    });
    fc.assert(property, { numRuns: 60 });
  });
});
