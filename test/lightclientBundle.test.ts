import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

interface Bundle {
  readonly name: string;
  readonly limit: number;
  readonly gzipBytes: number;
  readonly packages: readonly string[];
  readonly imports: readonly string[];
}

const SCRIPT = fileURLToPath(new URL('../scripts/lightclient-bundle.mjs', import.meta.url));

describe('the light client as one file for browsers', () => {
  let bundles: readonly Bundle[];

  before(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, '--json']).catch(
      (error: { stdout?: string; stderr?: string }) => {
        // Over the limit it fails, and still says by how much.
        if (error.stdout) return { stdout: error.stdout };
        throw error;
      },
    );
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
});
