import assert from 'node:assert/strict';
import { BLOCK_ID_FLAG, NIL_BLOCK_ID, type Validator } from '../../wire/types.ts';
import { medianTime } from './block.ts';
import { voteTime } from './voting.ts';

const address = (byte: number) => new Uint8Array(20).fill(byte);
const validators = (...powers: bigint[]): Validator[] =>
  powers.map((votingPower, index) => ({
    address: address(index),
    publicKey: { type: 'ed25519', bytes: new Uint8Array(32) },
    votingPower,
    proposerPriority: 0n,
  }));
const commit = (...times: (bigint | undefined)[]) => ({
  height: 1n,
  round: 0,
  blockId: NIL_BLOCK_ID,
  signatures: times.map((timestamp, index) => ({
    flag: timestamp === undefined ? BLOCK_ID_FLAG.absent : BLOCK_ID_FLAG.commit,
    validatorAddress: address(index),
    timestamp: timestamp ?? 0n,
    signature: new Uint8Array(64),
  })),
});

describe('BFT time', () => {
  const table: [string, bigint[], (bigint | undefined)[], bigint][] = [
    ['one vote is the time', [10n], [5n], 5n],
    ['of two equals the earlier, as CometBFT', [10n, 10n], [9n, 5n], 5n],
    ['of four equals the second', [1n, 1n, 1n, 1n], [9n, 5n, 7n, 8n], 7n],
    ['weighs by power', [1n, 1n, 5n], [1n, 2n, 9n], 9n],
    ['leaves the absent out', [1n, 1n, 5n], [3n, 2n, undefined], 2n],
  ];
  for (const [name, powers, times, expected] of table) {
    it(name, () => assert.equal(medianTime(commit(...times), validators(...powers)), expected));
  }

  it('refuses a signer who is no validator, and a commit of nobody', () => {
    assert.throws(() => medianTime(commit(1n, 2n), validators(1n)), /not among its validators/);
    assert.throws(() => medianTime(commit(undefined), validators(1n)), /at least one vote/);
  });

  it('lets votes be at least a millisecond after the block', () => {
    assert.equal(voteTime(5n, 10n), 1_000_010n);
    assert.equal(voteTime(1_000_011n, 10n), 1_000_011n);
  });
});
