/** Nodes that lie in one thing: each lie is refused, and the step that it breaks is named. */
import { strict as assert } from 'node:assert';
import type { QueryAnswer } from '../lightclient/provider.ts';
import { verifyStoreAnswer } from '../lightclient/storeProof.ts';
import {
  flipped,
  makeBlock,
  NO_BLOCK,
  signersOf,
  withCommit,
  withHeader,
  withSignature,
} from '../lightclient/testing/chain.ts';
import type { LightBlock } from '../lightclient/types.ts';
import { DEVICES_STORE, deviceKey } from '../wire/deviceKeys.ts';
import { BLOCK_ID_FLAG, type Header } from '../wire/types.ts';
import { devices, failsAt, refuses, world } from './support/deviceQuestions.ts';
import { STATE_HEIGHT } from './support/deviceWorld.ts';
import { Tampered } from './support/tamperedNode.ts';

const sigOf = (block: LightBlock, index: number): Uint8Array =>
  block.signedHeader.commit.signatures[index]!.signature;

describe('verifyDevice', () => {
  describe('through a node that lies about headers', () => {
    const changed = (height: bigint, change: (block: LightBlock) => LightBlock) =>
      new Tampered(world, {
        block: (block) => (block.signedHeader.header.height === height ? change(block) : block),
      });
    const fields = [
      'lastCommitHash',
      'dataHash',
      'validatorsHash',
      'nextValidatorsHash',
      'consensusHash',
      'appHash',
      'lastResultsHash',
      'evidenceHash',
      'proposerAddress',
    ] as const;
    const edits: Record<string, (header: Header) => Partial<Header>> = {
      version: () => ({ version: { block: 11n, app: 9n } }),
      chainId: () => ({ chainId: 'other' }),
      height: ({ height }) => ({ height: height + 1n }),
      time: ({ time }) => ({ time: time + 1n }),
      lastBlockId: () => ({ lastBlockId: NO_BLOCK }),
      ...Object.fromEntries(
        fields.map((field) => [field, (header: Header) => ({ [field]: flipped(header[field]) })]),
      ),
    };
    for (const [field, edit] of Object.entries(edits)) {
      it(`names the header whose ${field} was changed`, async () => {
        const change = (block: LightBlock) => withHeader(block, edit(block.signedHeader.header));
        await failsAt('trusted header', changed(1n, change));
        await failsAt('header at H+1', changed(STATE_HEIGHT + 1n, change));
      });
    }

    it('names the commit whose signatures, times, flags or place were changed', async () => {
      const edit: ((block: LightBlock) => LightBlock)[] = [
        (b) => withSignature(b, 0, { signature: new Uint8Array(64) }),
        (b) => withSignature(b, 1, { timestamp: b.signedHeader.commit.signatures[0]!.timestamp }),
        (b) => withSignature(b, 3, { flag: BLOCK_ID_FLAG.nil }),
        (b) => withSignature(b, 3, { signature: flipped(sigOf(b, 3)) }),
        (b) => withSignature(b, 3, { signature: sigOf(b, 3).subarray(1) }),
        (b) => withSignature(b, 3, { validatorAddress: new Uint8Array(20) }),
        (b) => withSignature(b, 0, { validatorAddress: new Uint8Array(20) }),
        (b) => withCommit(b, { round: 3 }),
        (b) => withCommit(b, { height: 3n }),
        (b) => withCommit(b, { signatures: b.signedHeader.commit.signatures.slice(1) }),
        (b) =>
          withCommit(b, { blockId: { ...b.signedHeader.commit.blockId, parts: NO_BLOCK.parts } }),
      ];
      for (const change of edit) {
        await failsAt('trusted header', changed(1n, change));
        await failsAt('commit', changed(STATE_HEIGHT + 1n, change));
      }
    });

    it('names the commit when the validators are not those of the header', async () => {
      const change = (block: LightBlock) => {
        const [first, ...rest] = block.validators;
        return { ...block, validators: [{ ...first!, votingPower: 1_000n }, ...rest] };
      };
      await failsAt('commit', changed(STATE_HEIGHT + 1n, change));
    });

    it('names the AppHash that is none', async () => {
      const signers = signersOf('world', [10n, 10n, 10n, 10n]);
      const header = { appHash: new Uint8Array(20) };
      const block = makeBlock({ height: STATE_HEIGHT + 1n, signers, header });
      await failsAt(
        'AppHash',
        changed(STATE_HEIGHT + 1n, () => block),
      );
    });

    it('names the record and the root when the AppHash is of another state', async () => {
      const signers = signersOf('world', [10n, 10n, 10n, 10n]);
      const block = makeBlock({ height: STATE_HEIGHT + 1n, signers });
      await failsAt(
        'store proof of the batch root',
        changed(STATE_HEIGHT + 1n, () => block),
      );
    });
  });

  describe('through a node that lies about state', () => {
    type Edit = (answer: QueryAnswer) => QueryAnswer;
    const record = (edit: Edit) => new Tampered(world, { record: edit });
    const batch = (edit: Edit) => new Tampered(world, { batch: edit });
    const withOp = (at: 0 | 1, change: Partial<QueryAnswer['proofOps'][number]>): Edit => {
      return (answer) => ({
        ...answer,
        proofOps: answer.proofOps.map((op, index) => (index === at ? { ...op, ...change } : op)),
      });
    };
    const edits: Record<string, Edit> = {
      'another code': (a) => ({ ...a, code: 1 }),
      'another height': (a) => ({ ...a, height: a.height - 1n }),
      'another key': (a) => ({ ...a, key: flipped(a.key, 3) }),
      'no value': (a) => ({ ...a, value: new Uint8Array(0) }),
      'no proof': (a) => ({ ...a, proofOps: [] }),
      'neither value nor proof': (a) => ({ ...a, value: new Uint8Array(0), proofOps: [] }),
      'one op': (a) => ({ ...a, proofOps: a.proofOps.slice(0, 1) }),
      'three ops': (a) => ({ ...a, proofOps: [...a.proofOps, a.proofOps[1]!] }),
      'ops in the other order': (a) => ({ ...a, proofOps: [...a.proofOps].reverse() }),
      'another type of the first op': withOp(0, { type: 'ics23:smt' }),
      'another type of the second op': withOp(1, { type: 'simple:v' }),
      'another key in the first op': withOp(0, { key: Uint8Array.of(1) }),
      'another store name': withOp(1, { key: Uint8Array.of(98, 97, 110, 107) }),
      'an empty first proof': withOp(0, { data: new Uint8Array(0) }),
      'an empty second proof': withOp(1, { data: new Uint8Array(0) }),
    };
    for (const [name, edit] of Object.entries(edits)) {
      it(`names the proof with ${name}`, async () => {
        await failsAt('device record', record(edit));
        await failsAt('store proof of the batch root', batch(edit));
      });
    }

    it('refuses every byte changed in values and proofs', async () => {
      const { id } = devices.ed25519;
      const honest = world.prove(id);
      const claim = {
        appHash: world.appHash,
        store: DEVICES_STORE,
        key: deviceKey(id),
        height: STATE_HEIGHT,
      };
      assert.equal(verifyStoreAnswer(claim, honest).ok, true);
      for (const target of ['value', 0, 1] as const) {
        const bytes = target === 'value' ? honest.value : honest.proofOps[target]!.data;
        for (let at = 0; at < bytes.length; at++) {
          const changed = flipped(bytes, at);
          const edit: Edit =
            target === 'value'
              ? (a) => ({ ...a, value: changed })
              : withOp(target, { data: changed });
          assert.equal(verifyStoreAnswer(claim, edit(honest)).ok, false, `${target} at ${at}`);
          if (at % 29 === 0) await failsAt('device record', record(edit));
          if (at % 29 === 0) await failsAt('store proof of the batch root', batch(edit));
        }
      }
    });

    it('refuses the record of another device, of another height and of another store', async () => {
      const other = world.prove(devices.p256.id);
      await failsAt(
        'device record',
        record(() => other),
      );
      await failsAt(
        'device record',
        record((a) => ({ ...other, key: a.key })),
      );
      const old = world.proveAt(STATE_HEIGHT - 1n, devices.ed25519.id);
      await failsAt(
        'device record',
        record(() => old),
      );
      await failsAt(
        'device record',
        record((a) => ({ ...old, height: a.height })),
      );
      const elsewhere = world.proveAt(STATE_HEIGHT, devices.ed25519.id, 'sensors');
      await failsAt(
        'device record',
        record(() => elsewhere),
      );
    });

    it('refuses an absence claimed for a device that is there', async () => {
      const absence = world.prove('80'.repeat(20));
      await failsAt(
        'device record',
        record((a) => ({ ...absence, key: a.key })),
      );
      const silent = new Tampered(world, { record: () => absence, report: refuses });
      const detail = await failsAt('store proof of the batch root', silent);
      assert.match(detail, /^no answer/);
    });
  });
});
