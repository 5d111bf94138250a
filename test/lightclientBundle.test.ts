import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as sources from '../lightclient/index.ts';
import { settingsOf, type VerifyVectors } from '../lightclient/testing/verifyVectors.ts';
import { fromBase64 } from '../wire/bytes.ts';

interface Bundle {
  readonly name: string;
  readonly limit: number;
  readonly gzipBytes: number;
  readonly packages: readonly string[];
  readonly imports: readonly string[];
}

const SCRIPT = fileURLToPath(new URL('../scripts/lightclient-bundle.mjs', import.meta.url));

const FILE = new URL('../dist/lightclient-bundle/depind-lightclient.js', import.meta.url);

const readVectors = <T>(path: string): T =>
  JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')) as T;

describe('the light client as one file for browsers', () => {
  let bundles: readonly Bundle[];

  before(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      SCRIPT,
      '--json',
      '--write',
    ]).catch((error: { stdout?: string; stderr?: string }) => {
      // Over the limit it fails, and still says by how much.
      if (error.stdout) return { stdout: error.stdout };
      throw error;
    });
    bundles = JSON.parse(stdout) as Bundle[];
  });

  for (const [name, limit] of [
    ['everything', 60_000],
    ['header verification', 35_000],
  ] as const) {
    it(`takes at most ${limit} bytes gzipped for ${name}`, () => {
      const bundle = bundles.find((each) => each.name === name);
      assert.ok(bundle);
      assert.equal(bundle.limit, limit);
      assert.ok(bundle.gzipBytes <= limit, `${bundle.gzipBytes} bytes`);
      assert.ok(bundle.gzipBytes > limit / 3, 'it holds what it says');
    });
  }

  it('holds no package but noble, and imports nothing', () => {
    for (const { packages, imports } of bundles) {
      assert.deepEqual(packages, ['@noble/curves', '@noble/hashes']);
      assert.deepEqual(imports, []);
    }
  });

  // What a minifier breaks would be wrong in this file alone.
  it('judges headers and proofs as its sources do', async () => {
    const file = (await import(FILE.href)) as typeof sources;
    const headers = headerVerdicts(sources);
    assert.ok(new Set(headers.map((verdict) => JSON.stringify(verdict, shown))).size > 10);
    assert.deepEqual(headerVerdicts(file), headers);
    const proofs = proofVerdicts(sources);
    assert.ok(proofs.some(({ ok }) => ok) && proofs.some(({ ok }) => !ok));
    assert.deepEqual(proofVerdicts(file), proofs);
  });
});

const shown = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}` : value;

/** What is said of the first cases of CometBFT's own verdicts. */
function headerVerdicts({ verify, lightBlockFromJson, trustedStateFromJson }: typeof sources) {
  const { headers, sets, cases } = readVectors<VerifyVectors>('lightclient/vectors/verify.json');
  const setOf = (number: number) => ({ validators: sets[number] });
  return cases.slice(0, 60).map((one) => {
    try {
      return verify({
        trusted: trustedStateFromJson({
          signed_header: headers[one.trusted],
          next_validator_set: setOf(one.trusted_next_validators),
        }),
        untrusted: lightBlockFromJson({
          signed_header: headers[one.untrusted],
          validator_set: setOf(one.validators),
          next_validator_set: setOf(one.next_validators),
        }),
        ...settingsOf(one),
      });
    } catch (error) {
      assert.ok(error instanceof TypeError);
      return error.message;
    }
  });
}

function proofVerdicts(client: typeof sources) {
  const { claims } = readVectors<ProofVectors>('wire/vectors/ics23Trees.json');
  const specs = { iavl: client.iavlSpec, tendermint: client.tendermintSpec, smt: client.smtSpec };
  return claims.map(({ spec, value, ...texts }) => {
    const [root, proof, key] = [texts.root, texts.proof, texts.key].map((text) => fromBase64(text));
    const asked = { spec: specs[spec], root: root!, proof: proof!, key: key! };
    return value === undefined
      ? client.verifyNonMembership(asked)
      : client.verifyMembership({ ...asked, value: fromBase64(value) });
  });
}

interface ProofVectors {
  readonly claims: readonly {
    readonly spec: 'iavl' | 'tendermint' | 'smt';
    readonly root: string;
    readonly proof: string;
    readonly key: string;
    readonly value?: string;
  }[];
}
