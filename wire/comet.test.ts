/** Everything here is compared with what CometBFT's own types package made of the same data. */
import assert from 'node:assert/strict';
import { equalBytes, fromHex, toHex } from './bytes.ts';
import { checkCommit, decodeCommit, encodeCommit, hashCommit } from './commit.ts';
import { checkHeader, decodeHeader, encodeHeader, hashHeader } from './header.ts';
import { blockIdFromJson, validatorSetFromJson } from './json/decode.ts';
import { encodeTxResult, hashConsensusParams, hashResults } from './results.ts';
import { parseTime } from './time.ts';
import { BLOCK_ID_FLAG, type Vote, type VoteType } from './types.ts';
import {
  encodeValidator,
  hashValidatorSet,
  sortValidators,
  totalVotingPower,
  validatorAddress,
} from './validatorSet.ts';
import vectors from './vectors/comet.json' with { type: 'json' };
import {
  commitSignBytes,
  commitVoteSignBytes,
  encodeVote,
  voteExtensionSignBytes,
  voteSignBytes,
} from './vote.ts';

const CHAIN_ID = 'depin-localnet-1';

describe('CometBFT vectors', () => {
  for (const { name, proto, hash, valid } of vectors.headers) {
    it(`header: ${name}`, () => {
      const header = decodeHeader(fromHex(proto));
      assert.equal(toHex(encodeHeader(header)), proto);
      assert.equal(toHex(hashHeader(header)), hash);
      assert.equal(checkHeader(header).ok, valid);
    });
  }

  for (const { name, proto, hash, valid, signBytes } of vectors.commits) {
    it(`commit: ${name}`, () => {
      const commit = decodeCommit(fromHex(proto));
      assert.equal(toHex(encodeCommit(commit)), proto);
      assert.equal(toHex(hashCommit(commit)), hash);
      assert.equal(checkCommit(commit).ok, valid);
      signBytes.forEach((expected, index) => {
        const isAbsent = commit.signatures[index]!.flag === BLOCK_ID_FLAG.absent;
        assert.equal(isAbsent, expected === null);
        const all = commitSignBytes(CHAIN_ID, commit);
        for (const signBytes of [all, (at: number) => commitVoteSignBytes(CHAIN_ID, commit, at)]) {
          if (isAbsent) assert.throws(() => signBytes(index), RangeError);
          else assert.equal(toHex(signBytes(index)), expected);
        }
      });
      const beyond = commit.signatures.length;
      assert.throws(() => commitVoteSignBytes(CHAIN_ID, commit, beyond), /expected a vote/);
    });
  }

  for (const { name, chainId, json, proto, signBytes } of vectors.votes) {
    it(`vote: ${name}`, () => {
      const vote = readVote(json);
      assert.equal(toHex(voteSignBytes(chainId, vote)), signBytes);
      assert.equal(toHex(encodeVote(vote)), proto);
    });
  }

  for (const { name, chainId, height, round, extension, signBytes } of vectors.voteExtensions) {
    it(`vote extension: ${name}`, () => {
      const fields = { height: BigInt(height), round, extension: fromHex(extension) };
      assert.equal(toHex(voteExtensionSignBytes(chainId, fields)), signBytes);
    });
  }

  for (const { name, hash, json, total, firstProto } of vectors.validatorSets) {
    it(`validator set: ${name}`, () => {
      const validators = validatorSetFromJson(JSON.parse(json), 'validators');
      assert.equal(toHex(hashValidatorSet(validators)), hash);
      assert.equal(totalVotingPower(validators).toString(), total);
      assert.deepEqual(sortValidators([...validators].reverse()), validators);
      for (const { address, publicKey } of validators) {
        assert.ok(equalBytes(validatorAddress(publicKey), address));
      }
      if (firstProto) assert.equal(toHex(encodeValidator(validators[0]!)), firstProto);
    });
  }

  it('results: encodings and LastResultsHash', () => {
    for (const { results, hash } of vectors.results) {
      const read = results.map((result) => ({
        code: result.code,
        data: fromHex(result.data),
        gasWanted: BigInt(result.gasWanted),
        gasUsed: BigInt(result.gasUsed),
      }));
      assert.deepEqual(
        read.map((result) => toHex(encodeTxResult(result))),
        results.map((result) => result.proto),
      );
      assert.equal(toHex(hashResults(read)), hash);
    }
  });

  it('consensus parameters: ConsensusHash', () => {
    for (const { json, hash } of vectors.params) {
      const { max_bytes, max_gas } = JSON.parse(json).block;
      const block = { maxBytes: BigInt(max_bytes), maxGas: BigInt(max_gas) };
      assert.equal(toHex(hashConsensusParams({ block })), hash);
    }
  });
});

/** CometBFT's vote JSON; read here alone, as no part of the project reads votes from strangers. */
function readVote(text: string): Vote {
  const json = JSON.parse(text);
  return {
    type: json.type as VoteType,
    height: BigInt(json.height),
    round: json.round,
    blockId: blockIdFromJson(json.block_id, 'block_id'),
    timestamp: parseTime(json.timestamp),
    validatorAddress: fromHex(json.validator_address),
    validatorIndex: json.validator_index,
    signature: Uint8Array.from(Buffer.from(json.signature, 'base64')),
  };
}

describe('commit, header and validator set rules', () => {
  const plain = decodeHeader(fromHex(vectors.headers[0]!.proto));
  const commit = decodeCommit(fromHex(vectors.commits[2]!.proto));

  it('names the header field that breaks a rule, with both values', () => {
    const cases = [
      [{ height: 0n }, 'height', '0', 'at least 1'],
      [{ version: { block: 10n, app: 0n } }, 'version.block', '10', '11'],
      [{ dataHash: new Uint8Array(31) }, 'data_hash', '31 bytes', '32 bytes or none'],
      [{ proposerAddress: new Uint8Array(21) }, 'proposer_address', '21 bytes', '20 bytes'],
    ] as const;
    for (const [change, field, got, expected] of cases) {
      assert.deepEqual(checkHeader({ ...plain, ...change }), {
        ok: false,
        reason: 'malformed',
        field,
        got,
        expected,
      });
    }
  });

  it('refuses a commit of negative height or round and signatures over 64 bytes', () => {
    const [first, second, ...rest] = commit.signatures;
    const long = { ...second!, signature: new Uint8Array(65) };
    const bad = [
      { ...commit, height: -1n },
      { ...commit, round: -1 },
      { ...commit, signatures: [first!, long, ...rest] },
    ].map((changed) => checkCommit(changed));
    assert.deepEqual(
      bad.map((verdict) => (verdict.ok ? 'ok' : verdict.field)),
      ['height', 'round', 'signatures[1].signature'],
    );
  });

  it('changes the hash with every field of a header', () => {
    const hashes = new Set([toHex(hashHeader(plain))]);
    const other = new Uint8Array(32).fill(7);
    const changes: Partial<typeof plain>[] = [
      { version: { ...plain.version, app: 1n } },
      { version: { ...plain.version, block: 12n } },
      { chainId: 'other' },
      { height: plain.height + 1n },
      { time: plain.time - 1n },
      { lastBlockId: { ...plain.lastBlockId, hash: other } },
      { lastBlockId: { ...plain.lastBlockId, parts: { total: 2, hash: other } } },
      { lastCommitHash: other },
      { dataHash: other },
      { validatorsHash: other },
      { nextValidatorsHash: other },
      { consensusHash: other },
      { appHash: other },
      { lastResultsHash: other },
      { evidenceHash: other },
      { proposerAddress: other.subarray(12) },
    ];
    for (const change of changes) hashes.add(toHex(hashHeader({ ...plain, ...change })));
    assert.equal(hashes.size, changes.length + 1);
  });

  it('refuses a total power over the limit, a negative power and a key of a wrong length', () => {
    const most = ((1n << 63n) - 1n) / 8n;
    assert.equal(totalVotingPower([{ votingPower: most }]), most);
    assert.throws(() => totalVotingPower([{ votingPower: most }, { votingPower: 1n }]), RangeError);
    assert.throws(() => totalVotingPower([{ votingPower: -1n }]), /votingPower: expected 0/);
    const publicKey = { type: 'ed25519', bytes: new Uint8Array(33) } as const;
    assert.throws(() => hashValidatorSet([{ publicKey, votingPower: 1n }]), /expected 32 bytes/);
  });

  it('sorts equal powers by address without changing its argument', () => {
    const of = (votingPower: bigint, first: number) => ({
      votingPower,
      address: Uint8Array.of(first),
    });
    const given = [of(1n, 3), of(2n, 9), of(1n, 2), of(2n, 1)];
    const copy = [...given];
    assert.deepEqual(sortValidators(given), [of(2n, 1), of(2n, 9), of(1n, 2), of(1n, 3)]);
    assert.deepEqual(given, copy);
  });

  it('refuses commits and headers in any encoding but the canonical one', () => {
    const bytes = encodeCommit(commit);
    const header = encodeHeader(plain);
    const junk = Uint8Array.of(0x78, 1);
    const cases: [Uint8Array, RegExp][] = [
      [join(bytes, junk), /commit: field 15 is unknown/],
      [join(bytes, Uint8Array.of(0x08, 1)), /height stands twice/],
      [bytes.subarray(0, bytes.length - 1), /bytes are missing/],
      [join(bytes.subarray(2), bytes.subarray(0, 2)), /expected the canonical encoding/],
      [Uint8Array.of(0x10, 0x80, 0x80, 0x80, 0x80, 0x08), /round: expected an int32/],
      [Uint8Array.of(0x22, 2, 0x08, 4), /block_id_flag: expected 1/],
      [Uint8Array.of(0x22, 0), /block_id_flag: expected 1/],
      [Uint8Array.of(0x0a, 0), /height has wire type 2/],
    ];
    for (const [given, message] of cases) assert.throws(() => decodeCommit(given), message);
    assert.throws(() => decodeHeader(join(header, junk)), /header: field 15 is unknown/);
    assert.throws(() => decodeHeader(new Uint8Array(0)), /expected the canonical encoding/);
  });

  it('stops at 10,000 signatures', () => {
    const signature = commit.signatures[1]!;
    const many = { ...commit, signatures: Array(10_001).fill(signature) };
    assert.throws(() => decodeCommit(encodeCommit(many)), /signatures: expected at most 10000/);
  });
});

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Uint8Array.from([...a, ...b]);
}
