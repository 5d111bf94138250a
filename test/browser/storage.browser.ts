import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startTestLocalnet, type TestLocalnet } from '../support/localnet.ts';
import { buildPage, launchChromium, openPage, shownHeight, untilText } from './support.ts';

describe('what the page keeps in Chromium', () => {
  let localnet: TestLocalnet;
  let browser: Browser;
  let context: BrowserContext;

  before(async () => {
    buildPage();
    [localnet, browser] = await Promise.all([
      startTestLocalnet({ blockIntervalMs: 250 }),
      launchChromium(),
    ]);
  });

  beforeEach(async () => {
    context = await browser.newContext();
  });

  afterEach(() => context.close());

  after(async () => {
    await browser?.close();
    await localnet?.stop();
  });

  it('opens without a network with what was verified before, and says that it is stale', async () => {
    const { page } = await openPage(context, localnet);
    await untilText(page, 'state', /^verified$/);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const height = await shownHeight(page);
    await context.setOffline(true);
    await untilText(page, 'state', /^offline/);
    assert.match((await page.locator('#problem').textContent()) ?? '', /cannot be reached/);
    // As if the phone lay in a drawer for an hour.
    await page.clock.install({ time: Date.now() + 3_600_000 });
    await page.reload();
    await untilText(page, 'state', /^offline: stale$/);
    assert.ok((await shownHeight(page)) >= height, 'the newest verified header is there');
    assert.match((await page.locator('#age').textContent()) ?? '', /^(59|60) min old$/);
    await context.setOffline(false);
    await page.clock.setSystemTime(Date.now());
    await untilText(page, 'state', /^verified$/);
    assert.ok((await shownHeight(page)) > height, 'it goes on where it was');
  });

  it('says when trust is too old to go on', async () => {
    const { page } = await openPage(context, localnet);
    await untilText(page, 'state', /^verified$/);
    await page.clock.install({ time: Date.now() + 2 * 86_400_000 });
    await page.reload();
    await untilText(page, 'state', /^expired$/);
    assert.match((await page.locator('#problem').textContent()) ?? '', /pick a new checkpoint/);
  });

  it('lets two tabs follow side by side: neither goes back, and both keep what either verified', async () => {
    const tabs = [await openPage(context, localnet), await openPage(context, localnet)];
    for (const { page } of tabs) await untilText(page, 'state', /^verified$/);
    let last = [0, 0];
    for (let round = 0; round < 3; round++) {
      for (const [index, { page }] of tabs.entries()) {
        await untilHigher(page, last[index]!);
      }
      const now = await Promise.all(tabs.map(({ page }) => shownHeight(page)));
      assert.ok(
        now.every((height, index) => height > last[index]!),
        `${last} then ${now}`,
      );
      last = now;
    }
    for (const { page, complaints } of tabs) {
      assert.equal(await page.locator('#state').textContent(), 'verified');
      assert.deepEqual(complaints, []);
    }
    await tabs[0]!.page.close();
    await untilHigher(tabs[1]!.page, last[1]!);
  });

  it('begins anew when its storage is cleared under it', async () => {
    const { page } = await openPage(context, localnet);
    await untilText(page, 'state', /^verified$/);
    const before = await shownHeight(page);
    const session = await context.newCDPSession(page);
    await session.send('Storage.clearDataForOrigin', {
      origin: localnet.rest,
      storageTypes: 'all',
    });
    await untilHigher(page, before);
    await untilText(page, 'state', /^verified$/);
    await page.reload();
    await untilText(page, 'state', /^verified$/);
    assert.ok((await shownHeight(page)) > before);
  });

  it('verifies anew what is damaged in its storage', async () => {
    const { page } = await openPage(context, localnet);
    await untilText(page, 'state', /^verified$/);
    await page.goto(`${localnet.rest}/light/icon.svg`);
    // What compiles the tests wraps functions in a call of this.
    await page.evaluate('globalThis.__name = (named) => named');
    const damaged = await page.evaluate(damageStore);
    assert.ok(damaged >= 2, `${damaged} blocks were stored`);
    await page.goto(`${localnet.rest}/light/`);
    await untilText(page, 'state', /^verified$/);
  });

  it('forgets when told', async () => {
    const { page } = await openPage(context, localnet);
    await untilText(page, 'state', /^verified$/);
    await page.click('#trust-choice > summary');
    await page.click('#forget');
    await untilText(page, 'state', /^verified$/);
  });
});

async function untilHigher(page: Page, height: number): Promise<void> {
  await page.waitForFunction((before) => {
    const text = document.getElementById('height')?.textContent ?? '';
    return Number(text.replace('height ', '')) > before;
  }, height);
}

/** Changes one character in the middle of every stored block; runs in the page. */
async function damageStore(): Promise<number> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  let damaged = 0;
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    for (const storeName of database.objectStoreNames) {
      const store = database.transaction(storeName, 'readwrite').objectStore(storeName);
      for (const key of await settled(store.getAllKeys())) {
        const value: unknown = await settled(store.get(key));
        const bytes = value as Uint8Array;
        bytes[Math.floor(bytes.length / 2)]! ^= 1;
        await settled(store.put(bytes, key));
        damaged += 1;
      }
    }
    database.close();
  }
  return damaged;
}
