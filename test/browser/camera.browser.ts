import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { bundleToCode } from '../../lightclient/codes/index.ts';
import { bundleFromText, QR_CODE_BYTES } from '../../lightclient/index.ts';
import { startTestLocalnet, type TestLocalnet } from '../support/localnet.ts';
import { filmOf } from './film.ts';
import { choose, openPhone, photoOf, proofShown, textOf } from './phones.ts';
import { buildPage, deviceWithReport, launchChromium, untilText } from './support.ts';

describe('QR codes before the camera of Chromium', () => {
  let localnet: TestLocalnet;
  let deviceId: string;
  let folder: string;
  let filming: Browser;
  before(async () => {
    buildPage();
    const [started, browser] = await Promise.all([
      startTestLocalnet({ devices: 8, blockIntervalMs: 250 }),
      launchChromium(),
    ]);
    localnet = started;
    deviceId = await deviceWithReport(localnet);
    const { page } = await openPhone(browser, localnet);
    await proofShown(page, deviceId);
    const proof = bundleFromText(await page.inputValue('#carry-text'));
    folder = await mkdtemp(join(tmpdir(), 'depind-film-'));
    const film = join(folder, 'film.y4m');
    await writeFile(film, filmOf(['something else', bundleToCode(proof)]));
    await browser.close();
    filming = await launchChromium({ film, isAskedFor: true });
  });
  after(async () => {
    await filming?.close();
    await localnet?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are read as they come, and what is unknown is passed over', async () => {
    const { context, page, complaints } = await openPhone(filming, localnet);
    await context.grantPermissions(['camera']);
    await untilText(page, 'state', /^verified$/);
    await page.click('#scan');
    await page.locator('#camera').waitFor();
    await untilText(page, 'verdict', /^verified$/);
    assert.match(await textOf(page, 'summary'), new RegExp(deviceId));
    await cameraIsBack(page);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it('are looked for until the user stops it', async () => {
    const { context, page } = await openPhone(filming, localnet);
    await context.grantPermissions(['camera']);
    // Nothing of what it sees is read.
    await context.route('**/codes.js', (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: 'export const codeText = () => undefined;',
      }),
    );
    await page.click('#scan');
    await page.locator('#camera').waitFor();
    assert.equal(await textOf(page, 'scan'), 'Stop the camera');
    await page.click('#scan');
    await cameraIsBack(page);
    assert.equal(await textOf(page, 'scan-result'), '');
    await context.close();
  });

  it('are not seen where the camera may not be used, and the page says so', async () => {
    const { context, page } = await openPhone(filming, localnet);
    await page.click('#scan');
    await untilText(page, 'scan-result', /^The camera may not be used\. .* choose a picture\.$/);
    await cameraIsBack(page);
    await context.close();
  });
});

describe('QR codes in Chromium of proofs by many validators', () => {
  let localnet: TestLocalnet;
  let browser: Browser;
  before(async () => {
    buildPage();
    const validators = 15;
    [localnet, browser] = await Promise.all([
      startTestLocalnet({ devices: 2, blockIntervalMs: 500, validators }),
      launchChromium(),
    ]);
  });
  after(async () => {
    await browser?.close();
    await localnet?.stop();
  });

  it('leave the signatures out; the file has them', async () => {
    const { page } = await openPhone(browser, localnet);
    await page.fill('#device-id', await deviceWithReport(localnet));
    await page.click('#verify');
    await untilText(page, 'verdict', /^verified$/);
    await page.click('#carry > summary');
    await untilText(page, 'carry-code-text', /^The proof without signatures, .* header \d+/);
    const whole = bundleFromText(await page.inputValue('#carry-text'));
    assert.ok(whole.length > QR_CODE_BYTES, `${whole.length} bytes`);
    const bare = await photoOf(page, '#carry-code');
    const header = await photoOf(page, '#carry-header');
    // Who has it of a file gives on all of it, or nothing.
    await choose(page, Buffer.from(whole), 'device.proof');
    await untilText(page, 'carry-code-text', /too large for a QR code: save it as a file/);
    assert.equal(await page.locator('#carry-code svg').count(), 0);
    await choose(page, header);
    await page.click('#ask-trust-yes');
    await untilText(page, 'state', /^verified$/);
    await choose(page, bare);
    await untilText(page, 'verdict', /^verified$/);
  });
});

async function cameraIsBack(page: Page): Promise<void> {
  await untilText(page, 'scan', /^Use the camera$/);
  assert.equal(await page.isVisible('#camera'), false);
  assert.equal(await page.evaluate(() => document.querySelector('video')?.srcObject), null);
}
