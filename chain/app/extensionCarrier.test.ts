import assert from 'node:assert/strict';
import { defineModule } from '../module/defineModule.ts';
import { ModuleSet } from '../module/moduleSet.ts';
import { QUIET } from '../testing/quiet.ts';
import { ExtensionCarrier } from './extensionCarrier.ts';
import { framedBytes } from './proposals.ts';

const NONE = new Uint8Array(0);
const prices = defineModule('prices', {
  ...QUIET,
  extendVote: () => NONE,
  verifyVoteExtension: () => true,
});
const validators = defineModule('validators', {
  ...QUIET,
  views: () => ({ consensusKey: () => undefined }),
});
const chain = { extensionsFrom: 3n, initialHeight: 1n };
const vote = {
  validator: { address: new Uint8Array(20), power: 1n },
  blockIdFlag: 2,
  voteExtension: new Uint8Array(70),
  extensionSignature: new Uint8Array(64),
} as const;

const request = (height: bigint, maxTxBytes: bigint) => ({
  height,
  time: 0n,
  nextValidatorsHash: NONE,
  proposerAddress: NONE,
  misbehavior: [],
  maxTxBytes,
  txs: [],
  localLastCommit: { round: 0, votes: [vote] },
});

describe('the carrier of extensions', () => {
  const carrier = new ExtensionCarrier(new ModuleSet([validators, prices]), validators);

  it('needs the keys of validators where a module adds to votes, and not elsewhere', () => {
    const speaking = new ModuleSet([prices]);
    assert.throws(
      () => new ExtensionCarrier(speaking, undefined),
      /options\.validators: prices adds to votes and needs their keys/,
    );
    const silent = new ExtensionCarrier(new ModuleSet([]), undefined);
    assert.equal(silent.propose(chain, request(4n, 1000n)), undefined);
  });

  it('proposes what has room, and says so where there is none', () => {
    assert.equal(carrier.propose(chain, request(3n, 0n)), undefined);
    const extensions = carrier.propose(chain, request(4n, 1000n))!;
    const size = framedBytes(extensions);
    assert.deepEqual(carrier.propose(chain, request(4n, size)), extensions);
    assert.throws(
      () => carrier.propose(chain, request(4n, size - 1n)),
      /the extensions of 1 votes have \d+ bytes, and a block has room for/,
    );
  });

  it('takes the first transaction for them, and a block without any for an empty one', () => {
    const txs = [Uint8Array.of(1), Uint8Array.of(2)];
    assert.deepEqual(carrier.split(chain, { height: 3n, txs }), { txs });
    assert.deepEqual(carrier.split(chain, { height: 4n, txs }), {
      extensions: txs[0],
      txs: [txs[1]],
    });
    assert.deepEqual(carrier.split(chain, { height: 4n, txs: [] }), { extensions: NONE, txs: [] });
  });
});
