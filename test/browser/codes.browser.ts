import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { encodeQR } from 'qr';
import { bundleToCode, checkpointToText } from '../../lightclient/codes/index.ts';
import { deviceToText } from '../../lightclient/demo/codeContent.ts';
import { bundleFromText, fromHex, QR_CODE_BYTES } from '../../lightclient/index.ts';
import { startTestLocalnet, type TestLocalnet } from '../support/localnet.ts';
import { filmOf } from './film.ts';
import { buildPage, deviceWithReport, launchChromium, openPage, untilText } from './support.ts';

/** As phones of today have it: a code is shown with three pixels for one. */
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3 };

interface OpenedPhone {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: readonly string[];
}

describe('QR codes in Chromium', () => {
  let localnet: TestLocalnet;
  let browser: Browser;
  /** A phone that shows the codes which others scan. */
  let shower: OpenedPhone;
  let deviceId: string;

  before(async () => {
    buildPage();
    [localnet, browser] = await Promise.all([
      startTestLocalnet({ devices: 8, blockIntervalMs: 250 }),
      launchChromium(),
    ]);
    deviceId = await deviceWithReport(localnet);
    shower = await phone();
    await untilText(shower.page, 'state', /^verified$/);
  });

  after(async () => {
    await browser?.close();
    await localnet?.stop();
  });

  /** Another phone, with nothing stored. */
  async function phone(of: Browser = browser): Promise<OpenedPhone> {
    const context = await of.newContext(PHONE);
    return { context, ...(await openPage(context, localnet)) };
  }

  /** The device, verified, with its proof opened. */
  async function showProof(page: Page): Promise<void> {
    await page.fill('#device-id', deviceId);
    await page.click('#verify');
    await untilText(page, 'verdict', /^verified$/);
    if ((await page.getAttribute('#carry', 'open')) === null) await page.click('#carry > summary');
    await page.locator('#carry-code svg').waitFor();
  }

  it('are not loaded by who needs none', async () => {
    const { context, page } = await phone();
    await untilText(page, 'state', /^verified$/);
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name.replace(/.*\//, '')),
    );
    assert.ok(loaded.includes('main.js'), `${loaded}`);
    assert.ok(!loaded.includes('codes.js'), `${loaded}`);
    await context.close();
  });

  it('take a device from one phone to another', async () => {
    await shower.page.fill('#device-id', deviceId);
    await shower.page.click('#verify');
    await shower.page.click('#device-share > summary');
    const { context, page, complaints } = await phone();
    const wide = () =>
      shower.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
    assert.equal(await wide(), 0, 'nothing is wider than the screen');
    await choose(page, await photoOf(shower.page, '#device-code'));
    await untilText(page, 'scan-result', /^A device was read\.$/);
    await untilText(page, 'verdict', /^verified$/);
    assert.equal(await page.inputValue('#device-id'), deviceId);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it('take a proof to a phone that has no network', async () => {
    const { context, page } = await phone();
    await untilText(page, 'state', /^verified$/);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await showProof(shower.page);
    assert.match(await textOf(shower.page, 'carry-code-text'), /^The proof, \d+ bytes$/);
    const photo = await photoOf(shower.page, '#carry-code');
    await context.setOffline(true);
    await choose(page, photo);
    await untilText(page, 'verdict', /^verified$/);
    assert.match(await textOf(page, 'summary'), new RegExp(deviceId));
    assert.deepEqual(await facts(page), await facts(shower.page));
    await context.close();
  });

  it('take trust and a proof to a phone that never had a network', async () => {
    const { context, page } = await phone();
    const nodes = [localnet.rpc, ...localnet.witnesses].map((url) => new URL(url).port);
    await context.route(
      ({ port }) => nodes.includes(port),
      (route) => route.abort(),
    );
    await page.reload();
    await untilText(page, 'state', /^offline$/);
    await showProof(shower.page);
    const proof = await photoOf(shower.page, '#carry-code');
    await choose(page, proof);
    await untilText(page, 'verdict', /^not verified$/);
    assert.match(await textOf(page, 'steps'), /neither is of the trusted header .* nor follows/);
    await choose(page, await photoOf(shower.page, '#carry-header'));
    await page.locator('#ask-trust').waitFor();
    await page.click('#ask-trust-yes');
    const height = /^Header (\d+),/.exec(await textOf(shower.page, 'carry-header-text'))?.[1];
    await untilText(page, 'root', new RegExp(`^${height} · `));
    await choose(page, proof);
    await untilText(page, 'verdict', /^verified$/);
    await context.close();
  });

  it('change what is trusted only when the user says so', async () => {
    const { page, context } = await phone();
    const before = await untilText(page, 'root', /·/);
    await shower.page.click('#checkpoint > summary');
    const photo = await photoOf(shower.page, '#checkpoint-code');
    const shown = await textOf(shower.page, 'checkpoint-text');
    const [, height, hash] = /^Header (\d+) · ([0-9a-f]{64})$/.exec(shown) ?? [];
    await choose(page, photo);
    await page.locator('#ask-trust').waitFor();
    assert.deepEqual(await page.locator('#ask-trust-facts dd').allTextContents(), [
      'depind-test-1',
      height,
      hash,
    ]);
    const focused = () => page.evaluate(() => document.activeElement?.id);
    assert.equal(await focused(), 'ask-trust-no', 'Enter alone trusts nothing');
    await page.click('#ask-trust-no');
    assert.equal(await page.isVisible('#ask-trust'), false);
    assert.equal(await textOf(page, 'root'), before);
    await choose(page, photo);
    await page.click('#ask-trust-yes');
    await untilText(page, 'root', new RegExp(`^${height} · ${hash}$`));
    await untilText(page, 'state', /^verified$/);
    await context.close();
  });

  describe('of other kinds', () => {
    let page: Page;
    before(async () => {
      ({ page } = await phone());
      await untilText(page, 'state', /^verified$/);
    });
    after(() => page.context().close());

    const hash = fromHex('ab'.repeat(32));
    for (const [what, text, message] of [
      ['a text', '<b>1 + 1</b>\n= 2', /^This is no device, .* It says “<b>1 \+ 1<\/b> = 2”\.$/],
      ['a long text', 'x'.repeat(500), /It says “x{200}…”\.$/],
      [
        'a checkpoint of another chain',
        checkpointToText({ chainId: 'cosmoshub-4', height: 5n, hash }),
        /^This checkpoint is of the chain “cosmoshub-4”; this page is of depind-test-1\.$/,
      ],
      [
        'a device of another chain',
        deviceToText('other-1', 'ab'.repeat(20)),
        /^This device is of the chain “other-1”/,
      ],
      ['a proof that is cut', 'DEPIND:PROOF:AAA0', /^This is no device, checkpoint or proof\./],
    ] as const) {
      it(`are told and not followed: ${what}`, async () => {
        await choose(page, pictureOf(text));
        await untilText(page, 'scan-result', message);
        assert.equal(await page.isVisible('#ask-trust'), false);
        assert.equal(await page.isVisible('#proof'), false);
      });
    }

    it('are told when there is none in a picture, or it is no picture', async () => {
      for (const [name, content] of [
        ['screen.png', await page.screenshot()],
        ['broken.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3])],
      ] as const) {
        await choose(page, content, name);
        await untilText(page, 'scan-result', new RegExp(`^No code and .* found in ${name}\\.$`));
      }
    });
  });

  it('are dropped or pasted as well, and proofs come as files too', async () => {
    await showProof(shower.page);
    const downloading = shower.page.waitForEvent('download');
    await shower.page.click('#carry-save');
    const path = await (await downloading).path();
    const { context, page, complaints } = await phone();
    await untilText(page, 'state', /^verified$/);
    await page.setInputFiles('#scan-file', path);
    await untilText(page, 'verdict', /^verified$/);
    for (const event of ['drop', 'paste'] as const) {
      await page.evaluate(() => document.getElementById('verdict')?.replaceChildren());
      const code = pictureOf(deviceToText('depind-test-1', deviceId));
      await page.evaluate(bring, { event, bytes: [...code] });
      await untilText(page, 'verdict', /^verified$/);
    }
    await page.evaluate(pasteText, 'something else');
    await untilText(page, 'scan-result', /It says “something else”\.$/);
    assert.deepEqual([...complaints, ...shower.complaints], []);
    await context.close();
  });

  describe('before a camera', () => {
    let folder: string;
    let filming: Browser;
    before(async () => {
      await showProof(shower.page);
      const proof = bundleFromText(await shower.page.inputValue('#carry-text'));
      folder = await mkdtemp(join(tmpdir(), 'depind-film-'));
      const film = join(folder, 'film.y4m');
      await writeFile(film, filmOf(['something else', bundleToCode(proof)]));
      filming = await launchChromium({ film, isAskedFor: true });
    });
    after(async () => {
      await filming?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('are read as they come, and what is unknown is passed over', async () => {
      const { context, page, complaints } = await phone(filming);
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
      const { context, page } = await phone(filming);
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
      const { context, page } = await phone(filming);
      await page.click('#scan');
      await untilText(page, 'scan-result', /^The camera may not be used\. .* choose a picture\.$/);
      await cameraIsBack(page);
      await context.close();
    });
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
    const { page } = await openPage(await browser.newContext(PHONE), localnet);
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

/** What a camera of another phone would see of a code on the screen. */
function photoOf(page: Page, figure: string): Promise<Buffer> {
  return page.locator(`${figure} svg`).screenshot();
}

function pictureOf(text: string): Buffer {
  return Buffer.from(encodeQR(text, 'gif', { scale: 6, border: 4 }));
}

async function choose(page: Page, buffer: Buffer, name = 'photo.png'): Promise<void> {
  await page.setInputFiles('#scan-file', { name, mimeType: 'application/octet-stream', buffer });
}

async function textOf(page: Page, id: string): Promise<string> {
  return (await page.locator(`#${id}`).textContent()) ?? '';
}

function facts(page: Page): Promise<string[]> {
  return page.locator('#reading dd').allTextContents();
}

async function cameraIsBack(page: Page): Promise<void> {
  await untilText(page, 'scan', /^Use the camera$/);
  assert.equal(await page.isVisible('#camera'), false);
  assert.equal(await page.evaluate(() => document.querySelector('video')?.srcObject), null);
}

interface Brought {
  readonly event: 'drop' | 'paste';
  readonly bytes: readonly number[];
}

/** Drops or pastes a picture; runs in the page. */
function bring({ event, bytes }: Brought): void {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(bytes)], 'code.gif', { type: 'image/gif' }));
  const brought =
    event === 'drop'
      ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
      : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true });
  document.body.dispatchEvent(brought);
}

/** Pastes a text where nothing is typed; runs in the page. */
function pasteText(text: string): void {
  const transfer = new DataTransfer();
  transfer.setData('text', text);
  document.body.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }),
  );
}
