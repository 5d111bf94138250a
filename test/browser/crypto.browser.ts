import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { lightBlockToJson } from '../../lightclient/index.ts';
import {
  makeBlock,
  SECOND,
  START,
  signersOf,
  withSignature,
} from '../../lightclient/testing/chain.ts';
import type { LightBlock } from '../../lightclient/types.ts';
import { BLOCK_ID_FLAG } from '../../wire/types.ts';
import { holdTo, launchChromium } from './support.ts';

/** What `pageProgram.ts` offers in the page. */
interface Program {
  compareSignatures(cases: unknown): Promise<readonly string[]>;
  compareVerdicts(given: unknown): Promise<readonly string[]>;
  measure(given: unknown): Promise<{ readonly nobleMs: number; readonly webMs: number }>;
  native(): Promise<{ readonly ed25519: boolean; readonly p256: boolean }>;
}
declare global {
  var program: Program;
}

const VALIDATORS = 150;
const TARGET = 4;

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

describe('signatures in Chromium', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;

  before(async () => {
    const entry = new URL('./pageProgram.ts', import.meta.url).pathname;
    const options = { bundle: true, format: 'esm', platform: 'browser', write: false } as const;
    const { outputFiles } = await build({ ...options, entryPoints: [entry], minify: true });
    server = createServer((request, response) => {
      const isCode = request.url === '/program.js';
      response.setHeader('content-type', isCode ? 'text/javascript' : 'text/html');
      response.end(
        isCode
          ? outputFiles[0]!.contents
          : '<!doctype html><script type="module" src="program.js"></script>',
      );
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'program' in globalThis);
  });

  after(async () => {
    await browser?.close();
    server?.close();
  });

  it('are verified by the browser itself', async () => {
    const native = await page.evaluate(() => globalThis.program.native());
    assert.deepEqual(native, { ed25519: true, p256: true });
  });

  it('have the verdicts of CometBFT and the SDK, also at the edges of ZIP-215', async () => {
    const cases = read('wire/vectors/signatures.json');
    const differing = await page.evaluate(
      (given) => globalThis.program.compareSignatures(given),
      cases,
    );
    assert.deepEqual(differing, []);
  });

  it('make headers of 150 validators right or wrong as noble says', async () => {
    const { trusted, honest, now } = largeHeaders();
    const { signatures } = honest.signedHeader.commit;
    const wrong = [0, 60, 99, 100, 149].map((index) =>
      withSignature(honest, index, { signature: signatures[(index + 1) % VALIDATORS]!.signature }),
    );
    const given = {
      now: `${now}`,
      trusted: lightBlockToJson(trusted),
      blocks: [honest, ...wrong].map(lightBlockToJson),
    };
    const verdicts = await page.evaluate(
      (asked) => globalThis.program.compareVerdicts(asked),
      given,
    );
    // 101 of 150 equal signatures pass 2/3; later ones are not looked at.
    assert.deepEqual(verdicts, ['ok', 'signature', 'signature', 'signature', 'signature', 'ok']);
  });

  it('is measured beside noble, for a header of 150 validators', async () => {
    const { trusted, honest, now } = largeHeaders();
    const given = {
      now: `${now}`,
      trusted: lightBlockToJson(trusted),
      blocks: [lightBlockToJson(honest)],
    };
    const { nobleMs, webMs } = await page.evaluate(
      (asked) => globalThis.program.measure(asked),
      given,
    );
    const ratio = nobleMs / webMs;
    console.log(
      `      150 validators: noble ${nobleMs.toFixed(1)} ms, this browser ${webMs.toFixed(1)} ms, ${ratio.toFixed(1)} times less`,
    );
    holdTo(ratio >= TARGET, `${ratio.toFixed(1)} times, expected ${TARGET}`);
  });
});

/** Two headers that follow each other, by 150 validators of equal power, all of whom sign. */
function largeHeaders(): { trusted: LightBlock; honest: LightBlock; now: bigint } {
  const signers = signersOf('large', new Array<bigint>(VALIDATORS).fill(10n));
  const nobody = signers.map(() => BLOCK_ID_FLAG.absent);
  const trusted = makeBlock({ height: 1n, signers, flags: nobody });
  return { trusted, honest: makeBlock({ height: 2n, signers }), now: START + 60n * SECOND };
}
