/**
 * The official Go modules as judges: they print the committed vectors again, byte for byte, and CometBFT's own light
 * client follows a localnet that runs depind. Needs Go; `npm run interop` runs it.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SigningStargateClient } from '@cosmjs/stargate';
import { NETWORK_CHAIN_ID, startNetwork } from '../test/support/network.ts';

const run = promisify(execFile);
const INTEROP = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(INTEROP);
const BIN = join(INTEROP, 'bin');
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Programs that print one file each, with their arguments. */
const PRINTED: [string, readonly string[], string][] = [
  ['iavlvectors', [], 'chain/store/vectors/iavl.json'],
  ['eventvectors', [], 'chain/module/vectors/events.json'],
  ['aminovectors', [], 'chain/app/amino/vectors/amino.json'],
  ['jsonvectors', [], 'chain/descriptors/vectors/json.json'],
  ['feegrantvectors', [], 'modules/feegrant/vectors/feegrant.json'],
  ['antevectors', [], 'chain/app/vectors/ante.json'],
  ['unorderedvectors', [], 'chain/app/vectors/unordered.json'],
  ['txvectors', [], 'chain/app/vectors/transactions.json'],
  ['txvectors', ['constants'], 'chain/app/vectors/constants.json'],
  ['evidencevectors', [], 'wire/vectors/evidence.json'],
  ['comet1-evidencevectors', [], 'wire/vectors/comet1Evidence.json'],
  ['ics23vectors', ['trees'], 'wire/vectors/ics23Trees.json'],
  ['ics23vectors', ['forged'], 'wire/vectors/ics23Forged.json'],
  ['ics23vectors', ['batches'], 'wire/vectors/ics23Batches.json'],
  ['ics23vectors', ['merkle'], 'wire/vectors/merkle.json'],
  ['ics23vectors', ['signatures'], 'wire/vectors/signatures.json'],
  ['ics23vectors', ['addresses'], 'wire/vectors/addresses.json'],
  ['lightattacks', [], 'lightclient/vectors/attacks.json'],
];

/** Programs that write their files under a root. */
const WRITTEN: [string, readonly string[]][] = [
  ['cometvectors', ['wire/vectors/comet.json', 'localnet/consensus/vectors/proposer.json']],
  ['lightvectors', ['lightclient/vectors/verify.json']],
];

const committed = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

describe('interop with the official Go modules', function () {
  this.timeout(15 * 60_000);

  before('builds the Go programs', async () => {
    await mkdir(BIN, { recursive: true });
    for (const cwd of [INTEROP, join(INTEROP, 'sdk053')]) {
      await run('go', ['build', '-o', `${BIN}/`, './...'], { cwd, maxBuffer: MAX_OUTPUT });
    }
    const later = join(BIN, 'comet1-evidencevectors');
    const cwd = join(INTEROP, 'comet1');
    await run('go', ['build', '-o', later, './evidencevectors'], { cwd, maxBuffer: MAX_OUTPUT });
  });

  for (const [program, args, path] of PRINTED) {
    it(`${program} ${args.join(' ')} prints ${path} again`, async () => {
      const { stdout } = await run(join(BIN, program), args, {
        cwd: INTEROP,
        maxBuffer: MAX_OUTPUT,
      });
      assert.ok(stdout === (await committed(path)), `${path} is not what the Go modules print`);
    });
  }

  for (const [program, paths] of WRITTEN) {
    it(`${program} writes ${paths.join(' and ')} again`, async () => {
      const root = await mkdtemp(join(tmpdir(), 'depind-vectors-'));
      for (const path of paths) await mkdir(join(root, dirname(path)), { recursive: true });
      await run(join(BIN, program), [root], { cwd: INTEROP, maxBuffer: MAX_OUTPUT });
      for (const path of paths) {
        const written = await readFile(join(root, path), 'utf8');
        assert.ok(written === (await committed(path)), `${path} is not what CometBFT prints`);
      }
      await rm(root, { recursive: true });
    });
  }

  it("CometBFT's light client follows the localnet, header by header and by skipping", async () => {
    const network = await startNetwork({ blockIntervalMs: 30 });
    try {
      const client = await SigningStargateClient.connectWithSigner(network.rpc, network.wallet);
      const [alice, bob] = network.addresses as [string, string];
      const fee = { amount: [{ denom: 'udepin', amount: '5000' }], gas: '200000' };
      for (const amount of ['1', '2']) {
        await client.sendTokens(alice, bob, [{ denom: 'udepin', amount }], fee);
      }
      client.disconnect();
      await network.localnet.waitForHeight(30n, 20_000);
      const { stdout, stderr } = await run(join(BIN, 'lightcheck'), [
        network.rpc,
        NETWORK_CHAIN_ID,
        '30',
      ]);
      assert.match(stdout + stderr, /30/);
    } finally {
      await network.stop();
    }
  });
});
