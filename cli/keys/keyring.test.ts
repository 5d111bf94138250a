import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing';
import { DEV_ACCOUNTS } from '../localnet/accounts.ts';
import { type Outcome, run, type TerminalOptions } from '../testing/terminal.ts';
import { decryptText, encryptText } from './encryption.ts';
import { walletOf } from './wallet.ts';

const [alice] = DEV_ACCOUNTS as readonly [(typeof DEV_ACCOUNTS)[0]];
const ALICE = 'depin1xvgl5zdk2hqhjk8h84yettj6qrn4nnuwhv38uf';

describe('keys', function () {
  this.timeout(60_000);
  let home: string;
  const keys = (line: string, options: TerminalOptions = {}): Promise<Outcome> =>
    run(['keys', ...line.split(' '), '--home', home], options);

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'depind-keys-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  it('are made, listed, shown and deleted', async () => {
    const added = await keys('add anna -o json');
    assert.equal(added.code, 0, added.err);
    const { name, type, address, mnemonic } = JSON.parse(added.out);
    assert.deepEqual([name, type], ['anna', 'local']);
    assert.equal(mnemonic.split(' ').length, 24);
    assert.match(added.err, /not encrypted/);
    assert.equal((await keys('show anna -a')).out.trim(), address);
    const listed = JSON.parse((await keys('list -o json')).out);
    assert.deepEqual(
      listed.map((key: { address: string }) => key.address),
      [address],
    );
    assert.equal((await keys('delete anna')).code, 1, 'needs a yes');
    assert.equal((await keys('delete anna -y')).code, 0);
    assert.equal((await keys('list')).out, 'no keys\n');
  });

  it('are recovered as CosmJS derives them', async () => {
    const recovered = await keys('add alice --recover -o json', { stdin: `${alice.mnemonic}\n` });
    assert.equal(recovered.code, 0, recovered.err);
    assert.equal(JSON.parse(recovered.out).address, ALICE);
    assert.equal(JSON.parse(recovered.out).mnemonic, undefined);
    const theirs = await DirectSecp256k1HdWallet.fromMnemonic(alice.mnemonic, { prefix: 'depin' });
    const ours = await walletOf({ mnemonic: alice.mnemonic, index: 0, prefix: 'depin' });
    assert.deepEqual(await ours.getAccounts(), await theirs.getAccounts());
  });

  it('refuse words that are no mnemonic, without repeating them', async () => {
    const refused = await keys('add eve --recover', { stdin: 'secret words here\n' });
    assert.equal(refused.code, 1);
    assert.match(refused.err, /mnemonic: expected 12 to 24 English BIP-39 words/);
    assert.doesNotMatch(refused.err, /secret/);
    assert.match((await keys('add eve --recover')).err, /stdin: expected a line, got its end/);
  });

  it('refuse names that are taken, missing or no file names', async () => {
    await keys('add anna');
    assert.match((await keys('add anna')).err, /key "anna" exists already/);
    assert.match((await keys('show otto')).err, /key "otto" is not in/);
    assert.match((await keys('add ../x')).err, /key name: expected .* got "\.\.\/x"/);
  });

  it('lie in files that only their owner reads', async () => {
    await keys('add anna');
    const path = join(home, 'keyring-test', 'anna.json');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    await writeFile(path, '{"name":"anna"}');
    assert.match((await keys('show anna')).err, /anna\.json: expected a key with name/);
  });

  it('are encrypted in the file keyring', async () => {
    const env = { DEPIND_KEYRING_PASSPHRASE: 'correct horse' };
    const stdin = `${alice.mnemonic}\n`;
    const added = await keys('add alice --recover --keyring-backend file', { env, stdin });
    assert.equal(added.code, 0, added.err);
    const text = await readFile(join(home, 'keyring-file', 'alice.json'), 'utf8');
    assert.doesNotMatch(text, /goose/);
    assert.match((await keys('show alice --keyring-backend file -a')).out, new RegExp(ALICE));
    assert.match((await keys('add bob --keyring-backend file')).err, /DEPIND_KEYRING_PASSPHRASE/);
    const short = { env: { DEPIND_KEYRING_PASSPHRASE: 'short' } };
    assert.match((await keys('add bob --keyring-backend file', short)).err, /8 characters or more/);
  });

  it('decrypt with their passphrase only, and only unchanged', async () => {
    const encrypted = await encryptText('words', 'correct horse', 2 ** 10);
    assert.equal(await decryptText(encrypted, 'correct horse'), 'words');
    await assert.rejects(decryptText(encrypted, 'wrong horse'));
    const data = Buffer.from(encrypted.data, 'base64');
    data[0]! ^= 1;
    const changed = { ...encrypted, data: data.toString('base64') };
    await assert.rejects(decryptText(changed, 'correct horse'));
  });
});
