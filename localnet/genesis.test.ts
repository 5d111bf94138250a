import assert from 'node:assert/strict';
import { toUtf8 } from '../wire/bytes.ts';
import { genesisToText, parseGenesis } from './genesis.ts';
import { parseStrictJson } from './strictJson.ts';

// As cometbft writes it, with the key of ed25519.GenPrivKeyFromSecret("x").
const valid = {
  genesis_time: '2025-01-02T03:04:05.000000006Z',
  chain_id: 'chain-1',
  initial_height: '1',
  validators: [
    {
      address: '10CB5E1084A782671DE977B8097F5606B726919F',
      pub_key: {
        type: 'tendermint/PubKeyEd25519',
        value: 'zZd7tqRa5QpsN58h37sn8pW9ebfm3Vu7GGUaKuAE24g=',
      },
      power: '10',
      name: 'a',
    },
  ],
  app_hash: '',
};
const [validator] = valid.validators;
const parse = (value: unknown) => parseGenesis(toUtf8(JSON.stringify(value)));

describe('genesis', () => {
  it('reads what CometBFT writes, and writes it back equal', () => {
    const genesis = parse(valid);
    assert.equal(genesis.genesisTime, 1_735_787_045_000_000_006n);
    assert.equal(genesis.validators[0]!.power, 10n);
    assert.equal(genesis.consensusParams.block.maxBytes, 22_020_096n);
    assert.deepEqual(parseGenesis(toUtf8(genesisToText(genesis))), genesis);
  });

  it('keeps the text of app_state, digits and all', () => {
    const text = `{"genesis_time":"2025-01-02T03:04:05Z","app_state":{ "n": 12345678901234567890123, "app_state": [1,{"x":"}"}] },"chain_id":"c"}`;
    const genesis = parseGenesis(toUtf8(text));
    assert.equal(genesis.appState, '{ "n": 12345678901234567890123, "app_state": [1,{"x":"}"}] }');
    assert.deepEqual(parseGenesis(toUtf8(genesisToText(genesis))), genesis);
  });

  it("reads the SDK's form", () => {
    const { validators, ...rest } = valid;
    const params = { block: { max_bytes: '2000000', max_gas: '5' } };
    const genesis = parse({
      ...rest,
      initial_height: 1,
      app_hash: null,
      consensus: { validators, params },
    });
    assert.equal(genesis.consensusParams.block.maxGas, 5n);
    assert.equal(genesis.validators.length, 1);
  });

  it('takes Windows line ends', () => {
    const text = JSON.stringify(valid, null, 2).replaceAll('\n', '\r\n');
    assert.equal(parseGenesis(toUtf8(text)).chainId, 'chain-1');
  });

  const table: [string, unknown, RegExp][] = [
    [
      'no chain id',
      { ...valid, chain_id: '' },
      /genesis\.chain_id: expected a text of 1 to 50 bytes/,
    ],
    ['a long chain id', { ...valid, chain_id: 'x'.repeat(51) }, /genesis\.chain_id/],
    [
      'no time',
      { ...valid, genesis_time: undefined },
      /genesis\.genesis_time: expected a text, got nothing/,
    ],
    [
      'a time that is none',
      { ...valid, genesis_time: 'now' },
      /genesis\.genesis_time: expected an RFC 3339/,
    ],
    [
      'a negative height',
      { ...valid, initial_height: '-1' },
      /genesis\.initial_height: expected 0 or more/,
    ],
    [
      'a fractional height',
      { ...valid, initial_height: 1.5 },
      /genesis\.initial_height: expected an integer/,
    ],
    ['a height over 64 bits', { ...valid, initial_height: '9223372036854775808' }, /64-bit/],
    ['an unknown field', { ...valid, extra: 1 }, /genesis\.extra: unknown field/],
    [
      'power 0',
      { ...valid, validators: [{ ...validator, power: '0' }] },
      /validators\[0\]\.power: expected 1 or more, got "0"/,
    ],
    [
      'a foreign address',
      { ...valid, validators: [{ ...validator, address: '00'.repeat(20) }] },
      /validators\[0\]\.address: expected 10CB5E/,
    ],
    [
      'the same key twice',
      { ...valid, validators: [validator, validator] },
      /validators\[1\]\.pub_key/,
    ],
    [
      'a short key',
      {
        ...valid,
        validators: [{ ...validator, pub_key: { ...validator!.pub_key, value: 'AA==' } }],
      },
      /validators\[0\]\.pub_key/,
    ],
    [
      'another kind of key',
      { ...valid, validators: [{ ...validator, pub_key: { ...validator!.pub_key, type: 'x' } }] },
      /pub_key\.type: expected tendermint\/PubKeyEd25519/,
    ],
    [
      'a block of no size',
      { ...valid, consensus_params: { block: { max_bytes: '0', max_gas: '-1' } } },
      /block\.max_bytes: expected -1 or 1 to/,
    ],
    ['a list', [], /genesis: expected an object/],
  ];
  for (const [name, value, message] of table) {
    it(`refuses ${name}`, () => assert.throws(() => parse(value), message));
  }

  it('refuses a byte order mark, members that stand twice, cut-off text and deep nesting', () => {
    const text = JSON.stringify(valid);
    assert.throws(() => parseGenesis(toUtf8(`\ufeff${text}`)), /byte order mark/);
    assert.throws(
      () => parseGenesis(toUtf8(text.replace('"name"', '"power":"9","name"'))),
      /genesis\.validators\[0\]\.power: stands twice/,
    );
    assert.throws(() => parseGenesis(toUtf8(text.slice(0, -1))), /genesis: expected JSON/);
    assert.throws(() => parseStrictJson('['.repeat(200) + ']'.repeat(200), 'x'), /128 levels/);
    assert.throws(() => parseGenesis(Uint8Array.of(0x7b, 0xff, 0x7d)), /UTF-8/);
  });
});
