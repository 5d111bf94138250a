import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { fromHex, toHex } from '../../wire/bytes.ts';
import { encodeEvidence } from '../../wire/evidence.ts';
import { evidenceFromJson } from '../../wire/json/evidence.ts';
import { ProtoReader } from '../../wire/protobuf.ts';
import { parseTime } from '../../wire/time.ts';
import { lightBlockFromJson } from '../lightBlockJson.ts';
import { LightClient } from '../lightClient.ts';
import { DivergenceError } from '../lightClientError.ts';
import { flipped, makeBlock } from '../testing/chain.ts';
import {
  blockAt,
  blocks,
  failure,
  forkAfter,
  four,
  openClient,
  TestNode,
} from '../testing/nodes.ts';
import type { LightBlock } from '../types.ts';
import type { LightClientAttackEvidence } from './attack.ts';
import { evidenceToJson, hashEvidence } from './encodeEvidence.ts';

/** What CometBFT's light client tells a node: interop/lightattacks. */
interface Told {
  readonly bytes: string;
  readonly hash: string;
  readonly json: { readonly evidence: unknown };
}

interface PrintedBlock {
  readonly signed_header: unknown;
  readonly validator_set: number;
  readonly next_validator_set: number;
}

interface PrintedCase {
  readonly name: string;
  readonly trusted_hash: string;
  readonly target: number;
  readonly now: string;
  readonly primary: readonly PrintedBlock[];
  readonly witness: readonly (PrintedBlock | null)[];
  readonly told_to_witness: Told | null;
  readonly told_to_primary: Told | null;
}

interface Vectors {
  readonly period: number;
  readonly sets: readonly unknown[];
  readonly cases: readonly PrintedCase[];
}

const path = new URL('../vectors/attacks.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors;

/** A node that keeps what it is told. */
class ToldNode extends TestNode {
  readonly told: LightClientAttackEvidence[] = [];

  async reportEvidence(evidence: LightClientAttackEvidence): Promise<void> {
    this.told.push(evidence);
  }
}

const blockOf = (printed: PrintedBlock): LightBlock =>
  lightBlockFromJson({
    signed_header: printed.signed_header,
    validator_set: vectors.sets[printed.validator_set],
    next_validator_set: vectors.sets[printed.next_validator_set],
  });

async function meet(given: PrintedCase) {
  const primary = new ToldNode(given.primary.map(blockOf));
  const shown = given.witness.map((block, index) => block ?? given.primary[index]!);
  const witness = new ToldNode(shown.map(blockOf));
  const client = await LightClient.create({
    chainId: 'light-attacks-1',
    primary,
    witnesses: [witness],
    trust: { height: 1n, hash: fromHex(given.trusted_hash), period: BigInt(vectors.period) },
    now: () => parseTime(given.now),
    wait: async () => undefined,
  });
  const error = await failure(client.verifyToHeight(BigInt(given.target)));
  assert.ok(error instanceof DivergenceError, String(error));
  assert.equal((await client.status()).halted, error);
  return { error, primary, witness };
}

function isTold(told: Told | null, got: readonly LightClientAttackEvidence[]): void {
  assert.equal(got.length, told === null ? 0 : 1);
  const evidence = got[0];
  if (told === null || evidence === undefined) return;
  assert.deepEqual({ evidence: evidenceToJson(evidence) }, told.json);
  assert.equal(toHex(bytesOf(evidence)), told.bytes);
  assert.equal(toHex(hashEvidence(evidence)), told.hash);
}

/** The bytes that a block would hold, without the wrapper that says which kind it is. */
function bytesOf(evidence: LightClientAttackEvidence): Uint8Array {
  const bytes = encodeEvidence(evidenceFromJson(evidenceToJson(evidence), 'evidence'));
  return new ProtoReader(bytes, 'evidence').field().bytes;
}

describe("evidence of attacks: what CometBFT's light client tells both sides", () => {
  for (const given of vectors.cases) {
    it(`is what ours tells: ${given.name}`, async () => {
      const { error, primary, witness } = await meet(given);
      isTold(given.told_to_witness, witness.told);
      isTold(given.told_to_primary, primary.told);
      const kind = given.name.split(' ').find((word) => KINDS.has(word));
      assert.ok(error.accusations.every((one) => one.kind === kind && one.refusal === undefined));
    });
  }

  it('has every kind of attack', () => {
    for (const kind of KINDS)
      assert.ok(
        vectors.cases.some(({ name }) => name.includes(kind)),
        kind,
      );
  });
});

const KINDS: ReadonlySet<string> = new Set(['lunatic', 'equivocation', 'amnesia']);

describe('evidence of attacks', () => {
  it('is shown also where no node takes it', async () => {
    const client = await openClient({ witnesses: [new TestNode(forkAfter(5))] });
    const error = await failure(client.verifyToHeight(9n));
    assert.ok(error instanceof DivergenceError);
    assert.deepEqual(
      error.accusations.map(({ against, toldTo, refusal }) => [against, toldTo, refusal]),
      [
        ['primary', 'witness 1', 'it has no way to take evidence'],
        ['witness 1', 'primary', 'it has no way to take evidence'],
      ],
    );
    assert.match(error.message, /evidence of lunatic after height 3 against primary was sent to/);
  });

  it('on the way back is of two votes, or none', async () => {
    const { header } = blockAt(2).signedHeader;
    for (const [field, kinds] of [
      ['dataHash', ['equivocation', 'equivocation']],
      ['appHash', []],
    ] as const) {
      const other = makeBlock({
        height: 2n,
        signers: four,
        header: { ...header, [field]: flipped(header[field]) },
      });
      const witness = new ToldNode(blocks.map((block, index) => (index === 1 ? other : block)));
      const error = await failure((await openClient({ witnesses: [witness] })).verifyToHeight(2n));
      assert.ok(error instanceof DivergenceError);
      assert.deepEqual(
        error.accusations.map(({ kind }) => kind),
        kinds,
      );
      assert.deepEqual(
        witness.told.map(({ byzantineValidators }) => byzantineValidators.length),
        kinds.length === 0 ? [] : [4],
      );
    }
  });
});
