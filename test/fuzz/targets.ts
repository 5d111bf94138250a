/** Everything that reads what strangers send, and what must hold whatever they send. */
import { strict as assert } from 'node:assert';
import { decodeBundle, encodeBundle } from '../../lightclient/bundle/format.ts';
import { deviceCodec, reportResponseCodec } from '../../lightclient/deviceMessages.ts';
import {
  bundleFromText,
  bundleToText,
  HttpProvider,
  lightBlockFromJson,
  ProviderError,
  trustedStateFromJson,
  verify,
  verifyMembership,
  verifyNonMembership,
  verifyProofBundle,
} from '../../lightclient/index.ts';
import { SECOND } from '../../lightclient/testing/chain.ts';
import { parseAddress } from '../../wire/address.ts';
import { decodeBlock, encodeBlock } from '../../wire/block.ts';
import { decodeBlockId, encodeBlockId } from '../../wire/blockId.ts';
import { equalBytes, fromBase64, fromHex, fromUtf8, toBase64, toHex } from '../../wire/bytes.ts';
import { decodeCommit, encodeCommit } from '../../wire/commit.ts';
import { encodeEvidence } from '../../wire/evidence.ts';
import { decodeHeader, encodeHeader } from '../../wire/header.ts';
import {
  decodeCommitmentProof,
  encodeCommitmentProof,
  existenceRoot,
  iavlSpec,
  smtSpec,
  tendermintSpec,
} from '../../wire/ics23/index.ts';
import { evidenceFromJson, evidenceToJson } from '../../wire/json/evidence.ts';
import { decodeReport } from '../../wire/report.ts';
import { decodePayload } from '../../wire/reportPayload.ts';
import { decodeTimestamp, encodeTimestamp, formatTime, parseTime } from '../../wire/time.ts';
import { world } from '../support/deviceQuestions.ts';
import { bytes, json, lightBlocks } from './corpus.ts';
import { type Json, mutateBytes, mutateJson } from './mutate.ts';
import type { Random } from './random.ts';

/** Something to try once. It throws AssertionError when more is wrong than its input. */
export interface Target {
  readonly name: string;
  attempt(random: Random): void | Promise<void>;
}

/** A decoder either gives what encodes to the same bytes, or complains by a typed error. */
function codec<T>(
  name: string,
  corpus: readonly Uint8Array[],
  { decode, encode }: { decode(bytes: Uint8Array): T; encode(value: T): Uint8Array },
): Target {
  return {
    name,
    attempt(random) {
      const input = mutateBytes(random, corpus);
      const value = refusedOr(() => decode(input));
      if (value !== undefined) assert.ok(equalBytes(encode(value), input), 'it encodes otherwise');
    },
  };
}

/** A part of larger messages, whose whole is held to one encoding. */
function reader(
  name: string,
  corpus: readonly Uint8Array[],
  read: (bytes: Uint8Array) => unknown,
): Target {
  return {
    name,
    attempt(random) {
      const input = mutateBytes(random, corpus);
      refusedOr(() => read(input));
    },
  };
}

/** What work gives, or undefined when it refuses its input in the way that is promised. */
function refusedOr<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      // A bug of ours is a TypeError too, but not one that we wrote.
      assert.ok(/^[^:]+: /.test(error.message), `not ours: ${error.message}`);
      return undefined;
    }
    throw error;
  }
}

function text(name: string, corpus: readonly string[], read: (text: string) => unknown): Target {
  const inputs = corpus.map((one) => new TextEncoder().encode(one));
  return {
    name,
    attempt(random) {
      const input = new TextDecoder().decode(mutateBytes(random, inputs));
      refusedOr(() => read(input));
    },
  };
}

const proofs: Target = {
  name: 'verifyMembership and verifyNonMembership',
  attempt(random) {
    const proof = mutateBytes(random, bytes.proof);
    const root = new Uint8Array(32);
    const key = proof.subarray(0, random.below(40));
    for (const spec of [iavlSpec, tendermintSpec, smtSpec]) {
      assert.equal(verifyMembership({ spec, root, proof, key, value: key }).ok, false);
      assert.equal(verifyNonMembership({ spec, root, proof, key }).ok, false);
    }
    const decoded = refusedOr(() => decodeCommitmentProof(proof));
    if (decoded?.kind === 'exist') refusedOr(() => existenceRoot(decoded.exist));
  },
};

const blocks: Target = {
  name: 'lightBlockFromJson and verify',
  attempt(random) {
    const input = mutateJson(random, json.lightBlock);
    refusedOr(() => trustedStateFromJson(input));
    const untrusted = refusedOr(() => lightBlockFromJson(input));
    if (untrusted === undefined) return;
    const [trusted] = lightBlocks;
    const now = trusted!.signedHeader.header.time + SECOND;
    verify({ trusted: trusted!, untrusted, trustingPeriod: 60n * SECOND, now });
  },
};

const evidence: Target = {
  name: 'evidenceFromJson and encodeEvidence',
  attempt(random) {
    const input = mutateJson(random, json.evidence);
    const read = refusedOr(() => evidenceFromJson(input, 'evidence'));
    if (read === undefined) return;
    assert.deepEqual(evidenceFromJson(evidenceToJson(read), 'evidence'), read);
    encodeEvidence(read);
  },
};

const bundle: Target = {
  name: 'verifyProofBundle',
  async attempt(random) {
    const input = mutateBytes(random, bytes.bundle);
    const { chainId, now, trust } = world.options;
    const isSame = bytes.bundle.some((whole) => equalBytes(whole, input));
    const { verified } = await verifyProofBundle(input, { chainId, now, trusted: trust });
    assert.ok(isSame || !verified, 'a changed bundle is verified');
  },
};

/** All that a node can answer to a question is data or a ProviderError. */
function answers(
  name: string,
  corpus: readonly Json[],
  ask: (node: HttpProvider) => Promise<unknown>,
): Target {
  return {
    name,
    async attempt(random) {
      const result = mutateJson(random, corpus);
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, result });
      const cut = random.below(20) === 0 ? body.slice(0, random.below(body.length)) : body;
      const url = 'http://fuzz.invalid';
      const fetch = async () => new Response(cut);
      const node = new HttpProvider({ url, chainId: 'test-chain-1', fetch });
      try {
        await ask(node);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
      }
    },
  };
}

const DIGITS = /^[0-9]+$/;

/** In the order in which they take turns. */
export const TARGETS: readonly Target[] = [
  codec('decodeHeader', bytes.header, { decode: decodeHeader, encode: encodeHeader }),
  codec('decodeCommit', bytes.commit, { decode: decodeCommit, encode: encodeCommit }),
  codec('decodeBlock', bytes.block, { decode: decodeBlock, encode: encodeBlock }),
  reader('decodeBlockId', bytes.blockId, (input) => encodeBlockId(decodeBlockId(input))),
  reader('decodeTimestamp', bytes.timestamp, (input) => encodeTimestamp(decodeTimestamp(input))),
  codec('decodeCommitmentProof', bytes.proof, {
    decode: decodeCommitmentProof,
    encode: encodeCommitmentProof,
  }),
  codec('device record', bytes.record, {
    decode: (input) => deviceCodec.decode(input),
    encode: (device) => deviceCodec.encode(device).finish(),
  }),
  codec('report response', bytes.report, {
    decode: (input) => reportResponseCodec.decode(input),
    encode: (report) => reportResponseCodec.encode(report).finish(),
  }),
  codec('decodeBundle', bytes.bundle, { decode: decodeBundle, encode: encodeBundle }),
  proofs,
  blocks,
  evidence,
  bundle,
  text('parseTime', ['2024-05-01T10:00:00.00012Z', '2024-05-01T10:00:00+05:30'], (input) =>
    formatTime(parseTime(input)),
  ),
  text('fromBase64', ['AAECAwQ=', 'q6ur'], (input) => {
    assert.equal(toBase64(fromBase64(input, 'text')), input);
  }),
  text('fromHex', ['00ffAB'], (input) => {
    assert.equal(toHex(fromHex(input, 'text')), input.toLowerCase());
  }),
  text('bundleFromText', bytes.bundle.map(bundleToText), bundleFromText),
  text('parseAddress', ['depin1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5wjp2ry'], (input) =>
    parseAddress('depin', input),
  ),
  {
    name: 'decodeReport and decodePayload',
    attempt(random) {
      const input = mutateBytes(random, bytes.report);
      refusedOr(() => decodeReport(input));
      refusedOr(() => decodePayload(random.below(6), input.subarray(0, 60 + random.below(8))));
      refusedOr(() => fromUtf8(input));
    },
  },
  answers('status', json.status, (node) => node.status()),
  answers('commit', json.commit, (node) => node.signedHeader(9n)),
  answers('validators', json.validators, (node) => node.validators(9n)),
  answers('abci_query', json.abciQuery, (node) =>
    node.abciQuery({ path: '/store/devices/key', data: Uint8Array.of(1), prove: true }),
  ),
  answers('tx', json.tx, async (node) => {
    const { height } = await node.transaction(new Uint8Array(32));
    assert.match(`${height}`, DIGITS);
  }),
  answers('block_results', json.blockResults, (node) => node.txResults(9n)),
];
