import assert from 'node:assert/strict';
import {
  blockIdOf,
  decodeBlock,
  encodeBlock,
  hashEvidence,
  hashTransactions,
  maxDataBytes,
  splitParts,
  txHash,
} from './block.ts';
import { equalBlockIds, isNilBlockId } from './blockId.ts';
import { concatBytes, fromHex, toHex, toUtf8 } from './bytes.ts';
import { decodeCommit } from './commit.ts';
import { sha256 } from './hash.ts';
import { decodeHeader } from './header.ts';
import { blockFromJson } from './json/decode.ts';
import { blockIdToJson, blockToJson, txProofToJson } from './json/encode.ts';
import { merkleRootFromProof } from './merkle.ts';
import { txProof } from './results.ts';
import { type Block, NIL_BLOCK_ID } from './types.ts';
import vectors from './vectors/comet.json' with { type: 'json' };

type BlockVector = (typeof vectors.blocks)[number];

/** sha256("tx i:0"), sha256("tx i:1") … cut at the size, as the program that wrote the vectors. */
function transactionsOf(sizes: readonly number[]): Uint8Array[] {
  return sizes.map((size, i) => {
    const count = Math.ceil(size / 32);
    const chunks = Array.from({ length: count }, (_, n) => sha256(toUtf8(`tx ${i}:${n}`)));
    return concatBytes(...chunks).subarray(0, size);
  });
}

function blockOf(vector: BlockVector): Block {
  return {
    header: decodeHeader(fromHex(vector.header)),
    transactions: transactionsOf(vector.txs),
    evidence: vector.evidence.map((item) => fromHex(item)),
    lastCommit: decodeCommit(fromHex(vector.lastCommit)),
  };
}

describe('block', () => {
  for (const vector of vectors.blocks) {
    it(`equals CometBFT: ${vector.name}`, () => {
      const block = blockOf(vector);
      const bytes = encodeBlock(block);
      if (vector.proto) assert.equal(toHex(bytes), vector.proto);
      assert.equal(toHex(sha256(bytes)), vector.protoHash);
      assert.deepEqual(decodeBlock(bytes), block);
      assert.equal(toHex(hashTransactions(block.transactions)), toHex(block.header.dataHash));
      assert.equal(toHex(hashEvidence(block.evidence)), toHex(block.header.evidenceHash));
      const { blockId, size } = blockIdOf(block);
      assert.equal(JSON.stringify(blockIdToJson(blockId)), vector.blockId);
      assert.equal(`${size}`, vector.size);
    });

    it(`JSON: ${vector.name}`, () => {
      const block = blockOf(vector);
      if (block.evidence.length > 0) {
        assert.throws(() => blockToJson(block), /evidence: expected none, got 1/);
        assert.throws(
          () => blockFromJson(JSON.parse(vector.json ?? ''), '$'),
          /\$\.evidence\.evidence\[0\]: expected no evidence, got an object/,
        );
        return;
      }
      const json = JSON.stringify(blockToJson(block));
      if (vector.json) assert.equal(json, vector.json);
      assert.equal(toHex(sha256(toUtf8(json))), vector.jsonHash);
      assert.deepEqual(blockFromJson(JSON.parse(json), '$'), block);
    });
  }

  it('splits into parts of 64 KiB that join to the same bytes', () => {
    for (const [size, total] of [
      [0, 0],
      [1, 1],
      [65_536, 1],
      [65_537, 2],
      [131_072, 2],
    ] as const) {
      const bytes = new Uint8Array(size).fill(9);
      const { header, parts } = splitParts(bytes);
      assert.equal(header.total, total, `${size} bytes`);
      assert.deepEqual(concatBytes(...parts), bytes);
    }
  });

  it('tells block ids apart by hash, total and parts hash', () => {
    const { blockId } = blockIdOf(blockOf(vectors.blocks[1]!));
    const { hash, parts } = blockId;
    const same = { hash: hash.slice(), parts: { total: parts.total, hash: parts.hash.slice() } };
    assert.ok(equalBlockIds(blockId, same));
    assert.ok(!equalBlockIds(blockId, { ...same, hash: parts.hash }));
    assert.ok(!equalBlockIds(blockId, { ...same, parts: { ...parts, total: 2 } }));
    assert.ok(!equalBlockIds(blockId, { ...same, parts: { ...parts, hash } }));
    assert.ok(isNilBlockId(NIL_BLOCK_ID));
    assert.ok(!isNilBlockId({ ...NIL_BLOCK_ID, parts: { total: 1, hash: new Uint8Array(0) } }));
  });

  it('refuses missing, unknown and repeated fields and other encodings', () => {
    const bytes = encodeBlock(blockOf(vectors.blocks[1]!));
    const start = bytes.length - encodedCommitLength(vectors.blocks[1]!);
    const withoutCommit = bytes.subarray(0, start);
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(0), /block\.header: expected a message, got none/],
      [withoutCommit, /block\.last_commit: expected a message, got none/],
      [concatBytes(bytes, bytes.subarray(start)), /last_commit stands twice/],
      [concatBytes(bytes.subarray(start), withoutCommit), /expected the canonical encoding/],
      [concatBytes(bytes, Uint8Array.of(0x2a, 0)), /field 5 is unknown/],
      [bytes.subarray(0, bytes.length - 1), /bytes are missing/],
      [new Uint8Array(104_857_601), /expected up to 104857600 bytes/],
    ];
    for (const [given, message] of cases) assert.throws(() => decodeBlock(given), message);
  });

  it('refuses a flood of empty transactions', () => {
    const block = blockOf(vectors.blocks[0]!);
    const flood = new Uint8Array(2_000_002);
    for (let i = 0; i < flood.length; i += 2) flood[i] = 0x0a;
    const head = encodeBlock(block);
    const at = 1 + 2 + fromHex(vectors.blocks[0]!.header).length;
    const length = Uint8Array.of(0x12, 0x82, 0x89, 0x7a);
    const given = concatBytes(head.subarray(0, at), length, flood, head.subarray(at + 2));
    assert.throws(() => decodeBlock(given), /block\.data\.txs: over 1000000 items/);
  });

  it('reads what it writes with more transactions than a call has arguments', () => {
    const block = {
      ...blockOf(vectors.blocks[0]!),
      transactions: Array(150_000).fill(Uint8Array.of(1)),
    };
    assert.equal(decodeBlock(encodeBlock(block)).transactions.length, 150_000);
  });

  it('refuses evidence that is none or two', () => {
    const item = fromHex(vectors.evidence[1]!.list[0]!);
    assert.throws(() => hashEvidence([new Uint8Array(0)]), /evidence\[0\]: expected one piece/);
    assert.throws(() => hashEvidence([concatBytes(item, Uint8Array.of(0x12, 0))]), /got 2/);
  });

  it('gives EvidenceHash and the room for transactions as CometBFT', () => {
    for (const { list, hash } of vectors.evidence) {
      assert.equal(toHex(hashEvidence(list.map((item) => fromHex(item)))), hash);
    }
    for (const { maxBytes, evidence, validators, left } of vectors.maxDataBytes) {
      const got = maxDataBytes(BigInt(maxBytes), BigInt(evidence), validators);
      assert.equal(got.toString(), left);
    }
    assert.throws(() => maxDataBytes(4_088n, 0n, 1), /maxBytes: expected at least 4089, got 4088/);
  });
});

describe('transactions of a block', () => {
  for (const { sizes, hashes, dataHash, proofs } of vectors.transactions) {
    it(`${sizes.length} of sizes ${sizes}`, () => {
      const txs = transactionsOf(sizes);
      assert.equal(toHex(hashTransactions(txs)), dataHash);
      assert.deepEqual(txs.map(txHash).map(toHex), hashes);
      proofs.forEach((expected, index) => {
        const { rootHash, proof } = txProof(txs, index);
        assert.equal(JSON.stringify(txProofToJson(txProof(txs, index))), expected);
        const { leafHash, total, aunts } = proof;
        assert.deepEqual(merkleRootFromProof(leafHash, index, total, aunts), rootHash);
        assert.equal(toHex(rootHash), dataHash);
      });
      assert.throws(() => txProof(txs, txs.length), RangeError);
    });
  }
});

function encodedCommitLength(vector: BlockVector): number {
  const { length } = fromHex(vector.lastCommit);
  return 1 + (length > 127 ? 2 : 1) + length;
}
