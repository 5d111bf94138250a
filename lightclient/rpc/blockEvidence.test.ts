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

function printedBy(file: string): readonly Printed[] {
  const path = new URL(`../../wire/vectors/${file}`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as readonly Printed[];
}

const VERSIONS = [
  { version: '0.38', vectors: printedBy('evidence.json') },
  { version: '1.x', vectors: printedBy('comet1Evidence.json') },
];

/** The block's header as a light client has verified it. */
function lightOf({ block, blockId }: Printed): LightBlock {
  const header = headerFromJson(block.header, 'header');
  const last = commitFromJson(block.last_commit, 'commit');
  const commit = { ...last, height: header.height, blockId: blockIdFromJson(blockId, 'id') };
  return { signedHeader: { header, commit }, validators: [], nextValidators: [] };
}

const read = (printed: Printed, block: Json) =>
  fetchBlock({ ask: async (_method, _params, judge) => judge({ block }) }, lightOf(printed));

for (const { version, vectors } of VERSIONS) {
  describe(`the evidence in a block of CometBFT ${version}`, () => {
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
  });
}

describe('the evidence in a block', () => {
  it('is proven where a node of 1.x serves a block that an older one made', async () => {
    const [older, later] = VERSIONS.map(({ vectors }) => vectors.at(-1)!) as [Printed, Printed];
    assert.notDeepEqual(older.evidence, later.evidence);
    const served = { ...older.block, evidence: later.block.evidence! };
    const block = await read(older, served);
    assert.deepEqual(block.evidence.map(toHex), older.evidence);
    assert.deepEqual(blockResult(lightOf(older), block).block, served);
  });

  it('is of two kinds, with two types of votes', () => {
    const { value } = (VERSIONS[0]!.vectors[1]!.block.evidence as { evidence: { value: Json }[] })
      .evidence[0]!;
    const type = 'tendermint/DuplicateVoteEvidence';
    assert.ok(encodeEvidence(evidenceFromJson({ type, value }, 'x')).length > 0);
    const wrong = withChange(value, ['vote_a', 'type'], 31);
    assert.throws(() => evidenceFromJson({ type, value: wrong }, 'x'), /x\.value\.vote_a\.type/);
    assert.throws(() => evidenceFromJson({ type: 'other', value }, 'x'), /x\.type: expected/);
  });
});
