/** Phones in Chromium that show codes to each other. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { encodeQR } from 'qr';
import type { NetworkFile } from '../../cli/home.ts';
import { openPage, untilText } from './support.ts';

/** As phones of today have it: a code is shown with three pixels for one. */
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3 };

/** The page of the light client on a phone of its own. */
export interface OpenedPhone {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Another phone, with nothing stored. */
export async function openPhone(browser: Browser, localnet: NetworkFile): Promise<OpenedPhone> {
  const context = await browser.newContext(PHONE);
  return { context, ...(await openPage(context, localnet)) };
}

/** Verifies a device, and opens its proof. */
export async function proofShown(page: Page, deviceId: string): Promise<void> {
  await page.fill('#device-id', deviceId);
  await page.click('#verify');
  await untilText(page, 'verdict', /^verified$/);
  if ((await page.getAttribute('#carry', 'open')) === null) await page.click('#carry > summary');
  await page.locator('#carry-code svg').waitFor();
}

/** What a camera of another phone would see of a code on the screen. */
export function photoOf(page: Page, figure: string): Promise<Buffer> {
  return page.locator(`${figure} svg`).screenshot();
}

/** A picture of a code. */
export function pictureOf(text: string): Buffer {
  return Buffer.from(encodeQR(text, 'gif', { scale: 6, border: 4 }));
}

/** Chooses a picture or a file on a phone. */
export async function choose(page: Page, buffer: Buffer, name = 'photo.png'): Promise<void> {
  await page.setInputFiles('#scan-file', { name, mimeType: 'application/octet-stream', buffer });
}

/** The text of an element as it is now. */
export async function textOf(page: Page, id: string): Promise<string> {
  return (await page.locator(`#${id}`).textContent()) ?? '';
}

/** What the page shows of a proven report. */
export function facts(page: Page): Promise<string[]> {
  return page.locator('#reading dd').allTextContents();
}
