import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { toHex } from '../../wire/bytes.ts';
import { encodeEvidence } from '../../wire/evidence.ts';
import { blockIdFromJson, commitFromJson, headerFromJson } from '../../wire/json/decode.ts';
import { evidenceFromJson } from '../../wire/json/evidence.ts';
import { type Json, leaves, withChange } from '../testing/conversation.ts';
import type { LightBlock } from '../types.ts';
import { blockResult, fetchBlock } from './chainMethods.ts';

/** Blocks as CometBFT makes and prints them: interop/evidencevectors. */
interface Printed {
  readonly name: string;
  readonly block: { readonly [part: string]: Json };
  readonly blockId: Json;
  readonly evidence: readonly string[];
}

const path = new URL('../../wire/vectors/evidence.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as readonly Printed[];

/** The block's header as a light client has verified it. */
function lightOf({ block, blockId }: Printed): LightBlock {
  const header = headerFromJson(block.header, 'header');
  const last = commitFromJson(block.last_commit, 'commit');
  const commit = { ...last, height: header.height, blockId: blockIdFromJson(blockId, 'id') };
  return { signedHeader: { header, commit }, validators: [], nextValidators: [] };
}

const read = (printed: Printed, block: Json) =>
  fetchBlock({ ask: async (_method, _params, judge) => judge({ block }) }, lightOf(printed));

describe('the evidence in a block', () => {
  for (const printed of vectors) {
    it(`is proven and printed as CometBFT prints it: ${printed.name}`, async () => {
      const light = lightOf(printed);
      const block = await read(printed, printed.block);
      assert.deepEqual(block.evidence.map(toHex), printed.evidence);
      assert.deepEqual(blockResult(light, block).block, printed.block);
    });
  }

  it('is refused with any value changed, left out or put twice', async () => {
    const printed = vectors.find(({ name }) => name === 'all of them')!;
    const { evidence } = printed.block.evidence as { readonly evidence: Json[] };
    const changed = [...leaves(evidence, new Set())].map((at) => withChange(evidence, at, 1));
    assert.ok(changed.length > 100, `${changed.length} values`);
    for (const list of [...changed, evidence.slice(1), [...evidence, evidence[0]!], []]) {
      await assert.rejects(read(printed, { ...printed.block, evidence: { evidence: list } }));
    }
  });

  it('is of two kinds, with two types of votes', () => {
    const { value } = (vectors[1]!.block.evidence as { evidence: { value: Json }[] }).evidence[0]!;
    const type = 'tendermint/DuplicateVoteEvidence';
    assert.ok(encodeEvidence(evidenceFromJson({ type, value }, 'x')).length > 0);
    const wrong = withChange(value, ['vote_a', 'type'], 31);
    assert.throws(() => evidenceFromJson({ type, value: wrong }, 'x'), /x\.value\.vote_a\.type/);
    assert.throws(() => evidenceFromJson({ type: 'other', value }, 'x'), /x\.type: expected/);
  });
});
