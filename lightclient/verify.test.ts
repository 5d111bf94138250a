import { strict as assert } from 'node:assert';
import { BLOCK_ID_FLAG, type BlockIdFlag, type Header } from '../wire/types.ts';
import {
  flipped,
  makeBlock,
  NO_BLOCK,
  signersOf,
  withCommit,
  withHeader,
  withSignature,
} from './testing/chain.ts';
import { adjacent, distant, four, judge, reasonOf, trusted } from './testing/judge.ts';
import type { LightBlock, TrustedState } from './types.ts';

const { absent, commit, nil } = BLOCK_ID_FLAG;

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

describe('verify: sets that are known already', () => {
  const other = signersOf('other', [10n, 10n, 10n, 10n]);
  const validators = other.map(({ validator }) => validator);
  // The header names the set of before, and the sets that come with it are others, or the reverse.
  const cases: readonly (readonly [string, LightBlock, string])[] = [
    [
      'a known set that the header does not name',
      withSets(makeBlock({ height: 9n, signers: other }), four),
      'validatorsHash',
    ],
    ['another set than the header names', { ...distant, validators }, 'validatorsHash'],
    [
      'a known set as the next one, which the header does not name',
      {
        ...makeBlock({ height: 9n, signers: four, nextSigners: other }),
        nextValidators: distant.validators,
      },
      'nextValidatorsHash',
    ],
    [
      'another next set than the header names',
      { ...distant, nextValidators: validators },
      'nextValidatorsHash',
    ],
  ];
  for (const [name, block, reason] of cases) {
    it(`refuses ${name}`, () => assert.equal(reasonOf(block), reason));
  }

  it('looks at addresses too, which no hash covers', () => {
    const [first, ...rest] = distant.validators;
    const address = flipped(first!.address);
    const changed = [{ ...first!, address }, ...rest];
    assert.equal(reasonOf({ ...distant, validators: changed }), 'validators');
    assert.equal(reasonOf({ ...distant, nextValidators: changed }), 'validators');
  });
});

function withSets(block: LightBlock, signers: typeof four): LightBlock {
  const validators = signers.map(({ validator }) => validator);
  return { ...block, validators, nextValidators: validators };
}
