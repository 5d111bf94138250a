import { strict as assert } from 'node:assert';
import { toBase64, toUtf8 } from '../wire/bytes.ts';
import { signedHeaderToJson, validatorToJson } from '../wire/json/encode.ts';
import { type EvidenceSpelling, evidenceSpelling } from '../wire/json/evidence.ts';
import { formatTime } from '../wire/time.ts';
import { evidenceToJson, hashEvidence } from './evidence/encodeEvidence.ts';
import { CHAIN_ID, makeBlock, START, signersOf } from './testing/chain.ts';
import { fails, type Params, RpcNode } from './testing/rpcNode.ts';

const many = makeBlock({ height: 7n, signers: signersOf('many', Array<bigint>(230).fill(1n)) });
const block = makeBlock({ height: 7n, signers: signersOf('few', [2n, 1n]) });

/** A page of validators as CometBFT serves them. */
function pageOf({ page, per_page }: Params) {
  const from = (Number(page) - 1) * Number(per_page);
  const items = many.validators.slice(from, from + Number(per_page)).map(validatorToJson);
  return { block_height: '7', validators: items, count: `${items.length}`, total: '230' };
}

describe('HttpProvider', () => {
  const node = new RpcNode();
  before(() => node.start());
  after(() => node.stop());

  it('asks for a commit by height as CometBFT reads it', async () => {
    node.handler = (method, params) => {
      assert.deepEqual([method, params], ['commit', { height: '7' }]);
      return { result: { signed_header: signedHeaderToJson(block.signedHeader), canonical: true } };
    };
    assert.deepEqual(await node.provider().signedHeader(7n), block.signedHeader);
  });

  it('asks for the latest commit without a height', async () => {
    node.handler = (_, params) => {
      assert.deepEqual(params, {});
      return { result: { signed_header: signedHeaderToJson(block.signedHeader) } };
    };
    assert.deepEqual(await node.provider().signedHeader(), block.signedHeader);
  });

  it('collects all pages of validators', async () => {
    const pages: unknown[] = [];
    node.handler = (_, params) => {
      pages.push(params.page);
      return { result: pageOf(params) };
    };
    assert.deepEqual(await node.provider().validators(7n), many.validators);
    assert.deepEqual(pages, ['1', '2', '3']);
  });

  it('refuses pages that never add up to the total', async () => {
    node.handler = () => ({ result: { validators: [], total: '230' } });
    await fails(node.provider().validators(7n), 'badResponse', /expected 230 in all, got 0/);
    node.handler = (_, params) => ({ result: { ...pageOf(params), total: '10' } });
    await fails(node.provider().validators(7n), 'badResponse', /expected 10 in all, got 100/);
    node.handler = () => ({ result: { validators: [], total: '10001' } });
    await fails(node.provider().validators(7n), 'badResponse', /total/);
    const one = many.validators.slice(0, 1).map(validatorToJson);
    const fetch = async () => Response.json({ result: { validators: one, total: '230' } });
    await fails(node.provider({ fetch }).validators(7n), 'badResponse', /expected 230 .*got 100/);
  });

  it('asks for a store value with its proof', async () => {
    node.handler = (method, params) => {
      const expected = { path: '/store/devices/key', data: '01ff', prove: true, height: '6' };
      assert.deepEqual([method, params], ['abci_query', expected]);
      const op = { type: 'ics23:iavl', key: toBase64(Uint8Array.of(1, 255)), data: 'AQID' };
      const response = {
        code: 0,
        key: op.key,
        value: 'BAUG',
        height: '6',
        proofOps: { ops: [op] },
      };
      return { result: { response } };
    };
    const data = Uint8Array.of(1, 255);
    const path = '/store/devices/key';
    const got = await node.provider().abciQuery({ path, data, height: 6n, prove: true });
    assert.deepEqual(got, {
      code: 0,
      codespace: '',
      log: '',
      key: data,
      value: Uint8Array.of(4, 5, 6),
      height: 6n,
      proofOps: [{ type: 'ics23:iavl', key: data, data: Uint8Array.of(1, 2, 3) }],
    });
  });

  it('reads the status, and refuses that of another chain', async () => {
    const status = (network: string) => ({
      node_info: { network },
      sync_info: {
        latest_block_height: '12',
        latest_block_time: formatTime(START),
        catching_up: false,
      },
    });
    node.handler = () => ({ result: status(CHAIN_ID) });
    const expected = {
      chainId: CHAIN_ID,
      latestHeight: 12n,
      latestTime: START,
      isCatchingUp: false,
    };
    assert.deepEqual(await node.provider().status(), expected);
    node.handler = () => ({ result: status('other') });
    await fails(
      node.provider().status(),
      'badResponse',
      /network: expected "test-chain-1", got "other"/,
    );
  });

  it('refuses a header of another chain or height', async () => {
    node.handler = () => ({ result: { signed_header: signedHeaderToJson(block.signedHeader) } });
    await fails(node.provider({ chainId: 'other' }).signedHeader(7n), 'badResponse', /chain_id/);
    await fails(node.provider().signedHeader(8n), 'badResponse', /height: expected 8, got 7/);
  });

  it('blames a node for one only where no chain makes it that long', async () => {
    node.handler = () => ({ result: 'x'.repeat(2_000) });
    const short = node.provider({ maxResponseBytes: 1_000 });
    const tooLong = /^\w+: response: expected at most 1000 bytes$/;
    await fails(short.signedHeader(5n), 'badResponse', tooLong);
    await fails(short.validators(5n), 'badResponse', tooLong);
    await fails(short.txResults(5n), 'notFound', tooLong);
    await fails(short.call('block', { height: '5' }), 'notFound', tooLong);
  });

  it('refuses urls that it cannot ask, without repeating them', () => {
    for (const url of ['ftp://host', 'http://me:pass@host', 'http://', 'file:///x']) {
      assert.throws(() => node.provider({ url }), /^TypeError: url: expected http/);
    }
  });

  it('names the path of what it does not understand', async () => {
    node.handler = () => {
      const json = signedHeaderToJson(block.signedHeader);
      return {
        result: { signed_header: { ...json, header: { ...json.header, time: toUtf8('x') } } },
      };
    };
    await fails(
      node.provider().signedHeader(7n),
      'badResponse',
      /commit\.signed_header\.header\.time/,
    );
  });

  describe('reports evidence', () => {
    const { signedHeader, validators } = block;
    const evidence = {
      conflictingBlock: { signedHeader, validators },
      commonHeight: 6n,
      byzantineValidators: validators.slice(0, 1),
      totalVotingPower: 3n,
      timestamp: START,
    };
    const took = () => ({ result: { hash: toBase64(hashEvidence(evidence)) } });
    const refused = (data: string) => ({
      error: { code: -32603, message: 'Internal error', data },
    });
    const spellings: unknown[] = [];

    /** A node of a version, which sees only what is spelled as it spells it. */
    const answers = (spelling: EvidenceSpelling, then: () => object) => {
      spellings.length = 0;
      node.handler = (_, params) => {
        const isSeen = evidenceSpelling(params.evidence) === spelling;
        spellings.push(evidenceSpelling(params.evidence));
        if (!isSeen) return refused('evidence.ValidateBasic failed: conflicting block is nil');
        assert.deepEqual(params, { evidence: evidenceToJson(evidence, spelling) });
        return then();
      };
    };

    it('to a node of 0.38, and to one of 1.x, as they spell it', async () => {
      answers('CamelCase', took);
      await node.provider().reportEvidence(evidence);
      assert.deepEqual(spellings, ['CamelCase']);
      answers('snake_case', took);
      await node.provider().reportEvidence(evidence);
      assert.deepEqual(spellings, ['CamelCase', 'snake_case']);
    });

    it('and tells why either does not take it', async () => {
      const tooOld = () => refused('evidence from height 6 is too old');
      for (const spelling of ['CamelCase', 'snake_case'] as const) {
        answers(spelling, tooOld);
        const isTooOld = /evidence from height 6 is too old/;
        await fails(node.provider().reportEvidence(evidence), 'badResponse', isTooOld);
        assert.equal(spellings.at(-1), spelling);
      }
      answers('CamelCase', () => ({ result: { hash: toBase64(new Uint8Array(32)) } }));
      const isOther = /broadcast_evidence\.hash: expected [0-9a-f]{64}, got 0{64}$/;
      await fails(node.provider().reportEvidence(evidence), 'badResponse', isOther);
    });
  });
});
