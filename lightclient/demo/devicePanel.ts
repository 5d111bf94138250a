/** Choosing a device and a lie, and verifying at once when either changes. */

import type { TrustRoot, WebVerifier } from '../index.ts';
import type { PageConfig } from './config.ts';
import { checkDevice } from './deviceCheck.ts';
import { listDevices } from './deviceList.ts';
import { byId, make, setText } from './dom.ts';
import { LIES, type Lie } from './lies.ts';
import { showAnswer, showPending } from './proofView.ts';
import { canScan, deviceIdIn, scanDevice } from './scan.ts';

/** What the panel verifies with. The anchor is undefined until a header is verified. */
export interface DevicePanelOptions {
  readonly config: PageConfig;
  readonly verifier: WebVerifier;
  anchor(): TrustRoot | undefined;
}

export class DevicePanel {
  readonly #options: DevicePanelOptions;
  readonly #id = byId('device-id', HTMLInputElement);
  readonly #list = byId('device-list', HTMLSelectElement);
  readonly #lieSwitch = byId('lie-switch', HTMLButtonElement);
  #isBusy = false;
  #isWanted = false;

  constructor(options: DevicePanelOptions) {
    this.#options = options;
    byId('lies', HTMLFieldSetElement).append(...LIES.map(lieChoice));
    byId('device-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.verify();
    });
    this.#list.addEventListener('change', () => this.choose(this.#list.value));
    this.#list.addEventListener('focus', () => void this.refresh());
    this.#lieSwitch.addEventListener('click', () => this.#toggleLie());
    byId('lies', HTMLFieldSetElement).addEventListener('change', () => void this.verify());
    this.#offerScan();
    this.#followLink();
    globalThis.addEventListener('hashchange', () => this.#followLink());
  }

  /** Verifies this device. */
  choose(deviceId: string): void {
    this.#id.value = deviceId;
    void this.verify();
  }

  /** Asks the node for its list again. It is no loss when there is none: an id can be typed. */
  async refresh(): Promise<void> {
    const devices = await listDevices().catch(() => []);
    if (devices.length === 0) return;
    const options = devices.map(({ id, label }) => new Option(label, id));
    this.#list.replaceChildren(new Option('choose a device', ''), ...options);
    this.#list.value = this.#id.value;
  }

  /** Verifies what is typed; once more when something changed meanwhile. */
  async verify(): Promise<void> {
    const deviceId = this.#id.value.trim().toLowerCase();
    const anchor = this.#options.anchor();
    if (!/^[0-9a-f]{40}$/.test(deviceId) || anchor === undefined) return;
    this.#isWanted = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        await this.#verifyOnce(this.#id.value.trim().toLowerCase(), anchor);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  async #verifyOnce(deviceId: string, anchor: TrustRoot): Promise<void> {
    const { config, verifier } = this.#options;
    const { chainId, rpc } = config;
    showPending(deviceId);
    const lie = this.#lie();
    const answer = await checkDevice({ deviceId, chainId, rpc, anchor, verifier, lie });
    if (!this.#isWanted) showAnswer(deviceId, answer);
  }

  #lie(): Lie | undefined {
    if (this.#lieSwitch.getAttribute('aria-checked') !== 'true') return undefined;
    const chosen = document.querySelector<HTMLInputElement>('input[name="lie"]:checked');
    return LIES.find(({ id }) => id === chosen?.value);
  }

  #toggleLie(): void {
    const isOn = this.#lieSwitch.getAttribute('aria-checked') === 'true';
    this.#lieSwitch.setAttribute('aria-checked', String(!isOn));
    void this.verify();
  }

  #offerScan(): void {
    const button = byId('scan', HTMLButtonElement);
    button.hidden = !canScan();
    button.addEventListener('click', () => {
      scanDevice(byId('camera', HTMLVideoElement)).then(
        (id) => this.choose(id),
        (error: unknown) => setText('summary', `Scanning failed: ${String(error)}`),
      );
    });
  }

  /** A link with `#device=<id>` opens the page on that device. */
  #followLink(): void {
    const id = deviceIdIn(location.hash);
    if (id !== undefined) this.choose(id);
  }
}

function lieChoice({ id, title, step }: Lie, index: number): HTMLElement {
  const label = make('label');
  const input = document.createElement('input');
  input.type = 'radio';
  input.name = 'lie';
  input.value = id;
  input.checked = index === 0;
  const text = make('span', title);
  text.append(make('span', ` · comes out at "${step}"`, 'quiet'));
  label.append(input, text);
  return label;
}
