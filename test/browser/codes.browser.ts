import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { checkpointToText } from '../../lightclient/codes/index.ts';
import { deviceToText } from '../../lightclient/demo/codeContent.ts';
import { fromHex } from '../../lightclient/index.ts';
import { startTestLocalnet, type TestLocalnet } from '../support/localnet.ts';
import {
  choose,
  facts,
  type OpenedPhone,
  openPhone,
  photoOf,
  pictureOf,
  proofShown,
  textOf,
} from './phones.ts';
import { buildPage, deviceWithReport, launchChromium, untilText } from './support.ts';

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

  const phone = (): Promise<OpenedPhone> => openPhone(browser, localnet);
  const showProof = (): Promise<void> => proofShown(shower.page, deviceId);

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
    await showProof();
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
    await showProof();
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
    await showProof();
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
});

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
