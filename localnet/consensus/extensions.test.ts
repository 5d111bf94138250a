import assert from 'node:assert/strict';
import type { ConsensusParams } from '../../wire/types.ts';
import { BLOCK_ID_FLAG, NIL_BLOCK_ID, VOTE_TYPE } from '../../wire/types.ts';
import { voteExtensionSignBytes } from '../../wire/vote.ts';
import { ed25519Key } from './ed25519.ts';
import { checkExtension, extendedCommitInfo, extensionsOf, isExtended } from './extensions.ts';
import { checkConsensusParams, checkExtensionsUpdate, DEFAULT_CONSENSUS_PARAMS } from './params.ts';
import { newValidatorSet } from './proposer.ts';
import { validatorChange } from './state.ts';

const from = (voteExtensionsEnableHeight: bigint): ConsensusParams => ({
  ...DEFAULT_CONSENSUS_PARAMS,
  abci: { voteExtensionsEnableHeight },
});

const keys = [1, 2, 3].map((fill) => ed25519Key(new Uint8Array(32).fill(fill)));
const set = newValidatorSet(
  keys.map(({ publicKey }, i) =>
    validatorChange({ type: 'ed25519', bytes: publicKey }, BigInt(30 - i)),
  ),
);

/** The precommit at a place in the set, which is that of its key: powers fall. */
function precommit(place: number, extension = Uint8Array.of(place)) {
  const signBytes = voteExtensionSignBytes('c', { height: 4n, round: 0, extension });
  return {
    type: VOTE_TYPE.precommit,
    height: 4n,
    round: 0,
    blockId: NIL_BLOCK_ID,
    timestamp: 1n,
    validatorAddress: set.validators[place]!.address,
    validatorIndex: place,
    signature: new Uint8Array(64),
    extension: { extension, signature: keys[place]!.sign(signBytes) },
  };
}

describe('extensions of votes', () => {
  it('are enabled from their height on', () => {
    const cases: readonly [bigint, bigint, boolean][] = [
      [0n, 5n, false],
      [3n, 2n, false],
      [3n, 3n, true],
      [3n, 4n, true],
    ];
    for (const [enableHeight, height, expected] of cases) {
      assert.equal(isExtended(from(enableHeight), height), expected, `${enableHeight}, ${height}`);
    }
    assert.throws(
      () => checkConsensusParams(from(-1n)),
      /abci\.vote_extensions_enable_height: expected 0 or more, got -1/,
    );
  });

  it('change their height only while it is to come, and only to one that is', () => {
    const allowed: readonly [bigint, bigint][] = [
      [0n, 0n],
      [3n, 3n],
      [0n, 6n],
      [6n, 0n],
      [6n, 7n],
      [7n, 6n],
    ];
    for (const [before, after] of allowed) checkExtensionsUpdate(from(before), from(after), 5n);
    const refused: readonly [bigint, bigint, RegExp][] = [
      [0n, 5n, /expected 0 or more than height 5, got 5/],
      [6n, 5n, /expected 0 or more than height 5, got 5/],
      [5n, 0n, /expected 5, which is not to come any more, got 0/],
      [5n, 6n, /expected 5, which is not to come any more, got 6/],
    ];
    for (const [before, after, message] of refused) {
      assert.throws(() => checkExtensionsUpdate(from(before), from(after), 5n), message);
    }
  });

  it('are signed by their own validator, for their own height and round', () => {
    const vote = precommit(1);
    checkExtension('c', set, vote);
    const { extension } = vote;
    const { extension: _, ...without } = vote;
    const refused: readonly [Parameters<typeof checkExtension>[2], RegExp][] = [
      [without, /its extension is missing/],
      [precommit(1, new Uint8Array(1_048_577)), /up to 1048576 bytes, got 1048577/],
      [{ ...vote, extension: { ...extension, extension: Uint8Array.of(9) } }, /is wrong/],
      [{ ...vote, extension: precommit(2, extension.extension).extension }, /is wrong/],
      [{ ...vote, height: 5n }, /is wrong/],
      [{ ...vote, round: 1 }, /is wrong/],
    ];
    for (const [each, message] of refused) {
      assert.throws(() => checkExtension('c', set, each), message);
    }
    assert.throws(() => checkExtension('d', set, vote), /is wrong/);
    checkExtension('c', set, precommit(1, new Uint8Array(1_048_576)));
  });

  it('go to the next proposer with the votes that the commit holds', () => {
    const votes = [precommit(0), precommit(2)];
    const extensions = extensionsOf(set, votes);
    const signatures = set.validators.map((_, place) => ({
      flag: place === 1 ? BLOCK_ID_FLAG.absent : BLOCK_ID_FLAG.commit,
      validatorAddress: new Uint8Array(0),
      timestamp: 1n,
      signature: new Uint8Array(0),
    }));
    const commit = { height: 4n, round: 0, blockId: NIL_BLOCK_ID, signatures };
    const told = extendedCommitInfo(commit, set.validators, extensions).votes;
    assert.deepEqual(
      told.map(({ blockIdFlag, voteExtension }) => [blockIdFlag, ...voteExtension]),
      [[2, 0], [1], [2, 2]],
    );
    assert.deepEqual(told[2]!.extensionSignature, votes[1]!.extension.signature);
    for (const vote of extendedCommitInfo(commit, set.validators, undefined).votes) {
      assert.equal(vote.voteExtension.length + vote.extensionSignature.length, 0);
    }
  });
});
