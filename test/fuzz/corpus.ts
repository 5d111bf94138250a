/** Right inputs to start from. */
import { readFileSync } from 'node:fs';
import { lightBlockToJson, verifyDevice } from '../../lightclient/index.ts';
import { makeBlock, signersOf } from '../../lightclient/testing/chain.ts';
import { encodeBlock } from '../../wire/block.ts';
import { encodeBlockId } from '../../wire/blockId.ts';
import { fromBase64, toBase64, toUtf8 } from '../../wire/bytes.ts';
import { encodeCommit } from '../../wire/commit.ts';
import { encodeHeader } from '../../wire/header.ts';
import { encodeTimestamp } from '../../wire/time.ts';
import { devices, world } from '../support/deviceQuestions.ts';
import type { Json } from './mutate.ts';

const vectors = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../wire/vectors/${name}.json`, import.meta.url), 'utf8'));

const signers = [signersOf('fuzz', [10n, 7n, 3n]), signersOf('fuzz', [1n, 2n], 'secp256k1')];
/** Light blocks of few validators, one with votes of every kind. */
export const lightBlocks = [
  makeBlock({ height: 9n, signers: signers[0]!, flags: [2, 1, 3] }),
  makeBlock({ height: 10n, signers: signers[1]!, nextSigners: signers[0]! }),
];
const [first] = lightBlocks;
const { header, commit } = first!.signedHeader;

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;

const lightBlockJson = lightBlocks.map((block) => asJson(lightBlockToJson(block)));

const blocksWithEvidence = vectors('evidence') as readonly {
  readonly block: { readonly evidence: { readonly evidence: readonly Json[] } };
}[];

/** A device that holds, exported in all sizes. */
export const bundles: readonly Uint8Array[] = await (async () => {
  const provider = world;
  const result = await verifyDevice({ ...world.options, provider, deviceId: devices.rotated.id });
  return (['root', 'commit', 'header'] as const).map((from) => result.exportProof!({ from }));
})();

const record = world.prove(devices.rotated.id);
const report = world.report(devices.rotated.id);

/** By what they are inputs of. */
export const bytes = {
  header: lightBlocks.map(({ signedHeader }) => encodeHeader(signedHeader.header)),
  commit: lightBlocks.map(({ signedHeader }) => encodeCommit(signedHeader.commit)),
  block: [encodeBlock({ header, transactions: [toUtf8('tx')], evidence: [], lastCommit: commit })],
  blockId: [encodeBlockId(commit.blockId)],
  timestamp: [encodeTimestamp(header.time), encodeTimestamp(0n)],
  proof: [
    ...(vectors('ics23Trees') as { readonly claims: { readonly proof: string }[] }).claims
      .slice(0, 60)
      .map(({ proof }) => proof),
    ...(vectors('ics23Batches') as { readonly proofs: string[] }).proofs.slice(0, 60),
  ].map((text) => fromBase64(text)),
  record: [record.value],
  report: [report.value],
  bundle: bundles,
};

/** What nodes answer, and texts that people paste, as JSON. */
export const json = {
  lightBlock: lightBlockJson,
  evidence: blocksWithEvidence.flatMap(({ block }) => block.evidence.evidence),
  status: [
    {
      node_info: { network: 'test-chain-1' },
      sync_info: {
        latest_block_height: '9',
        latest_block_time: '2024-01-01T00:00:09Z',
        catching_up: false,
      },
    },
  ] as Json[],
  commit: lightBlockJson.map((block) => asJson({ canonical: true, ...(block as object) })),
  validators: lightBlocks.map(({ validators }) => {
    const set = asJson(lightBlockToJson(first!).validator_set) as { validators: Json[] };
    return { block_height: '9', ...set, count: '3', total: `${validators.length + 1}` } as Json;
  }),
  abciQuery: [record, report].map(
    (answer): Json => ({
      response: {
        code: 0,
        log: '',
        key: toBase64(answer.key),
        value: toBase64(answer.value),
        height: '9',
        proofOps: {
          ops: answer.proofOps.map(({ type, key, data }) => ({
            type,
            key: toBase64(key),
            data: toBase64(data),
          })),
        },
      },
    }),
  ),
  tx: [
    {
      hash: 'AA'.repeat(32),
      height: '9',
      index: 0,
      tx_result: { code: 0, data: null, gas_wanted: '1', gas_used: '1' },
      tx: 'dHg=',
      proof: {
        root_hash: 'AA'.repeat(32),
        data: 'dHg=',
        proof: {
          total: '1',
          index: '0',
          leaf_hash: 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=',
          aunts: [],
        },
      },
    },
  ] as Json[],
  blockResults: [
    {
      height: '9',
      txs_results: [{ code: 0, data: 'YQ==', gas_wanted: '1', gas_used: '1' }],
    },
  ] as Json[],
};
