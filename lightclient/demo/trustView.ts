/** Shows what is trusted, how old it is, and which nodes confirm it. */
import { toHex } from '../../wire/bytes.ts';
import { checkpointToText } from '../codes/index.ts';
import type { LightClientStatus, TrustRoot, WebVerifier } from '../index.ts';
import { showCode } from './codeView.ts';
import type { PageConfig } from './config.ts';
import { byId, make, setBadge, setText } from './dom.ts';
import type { Following } from './follower.ts';

/** A header older than this says little about now. */
const STALE_AFTER_MS = 15_000;

const STATES: Readonly<Record<Following['state'], readonly [string, 'good' | 'bad' | 'waiting']>> =
  {
    connecting: ['connecting', 'waiting'],
    following: ['verified', 'good'],
    offline: ['offline', 'waiting'],
    doubted: ['not confirmed', 'bad'],
    expired: ['expired', 'bad'],
    halted: ['two chains', 'bad'],
  };

/** What never changes while the page follows one header. */
export function showGiven(config: PageConfig, trust: TrustRoot, verifier: WebVerifier): void {
  setText('chain', `${config.chainId} · trusts one header, and checks everything else itself`);
  setText('root', `${trust.height} · ${toHex(trust.hash)}`);
  const { ed25519, p256 } = verifier.native;
  const native = [ed25519 ? 'ed25519' : '', p256 ? 'P-256' : ''].filter((name) => name !== '');
  const rest = native.length === 2 ? 'secp256k1' : 'the rest';
  const text =
    native.length === 0 ? 'noble' : `this browser (${native.join(', ')}), noble (${rest})`;
  setText('crypto', text);
}

/** What changes with every round. */
export function showFollowing({ state, status, problem }: Following, config: PageConfig): void {
  setText('problem', problem ?? '');
  const notice = byId('problem', HTMLElement);
  notice.hidden = problem === undefined;
  notice.classList.toggle('bad', STATES[state][1] === 'bad');
  if (status !== undefined) {
    setText('height', `height ${status.height}`);
    setText('hash', toHex(status.hash));
    const expiry = new Date(Number(status.expiresAt / 1_000_000n)).toLocaleString();
    setText('expires', status.isExpired ? `since ${expiry}` : expiry);
  }
  byId('nodes', HTMLElement).replaceChildren(...nodeRows(config, status));
  showAge({ state, status });
}

/** The newest verified header as a code, for another phone to begin from. It stays until it is asked for anew. */
export function showCheckpoint({ status }: Pick<Following, 'status'>): void {
  if (status === undefined) {
    setText('checkpoint-text', 'No header is verified yet.');
    void showCode('checkpoint-code', undefined, '');
    return;
  }
  const { height, hash } = status;
  setText('checkpoint-text', `Header ${height} · ${toHex(hash)}`);
  void showCode('checkpoint-code', checkpointToText(status), `Header ${height} as a QR code`);
}

/** How old the newest verified header is; called every second. */
export function showAge({ state, status }: Pick<Following, 'state' | 'status'>): void {
  const [text, tone] = STATES[state];
  if (status === undefined) {
    setBadge('state', text, tone);
    return;
  }
  const ageMs = Math.max(0, Date.now() - Number(status.time / 1_000_000n));
  setText('age', `${durationText(ageMs)} old`);
  const isStale = ageMs > STALE_AFTER_MS;
  if (isStale && tone !== 'bad') setBadge('state', `${text}: stale`, 'waiting');
  else setBadge('state', text, tone);
}

function nodeRows(config: PageConfig, status: LightClientStatus | undefined): HTMLElement[] {
  const urls = [config.rpc, ...config.witnesses];
  const names = ['primary', ...config.witnesses.map((_, index) => `witness ${index + 1}`)];
  return urls.map((url, index) => {
    const name = names[index]!;
    const row = make('li');
    row.append(make('span', url, 'mono'), make('span', roleOf(name, status), 'quiet'));
    return row;
  });
}

function roleOf(name: string, status: LightClientStatus | undefined): string {
  if (status === undefined) return 'not asked yet';
  const removed = status.removed.find((node) => node.name === name);
  if (removed !== undefined) return `removed: ${removed.why}`;
  return status.primary === name ? 'asked first' : 'confirms every header';
}

function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
