import assert from 'node:assert/strict';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { addressOfEd25519 } from '../../wire/address.ts';
import { concatBytes, equalBytes } from '../../wire/bytes.ts';
import { CommittedExtensions, VoteExtension } from '../../wire/gen/depin/abci/v1/vote_extension.ts';
import { nobleVerifier } from '../../wire/signature.ts';
import { voteExtensionSignBytes } from '../../wire/vote.ts';
import type { ExtendedVoteInfo } from '../abci/types.ts';
import { defineModule } from '../module/defineModule.ts';
import { ModuleSet } from '../module/moduleSet.ts';
import { memoryFrame } from '../testing/memoryFrame.ts';
import { QUIET } from '../testing/quiet.ts';
import {
  carriesExtensions,
  deliverExtensions,
  encodeExtensions,
  readExtensions,
} from './committedExtensions.ts';

const NONE = new Uint8Array(0);
const keys = [1, 2, 3, 4].map((fill) => new Uint8Array(32).fill(fill));
const publicKeys = keys.map((key) => ed25519.getPublicKey(key));

function voteOf(index: number, change: { power?: bigint; absent?: true } = {}): ExtendedVoteInfo {
  const validator = {
    address: addressOfEd25519(publicKeys[index]!),
    power: change.power ?? 10n,
  };
  if (change.absent) {
    return { validator, blockIdFlag: 1, voteExtension: NONE, extensionSignature: NONE };
  }
  const part = { module: 'prices', extension: Uint8Array.of(40 + index) };
  const extension = VoteExtension.encode({ modules: [part] }).finish();
  const signBytes = voteExtensionSignBytes('c', { height: 7n, round: 2, extension });
  return {
    validator,
    blockIdFlag: 2,
    voteExtension: extension,
    extensionSignature: ed25519.sign(signBytes, keys[index]!),
  };
}

const all = [0, 1, 2, 3].map((index) => voteOf(index));

/** Reads what was signed in round 2 of height 7 with the commit of `votes`. */
function read(bytes: Uint8Array, votes: readonly ExtendedVoteInfo[] = all, height = 7n) {
  return readExtensions(bytes, {
    chainId: 'c',
    height,
    commit: { round: 2, votes },
    verifier: nobleVerifier,
    consensusKey: (address) => {
      const bytes = publicKeys.find((key) => equalBytes(addressOfEd25519(key), address));
      return bytes && { type: 'ed25519', bytes };
    },
  });
}

const encoded = (votes: readonly ExtendedVoteInfo[]) => encodeExtensions({ round: 2, votes });

function altered(change: (votes: CommittedExtensions['votes']) => unknown): Uint8Array {
  const message = CommittedExtensions.decode(encoded(all));
  change(message.votes);
  return CommittedExtensions.encode(message).finish();
}

describe('the extensions that a block carries', () => {
  it('give validator, power and parts of each vote in the commit', () => {
    const votes = [voteOf(0), voteOf(1, { power: 25n }), voteOf(2, { absent: true }), voteOf(3)];
    const result = read(encoded(votes), votes);
    assert.deepEqual(
      result.map(({ power, parts }) => [power, parts[0]!.extension[0]]),
      [
        [10n, 40],
        [25n, 41],
        [10n, 43],
      ],
    );
    assert.deepEqual(result[1]!.validator, votes[1]!.validator.address);
  });

  it('are of more than two thirds of the power, and not of two thirds', () => {
    const withPower = (power: bigint) => [
      voteOf(0, { power }),
      voteOf(1),
      voteOf(2, { power: 15n, absent: true }),
    ];
    assert.equal(read(encoded(withPower(21n)), withPower(21n)).length, 2);
    const twoThirds = withPower(20n);
    assert.throws(() => read(encoded(twoThirds), twoThirds), /more than two thirds of 45, got 30/);
  });

  const other = (bytes: Uint8Array): Uint8Array => bytes.map((b, i) => (i === 3 ? b ^ 1 : b));
  const unknown = [voteOf(0), voteOf(1), voteOf(2), voteOf(3)].map((vote, i) =>
    i === 1 ? { ...vote, validator: { ...vote.validator, address: new Uint8Array(20) } } : vote,
  );
  const refused: readonly [string, () => unknown, RegExp][] = [
    ['nothing', () => read(NONE), /expected those of 4 votes, got 0/],
    ['bytes that are none', () => read(Uint8Array.of(0xff)), /do not decode/],
    [
      'an unknown field',
      () => read(concatBytes(encoded(all), Uint8Array.of(0x18, 1))),
      /canonical/,
    ],
    ['one vote too many', () => read(altered((v) => v.push(v[0]!))), /of 4 votes, got 5/],
    ['two in each other’s place', () => read(altered((v) => v.reverse())), /\[0\]\.signature/],
    [
      'another signature',
      () => read(altered((v) => (v[2]!.signature = other(v[2]!.signature)))),
      /extensions\[2\]\.signature/,
    ],
    [
      'another extension',
      () => read(altered((v) => (v[1]!.extension = v[0]!.extension))),
      /extensions\[1\]\.signature/,
    ],
    [
      'bytes that are no extension',
      () => read(altered((v) => (v[1]!.extension = Uint8Array.of(1)))),
      /extensions\[1\]: expected a VoteExtension/,
    ],
    [
      'a committed vote without its signature',
      () => read(altered((v) => (v[3] = { extension: NONE, signature: NONE }))),
      /extensions\[3\]\.signature/,
    ],
    [
      'something of a vote that the commit does not hold',
      () => read(encoded(all), [...all.slice(0, 3), voteOf(3, { absent: true })]),
      /extensions\[3\]: expected nothing/,
    ],
    ['those of another height', () => read(encoded(all), all, 8n), /extensions\[0\]\.signature/],
    [
      'a validator that never was',
      () => read(encoded(unknown), unknown),
      /\[1\]: the key of .* not known/,
    ],
  ];
  for (const [what, action, message] of refused) {
    it(`are refused: ${what}`, () => assert.throws(action, message));
  }

  it('are refused with any byte changed, and nothing else is thrown', () => {
    const bytes = encoded(all);
    const change = fc.record({
      at: fc.nat({ max: bytes.length - 1 }),
      by: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(change, ({ at, by }) => {
        const changed = bytes.map((byte, i) => (i === at ? byte ^ by : byte));
        assert.throws(
          () => read(changed),
          (error) => error instanceof TypeError || error instanceof RangeError,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('begin with no byte that a transaction begins with', () => {
    assert.notEqual(encoded(all)[0], 0x0a);
  });

  it('reach the modules that add to votes, each with its own parts', () => {
    const heard: unknown[] = [];
    const speaker = (name: string) =>
      defineModule(name, {
        ...QUIET,
        extendVote: () => NONE,
        verifyVoteExtension: () => true,
        onVoteExtensions: (_, votes) => {
          heard.push([name, ...votes.map(({ power, extension }) => [power, extension[0]])]);
        },
      });
    const modules = new ModuleSet([speaker('silent'), speaker('prices')]);
    deliverExtensions(modules, memoryFrame(), read(encoded(all)));
    const ten = (price: number) => [10n, price];
    assert.deepEqual(heard, [['silent'], ['prices', ten(40), ten(41), ten(42), ten(43)]]);
  });

  it('name the module that breaks off when it hears of them', () => {
    const broken = defineModule('broken', {
      ...QUIET,
      extendVote: () => NONE,
      verifyVoteExtension: () => true,
      onVoteExtensions: () => {
        throw new TypeError('undefined is no function');
      },
    });
    assert.throws(() => deliverExtensions(new ModuleSet([broken]), memoryFrame(), []), {
      name: 'Bug',
      message: /^height \d+: onVoteExtensions of module broken: undefined is no function$/,
    });
  });

  it('stand in a block behind one whose votes had them, if a module adds to votes', () => {
    const prices = defineModule('prices', {
      ...QUIET,
      extendVote: () => NONE,
      verifyVoteExtension: () => true,
    });
    const speaking = new ModuleSet([prices]);
    const cases: readonly [bigint, bigint, bigint, boolean][] = [
      [3n, 1n, 3n, false],
      [3n, 1n, 4n, true],
      [0n, 1n, 4n, false],
      [1n, 5n, 5n, false],
      [1n, 5n, 6n, true],
    ];
    for (const [extensionsFrom, initialHeight, height, expected] of cases) {
      const chain = { extensionsFrom, initialHeight };
      const text = `from ${extensionsFrom}, initial ${initialHeight}, at ${height}`;
      assert.equal(carriesExtensions(speaking, chain, height), expected, text);
      assert.equal(carriesExtensions(new ModuleSet([]), chain, height), false, text);
    }
  });

  it('are heard by no module that adds nothing', () => {
    assert.throws(
      () => defineModule('a', { ...QUIET, onVoteExtensions: () => undefined }),
      /a: onVoteExtensions needs extendVote/,
    );
  });
});
