import assert from 'node:assert/strict';
import { fromHex } from '../bytes.ts';
import { decodeCommit } from '../commit.ts';
import { decodeHeader } from '../header.ts';
import type { Vote } from '../types.ts';
import vectors from '../vectors/comet.json' with { type: 'json' };
import { commitFromJson, headerFromJson, validatorSetFromJson } from './decode.ts';
import {
  commitToJson,
  consensusParamsToJson,
  headerToJson,
  validatorToJson,
  voteToJson,
} from './encode.ts';

describe('JSON as CometBFT prints it', () => {
  for (const { name, proto, json } of vectors.headers) {
    it(`header: ${name}`, () => {
      const header = decodeHeader(fromHex(proto));
      assert.equal(JSON.stringify(headerToJson(header)), json);
      // Lengths that CometBFT would never print are refused here already.
      if (name === 'short validators hash') {
        assert.throws(
          () => headerFromJson(JSON.parse(json), '$'),
          /\$\.validators_hash: expected 0/,
        );
      } else assert.deepEqual(headerFromJson(JSON.parse(json), '$'), header);
    });
  }

  for (const { name, proto, json } of vectors.commits) {
    it(`commit: ${name}`, () => {
      const commit = decodeCommit(fromHex(proto));
      assert.equal(JSON.stringify(commitToJson(commit)), json);
      assert.deepEqual(commitFromJson(JSON.parse(json), '$'), commit);
    });
  }

  for (const { name, json } of vectors.validatorSets) {
    it(`validators: ${name}`, () => {
      const validators = validatorSetFromJson(JSON.parse(json), '$');
      assert.equal(JSON.stringify(validators.map(validatorToJson)), json);
    });
  }

  it('consensus parameters', () => {
    for (const { json } of vectors.params) {
      const { block, evidence, validator, version, abci } = JSON.parse(json);
      const printed = consensusParamsToJson({
        block: { maxBytes: BigInt(block.max_bytes), maxGas: BigInt(block.max_gas) },
        evidence: {
          maxAgeNumBlocks: BigInt(evidence.max_age_num_blocks),
          maxAgeDurationNs: BigInt(evidence.max_age_duration),
          maxBytes: BigInt(evidence.max_bytes),
        },
        validator: { pubKeyTypes: validator.pub_key_types },
        version: { app: BigInt(version.app) },
        abci: { voteExtensionsEnableHeight: BigInt(abci.vote_extensions_enable_height) },
      });
      assert.equal(JSON.stringify(printed), json);
    }
  });

  it('votes, as a commit of one signature reads them', () => {
    for (const { json } of vectors.votes) {
      const read = JSON.parse(json);
      const signature = { ...read, block_id_flag: 2 };
      const commit = commitFromJson({ ...read, signatures: [signature] }, '$');
      const { timestamp, validatorAddress, signature: bytes } = commit.signatures[0]!;
      const vote: Vote = {
        type: read.type,
        height: commit.height,
        round: commit.round,
        blockId: commit.blockId,
        timestamp,
        validatorAddress,
        validatorIndex: read.validator_index,
        signature: bytes,
      };
      assert.equal(JSON.stringify(voteToJson(vote)), json);
    }
  });
});
