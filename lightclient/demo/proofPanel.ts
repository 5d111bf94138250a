/** Proofs that travel as text: copying one's own, and verifying another's without asking anyone. */
import { decodeBundle } from '../bundle/index.ts';
import { bundleFromText, type LightBlock, verifyProofBundle, type WebVerifier } from '../index.ts';
import { byId, setBadge, setText } from './dom.ts';
import { PERIOD } from './follower.ts';
import { showAnswer } from './proofView.ts';

/** What proofs of others are verified with. */
export interface ProofPanelOptions {
  readonly chainId: string;
  readonly verifier: WebVerifier;
  readonly follower: { trustedBelow(height: bigint): Promise<LightBlock> };
}

/** Lets the buttons for proofs work. */
export function listenForProofs(options: ProofPanelOptions): void {
  byId('carry-copy', HTMLButtonElement).addEventListener('click', () => void copyProof());
  byId('brought-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const text = byId('brought-text', HTMLTextAreaElement).value.replace(/\s+/g, '');
    verifyBrought(text, options).catch((error: unknown) => showRefused(error));
  });
}

async function copyProof(): Promise<void> {
  const text = byId('carry-text', HTMLTextAreaElement);
  text.select();
  // Where the page may not write to the clipboard, the text is selected at least.
  await navigator.clipboard?.writeText(text.value).catch(() => undefined);
}

/** @throws TypeError for a text that is no proof. */
async function verifyBrought(
  text: string,
  { chainId, verifier, follower }: ProofPanelOptions,
): Promise<void> {
  const begin = performance.now();
  const { height } = decodeBundle(bundleFromText(text)).header;
  const trusted = await follower.trustedBelow(height);
  const now = BigInt(Date.now()) * 1_000_000n;
  const found = await verifyProofBundle(text, {
    chainId,
    trusted,
    now,
    trustingPeriod: PERIOD,
    verifier,
  });
  const deviceId = found.report?.deviceId ?? 'of the proof';
  showAnswer(deviceId, { ...found, tookMs: performance.now() - begin });
}

function showRefused(error: unknown): void {
  byId('proof', HTMLElement).hidden = false;
  setBadge('verdict', 'not verified', 'bad');
  setText('summary', error instanceof Error ? error.message : String(error));
  byId('reading', HTMLElement).replaceChildren();
  byId('steps', HTMLElement).replaceChildren();
  byId('carry', HTMLDetailsElement).hidden = true;
}
