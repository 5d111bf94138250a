/** Proofs of others, verified without asking anyone. */
import { decodeBundle } from '../bundle/index.ts';
import { type LightBlock, type TrustRoot, verifyProofBundle, type WebVerifier } from '../index.ts';
import { offerProof } from './carryView.ts';
import { proofFromText } from './codeContent.ts';
import { byId, setBadge, setText } from './dom.ts';
import { PERIOD } from './follower.ts';
import { showAnswer } from './proofView.ts';

/** What proofs of others are verified with. */
export interface ProofPanelOptions {
  readonly chainId: string;
  readonly verifier: WebVerifier;
  readonly follower: { trustedBelow(height: bigint): Promise<LightBlock | TrustRoot> };
}

/** Lets the form for pasted proofs work. */
export function listenForProofs(options: ProofPanelOptions): void {
  byId('brought-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const { value } = byId('brought-text', HTMLTextAreaElement);
    void showBrought(() => proofFromText(value), options);
  });
}

/** Verifies a proof, and shows what came of it. */
export async function showBrought(
  bundle: () => Uint8Array,
  options: ProofPanelOptions,
): Promise<void> {
  try {
    await verifyBrought(bundle(), options);
  } catch (error) {
    showRefused(error);
  }
  byId('proof', HTMLElement).scrollIntoView({ block: 'nearest' });
}

/** @throws TypeError for bytes that are no proof. */
async function verifyBrought(
  bundle: Uint8Array,
  { chainId, verifier, follower }: ProofPanelOptions,
): Promise<void> {
  const begin = performance.now();
  const { height } = decodeBundle(bundle).header;
  const trusted = await follower.trustedBelow(height);
  const now = BigInt(Date.now()) * 1_000_000n;
  const found = await verifyProofBundle(bundle, {
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
  offerProof(undefined);
}
