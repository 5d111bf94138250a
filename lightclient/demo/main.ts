/** The page: follows the localnet it came from, and verifies the device that the user picks. */
import { createWebVerifier, MemoryStore, type TrustedStore, type TrustRoot } from '../index.ts';
import { openBrowserStore } from './browserStore.ts';
import { listenForCarrying } from './carryView.ts';
import { loadConfig, type PageConfig } from './config.ts';
import { DevicePanel } from './devicePanel.ts';
import { byId, setBadge, setText } from './dom.ts';
import { Follower, type Following } from './follower.ts';
import { listenForProofs, showBrought } from './proofPanel.ts';
import { ScanPanel } from './scanPanel.ts';
import { keepChoice, parseTrust, readChoice } from './trustChoice.ts';
import { askForTrust } from './trustDialog.ts';
import { showAge, showCheckpoint, showFollowing, showGiven } from './trustView.ts';

const TICK_MS = 1_000;
const RETRY_MS = 2_000;

async function main(): Promise<void> {
  // Only where the page is on this machine or came by https; elsewhere it needs its server to open.
  navigator.serviceWorker?.register('serviceWorker.js').catch(() => undefined);
  const config = await configWhenThere();
  const verifier = await createWebVerifier();
  const trust = readChoice(config.chainId) ?? config.trust;
  const store = await openBrowserStore(config.chainId).catch(() => new MemoryStore());
  let following: Following | undefined;
  const panel = new DevicePanel({ config, verifier, anchor: () => following?.anchor });
  const follower = new Follower({ config, trust, store, verifier }, (next) => {
    const isFirst = following?.anchor === undefined && next.anchor !== undefined;
    following = next;
    showFollowing(next, config);
    // What was typed, or linked to, before anything was verified.
    if (isFirst) void panel.verify();
  });
  const { chainId } = config;
  const proofs = { chainId, verifier, follower };
  listenForProofs(proofs);
  listenForCarrying();
  new ScanPanel({
    chainId,
    takeDevice(deviceId) {
      panel.choose(deviceId);
      byId('proof', HTMLElement).scrollIntoView({ block: 'nearest' });
    },
    takeCheckpoint: (checkpoint) => askForTrust(checkpoint, () => restartWith(config, checkpoint)),
    takeProof: (bundle) => void showBrought(() => bundle, proofs),
  });
  showGiven(config, trust, verifier);
  listenToTrustForm(config, trust, store);
  byId('checkpoint', HTMLDetailsElement).addEventListener('toggle', ({ currentTarget }) => {
    const isOpen = currentTarget instanceof HTMLDetailsElement && currentTarget.open;
    if (isOpen) showCheckpoint({ status: following?.status });
  });
  setInterval(() => following && showAge(following), TICK_MS);
  follower.start();
  void panel.refresh();
}

/** The server knows no trusted header until its network has made a block. */
async function configWhenThere(): Promise<PageConfig> {
  for (;;) {
    try {
      return await loadConfig();
    } catch (error) {
      setText('problem', error instanceof Error ? error.message : String(error));
      byId('problem', HTMLElement).hidden = false;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Another trusted header begins everything anew. */
function listenToTrustForm(config: PageConfig, trust: TrustRoot, store: TrustedStore): void {
  const height = byId('trust-height', HTMLInputElement);
  const hash = byId('trust-hash', HTMLInputElement);
  height.value = `${trust.height}`;
  byId('trust-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const chosen = parseTrust(height.value.trim(), hash.value.trim());
    if (chosen !== undefined) restartWith(config, chosen);
  });
  byId('trust-reset', HTMLButtonElement).addEventListener('click', () =>
    restartWith(config, undefined),
  );
  byId('forget', HTMLButtonElement).addEventListener('click', async () => {
    for (const held of await store.heights()) await store.remove(held);
    location.reload();
  });
}

function restartWith({ chainId }: PageConfig, trust: TrustRoot | undefined): void {
  keepChoice(chainId, trust);
  location.reload();
}

main().catch((error: unknown) => {
  setBadge('state', 'failed', 'bad');
  setText('problem', error instanceof Error ? error.message : String(error));
  byId('problem', HTMLElement).hidden = false;
});
