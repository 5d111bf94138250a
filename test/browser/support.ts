/** A real Chromium, for tests of what runs in browsers. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { NetworkFile } from '../../cli/home.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** How long anything on a page may take. */
export const PATIENCE_MS = 20_000;

/** The browser of this machine; CHROMIUM names another. */
export function chromiumPath(): string | undefined {
  const { CHROMIUM } = process.env;
  return [...(CHROMIUM ? [CHROMIUM] : []), ...PATHS].find((path) => existsSync(path));
}

/** What the camera of a browser does. */
export interface CameraOptions {
  /** A film in YUV4MPEG2 that it shows again and again; default: a test picture. */
  readonly film?: string;
  /** Pages have to be given the camera; without this every page has it. */
  readonly isAskedFor?: boolean;
}

/** @throws Error that says what to install. */
export function launchChromium({ film, isAskedFor }: CameraOptions = {}): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    throw new Error('no Chromium here: apt-get install chromium, or name one in CHROMIUM');
  }
  const args = [
    // Its sandbox cannot be made by root, as whom containers run.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--use-fake-device-for-media-stream',
    ...(film === undefined ? [] : [`--use-file-for-fake-video-capture=${film}`]),
    ...(isAskedFor === true ? [] : ['--use-fake-ui-for-media-stream']),
  ];
  return chromium.launch({ executablePath, args });
}

/** Builds the page as a release does. */
export function buildPage(): void {
  execFileSync(process.execPath, ['scripts/lightclient-page.mjs'], { cwd: ROOT, stdio: 'inherit' });
}

/** Opens the page of a localnet; what it complains about is collected. */
export async function openPage(
  context: Awaited<ReturnType<Browser['newContext']>>,
  localnet: NetworkFile,
): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${localnet.rest}/light`);
  return { page, complaints };
}

/** Waits until an element has a text. */
export async function untilText(page: Page, id: string, expected: RegExp): Promise<string> {
  const element = page.locator(`#${id}`).filter({ hasText: expected });
  await element.waitFor({ state: 'attached' });
  return (await element.textContent()) ?? '';
}

/** The height of the newest verified header that the page shows. */
export async function shownHeight(page: Page): Promise<number> {
  return Number((await page.locator('#height').textContent())?.replace('height ', ''));
}

/** The first device whose report is in a block that another block follows. */
export async function deviceWithReport({ rest, rpc }: NetworkFile): Promise<string> {
  for (;;) {
    const { devices } = await json<{ devices: { id: string; sequence: string }[] }>(
      `${rest}/depin/devices/v1/devices`,
    );
    const reporting = devices.find(({ sequence }) => BigInt(sequence) > 0n);
    if (reporting !== undefined) {
      const reported = await newestHeight(rpc);
      while ((await newestHeight(rpc)) <= reported) await pause(50);
      return reporting.id;
    }
    await pause(100);
  }
}

async function newestHeight(rpc: string): Promise<bigint> {
  const { result } = await json<{ result: { sync_info: { latest_block_height: string } } }>(
    `${rpc}/status`,
  );
  return BigInt(result.sync_info.latest_block_height);
}

async function json<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

/**
 * That a figure meets its target, where figures are what is asked for (`npm run bench:browser`). A busy machine is no
 * flaw: the tests only print them.
 */
export function holdTo(isMet: boolean, text: string): void {
  assert.ok(isMet || process.env.DEPIND_MEASURE === undefined, text);
}
