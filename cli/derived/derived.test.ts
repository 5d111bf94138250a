import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Descriptors } from '../../chain/descriptors/index.ts';
import { MODULES } from '../../modules/app.ts';
import { makeProgram } from '../program.ts';
import { run, testTerminal } from '../testing/terminal.ts';
import { fieldsOf, jsonOfText } from './fields.ts';
import { aliasesOf, kebabCase, wordsOf } from './names.ts';

const descriptors = Descriptors.load();

describe('derived commands', function () {
  this.timeout(60_000);
  it('are spelt as the command line spells names', () => {
    assert.deepEqual(
      ['AllBalances', 'maxPricePerHour', 'max_price_per_hour', 'AccountAddressByID'].map(kebabCase),
      ['all-balances', 'max-price-per-hour', 'max-price-per-hour', 'account-address-by-id'],
    );
    assert.deepEqual(aliasesOf('query', 'devices', 'devices'), ['list']);
    assert.deepEqual(aliasesOf('query', 'devices', 'device'), ['show']);
    assert.deepEqual(aliasesOf('tx', 'devices', 'revoke-device'), ['revoke']);
    assert.deepEqual(aliasesOf('tx', 'devices', 'submit-reports'), []);
    assert.deepEqual(wordsOf('One\n  two. Three.'), { first: 'One two', all: 'One two. Three.' });
  });

  it('exist for every message and query that the modules serve', async () => {
    const program = await makeProgram(['tx', 'query'], testTerminal());
    const child = (parent: Command, name: string): Command => {
      const found = parent.commands.find((command) => command.name() === name);
      assert.ok(found, `${parent.name()} ${name}`);
      return found;
    };
    for (const [kind, service] of [
      ['tx', 'msg'],
      ['query', 'query'],
    ] as const) {
      for (const { name, definition } of MODULES) {
        for (const method of Object.values(definition[service]?.methods ?? {})) {
          const command = child(child(child(program, kind), name), kebabCase(method.name));
          assert.notEqual(command.description(), '', `${kind} ${name} ${method.name}`);
        }
      }
    }
  });

  it('show the comments of the .proto texts and the form of fields in their help', async () => {
    const { out, code } = await run(['tx', 'credits', 'buy', '--help']);
    assert.equal(code, 0);
    assert.match(out, /--amount <value>\s+The most that may be burned\./);
    assert.match(out, /\(coin: 5000udepin\)/);
    assert.match(out, /--gas-adjustment <factor>/);
    assert.doesNotMatch(out, /--buyer/, 'the signer comes from --from');
    const query = await run(['query', 'bank', 'balances', '--help']);
    assert.match(query.out, /all-balances\|balances \[options\] <address>/);
    assert.match(query.out, /--page-key <base64>/);
  });

  it('keep flags of their own apart from fields of the same name', () => {
    const fields = fieldsOf(descriptors, 'depin.compute.v1.MsgDeposit', new Set(['amount']));
    assert.deepEqual(
      fields.map(({ name }) => name),
      ['sender', 'order-id', 'msg-amount'],
    );
  });

  it('say what is wrong with a command line, and exit with 1', async () => {
    for (const [line, message] of [
      ['foo', /unknown command 'foo'/],
      ['query bank balances', /missing required argument 'address'/],
      ['query devices list --limit x', /--limit <number>' argument 'x' is invalid/],
      ['query devices list a --owner b --node http://localhost:1', /--owner: given twice/],
      ['tx credits buy --amount 5', /--amount: expected a whole number of base units/],
      ['tx credits buy 5udepin -y', /--from: needed/],
      ['tx credits buy 5udepin --from x -y', /--from: no key with the name or address "x"/],
      ['tx credits buy 5udepin --from x', /pass -y \(--yes\)/],
      ['tx bank send a b 5udepin -y --fees 1u --from a', /--fees <coins>' argument '1u'/],
      ['tx bank send a b 5udepin -y --gas 0', /--gas <limit>' argument '0' is invalid/],
      ['status --node ftp://x', /--node: expected a URL/],
      ['status -o yaml', /Allowed choices are text, json/],
      ['query tx 12', /hash: expected 64 hex digits, got "12"/],
    ] as const) {
      const { code, err, out } = await run(line.split(' '), {
        env: { DEPIND_HOME: '/nonexistent' },
      });
      assert.match(err, message, line);
      assert.equal(code, 1, line);
      assert.equal(out, '', line);
    }
  });
});

describe('fields', () => {
  const field = (message: string, name: string) =>
    fieldsOf(descriptors, message, new Set()).find((found) => found.schema.name === name)!;

  it('turn texts into the JSON of their kind', async () => {
    const of = (message: string, name: string, text: string) =>
      jsonOfText(field(message, name), text);
    const register = 'depin.devices.v1.MsgRegisterDevice';
    assert.equal(await of(register, 'key_type', 'ed25519'), 'KEY_TYPE_ED25519');
    assert.equal(await of(register, 'public_key', '0x0102'), 'AQI=');
    assert.equal(await of(register, 'public_key', 'AQI='), 'AQI=');
    await assert.rejects(of(register, 'key_type', 'rsa'), /--key-type: expected one of .*ed25519/);
    await assert.rejects(of(register, 'public_key', '0x1'), /--public-key: expected hex digits/);
    const send = 'cosmos.bank.v1beta1.MsgSend';
    assert.deepEqual(await of(send, 'amount', '2uzed,1udepin'), [
      { denom: 'udepin', amount: '1' },
      { denom: 'uzed', amount: '2' },
    ]);
    const all = 'cosmos.bank.v1beta1.QueryAllBalancesRequest';
    assert.equal(await of(all, 'resolve_denom', 'true'), true);
    await assert.rejects(of(all, 'resolve_denom', 'yes'), /expected true or false, got "yes"/);
  });

  it('read structures as JSON, also from files', async () => {
    const reports = field('depin.devices.v1.MsgSubmitReports', 'reports');
    assert.deepEqual(await jsonOfText(reports, '[{"sequence":"1"}]'), [{ sequence: '1' }]);
    await assert.rejects(jsonOfText(reports, '[{'), /--reports: expected JSON/);
    const folder = await mkdtemp(join(tmpdir(), 'depind-fields-'));
    try {
      const path = join(folder, 'reports.json');
      await writeFile(path, '[]');
      assert.deepEqual(await jsonOfText(reports, `@${path}`), []);
      await assert.rejects(jsonOfText(reports, `@${folder}/none`), /none cannot be read: ENOENT/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
