import assert from 'node:assert/strict';
import { NIL_BLOCK_ID } from '../types.ts';
import vectors from '../vectors/comet.json' with { type: 'json' };
import {
  blockFromJson,
  blockIdFromJson,
  commitFromJson,
  headerFromJson,
  publicKeyFromJson,
  signedHeaderFromJson,
  validatorFromJson,
  validatorSetFromJson,
} from './decode.ts';
import { signedHeaderToJson } from './encode.ts';
import type { Read } from './read.ts';

type Json = Record<string, unknown>;

const header = () => JSON.parse(vectors.headers[0]!.json) as Json;
const commit = () => JSON.parse(vectors.commits[2]!.json) as Json & { signatures: Json[] };
const validator = () => (JSON.parse(vectors.validatorSets[4]!.json) as Json[])[0]!;

/** Reading `base` with `change` must fail with exactly this message. */
function refuses<T>(read: Read<T>, base: Json, change: Json, message: string): void {
  assert.throws(() => read({ ...base, ...change }, '$'), { message });
}

describe('JSON from strangers', () => {
  it('names the path, what was given and what was expected', () => {
    refuses(
      headerFromJson,
      header(),
      { height: 'x' },
      '$.height: expected an integer from 0 to 9223372036854775807 as a string, got "x"',
    );
    refuses(
      headerFromJson,
      header(),
      { chain_id: 7 },
      '$.chain_id: expected a text of up to 1024 characters, got 7',
    );
    refuses(
      headerFromJson,
      header(),
      { time: null },
      '$.time: expected an RFC 3339 time, got null',
    );
    refuses(
      headerFromJson,
      header(),
      { last_block_id: [] },
      '$.last_block_id: expected an object, got an array of 0',
    );
    refuses(
      headerFromJson,
      header(),
      { data_hash: 'ABC' },
      '$.data_hash: expected hex digits in pairs, got "ABC"',
    );
    refuses(
      headerFromJson,
      header(),
      { data_hash: 'AB' },
      '$.data_hash: expected 0 or 32 bytes in hex, got "AB"',
    );
    refuses(
      commitFromJson,
      commit(),
      { signatures: null },
      '$.signatures: expected an array, got null',
    );
    refuses(
      commitFromJson,
      commit(),
      { round: 1.5 },
      '$.round: expected an integer from 0 to 2147483647, got 1.5',
    );
    refuses(
      validatorFromJson,
      validator(),
      { pub_key: { type: 'x', value: '' } },
      '$.pub_key.type: expected tendermint/PubKeyEd25519 or tendermint/PubKeySecp256k1, got "x"',
    );
  });

  it('clips what was given', () => {
    const long = `${'9'.repeat(60)}… (5000 characters)`.replace('…', '"…');
    const expected = `$.height: expected an integer from 0 to 9223372036854775807 as a string, got "${long}`;
    refuses(headerFromJson, header(), { height: '9'.repeat(5000) }, expected);
  });

  it('refuses a header or commit that lacks any one field', () => {
    const optional = new Set(['signature']);
    const cases: [Read<unknown>, Json, string][] = [
      [headerFromJson, header(), ''],
      [commitFromJson, commit(), ''],
      [validatorFromJson, { ...validator(), proposer_priority: undefined }, ''],
    ];
    for (const [read, base] of cases) {
      for (const name of Object.keys(base)) {
        if (base[name] === undefined || optional.has(name)) continue;
        const { [name]: _, ...rest } = base;
        assert.throws(() => read(rest, '$'), new RegExp(`\\$\\.${name}: .* got nothing`), name);
      }
    }
  });

  it('reads integers only within their range and in one form', () => {
    const heights = [
      '-1',
      '01',
      '1.0',
      '1e3',
      ' 1',
      '+1',
      '',
      '0x1',
      '9223372036854775808',
      5,
      null,
    ];
    for (const height of heights) {
      assert.throws(() => headerFromJson({ ...header(), height }, '$'), /\$\.height/, `${height}`);
    }
    for (const round of [-1, 2_147_483_648, '2147483648', Number.NaN, '1.5', true, '99999999999']) {
      assert.throws(() => commitFromJson({ ...commit(), round }, '$'), /\$\.round/, `${round}`);
    }
    for (const proposer_priority of ['9223372036854775808', '-9223372036854775809', 3]) {
      assert.throws(() => validatorFromJson({ ...validator(), proposer_priority }, '$'), TypeError);
    }
    const lowest = validatorFromJson({ ...validator(), proposer_priority: `${-(2n ** 63n)}` }, '$');
    assert.equal(lowest.proposerPriority, -(2n ** 63n));
    assert.equal(commitFromJson({ ...commit(), round: '2147483647' }, '$').round, 2_147_483_647);
  });

  it('reads parts under both names and hex in both cases', () => {
    const hash = 'ab'.repeat(32);
    const expected = blockIdFromJson({ hash, parts: { total: 3, hash } }, '$');
    const other = { hash: hash.toUpperCase(), part_set_header: { total: '3', hash } };
    assert.deepEqual(blockIdFromJson(other, '$'), expected);
    const nil = { hash: '', parts: { total: 0, hash: '' } };
    assert.deepEqual(blockIdFromJson(nil, '$'), NIL_BLOCK_ID);
    assert.throws(
      () => blockIdFromJson({ hash }, '$'),
      /\$\.parts: expected an object, got nothing/,
    );
    const over = { hash, parts: { total: 2 ** 32, hash } };
    assert.throws(() => blockIdFromJson(over, '$'), /\$\.parts\.total/);
  });

  it('refuses flags, addresses and signatures that are none', () => {
    const cases: [Json, RegExp][] = [
      [{ block_id_flag: 0 }, /signatures\[0\]\.block_id_flag/],
      [{ block_id_flag: 4 }, /signatures\[0\]\.block_id_flag/],
      [{ validator_address: 'AB' }, /validator_address: expected 0 or 20 bytes in hex, got "AB"/],
      [{ signature: 'A' }, /signature: expected standard base64/],
      [{ signature: 'AB==' }, /signature: base64 has non-zero spare bits/],
      [{ signature: btoa('x'.repeat(65)) }, /signature: expected up to 64 bytes in base64/],
      [{ signature: 5 }, /signature: expected up to 64 bytes in base64, got 5/],
      [{ timestamp: '2024-01-01' }, /timestamp: expected an RFC 3339 time/],
    ];
    for (const [change, message] of cases) {
      const [first, ...rest] = commit().signatures;
      const changed = { ...commit(), signatures: [{ ...first, ...change }, ...rest] };
      assert.throws(() => commitFromJson(changed, '$'), message);
    }
  });

  it('reads up to 10,000 signatures and validators', () => {
    const signature = commit().signatures[0]!;
    const many = (length: number) => ({ ...commit(), signatures: Array(length).fill(signature) });
    assert.equal(commitFromJson(many(10_000), '$').signatures.length, 10_000);
    assert.throws(() => commitFromJson(many(10_001), '$'), /at most 10000 items, got an array of/);
    const validators = Array(10_001).fill(validator());
    assert.throws(() => validatorSetFromJson(validators, '$'), /at most 10000 items/);
  });

  it('refuses keys of a wrong length', () => {
    const type = 'tendermint/PubKeyEd25519';
    const value = btoa('x'.repeat(33));
    assert.throws(() => publicKeyFromJson({ type, value }, '$'), /\$\.value: expected 32 bytes of/);
    const longer = { type, value: btoa('x'.repeat(34)) };
    assert.throws(() => publicKeyFromJson(longer, '$'), /up to 33 bytes in base64/);
  });

  it('reads own properties alone', () => {
    const inherited = Object.create(header()) as Json;
    assert.throws(() => headerFromJson(inherited, '$'), /\$\.version: .* got nothing/);
    const polluted = JSON.parse(`{"__proto__": ${vectors.headers[0]!.json}}`);
    assert.throws(() => headerFromJson(polluted, '$'), /\$\.version: .* got nothing/);
    const holes = { ...commit(), signatures: new Array(2) };
    assert.throws(
      () => commitFromJson(holes, '$'),
      /signatures\[0\]: expected an object, got nothing/,
    );
  });

  it('leaves fields alone that it does not know', () => {
    const more = { ...header(), extra: { deep: [1] } };
    assert.deepEqual(headerFromJson(more, '$'), headerFromJson(header(), '$'));
  });

  it('gives the path inside of a signed header and a block', () => {
    const signed = { header: header(), commit: { ...commit(), height: '' } };
    assert.throws(() => signedHeaderFromJson(signed, 'result.signed_header'), {
      message: /^result\.signed_header\.commit\.height: /,
    });
    const good = { header: header(), commit: commit() };
    assert.deepEqual(signedHeaderToJson(signedHeaderFromJson(good, '$')), good);
    const block = JSON.parse(vectors.blocks[2]!.json!);
    assert.throws(
      () => blockFromJson({ ...block, data: { txs: ['%'] } }, '$'),
      /\$\.data\.txs\[0\]/,
    );
    assert.throws(() => blockFromJson({ ...block, last_commit: null }, '$'), /\$\.last_commit/);
    assert.deepEqual(blockFromJson({ ...block, data: {} }, '$').transactions, []);
  });
});
