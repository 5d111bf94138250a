/** Choosing a device and a lie, and verifying at once when either changes. */

import type { TrustRoot, WebVerifier } from '../index.ts';
import { deviceIdIn, deviceToText } from './codeContent.ts';
import { showCode } from './codeView.ts';
import type { PageConfig } from './config.ts';
import { checkDevice } from './deviceCheck.ts';
import { listDevices } from './deviceList.ts';
import { byId, make, setText } from './dom.ts';
import { LIES, type Lie } from './lies.ts';
import { showAnswer, showPending } from './proofView.ts';

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
  readonly #share = byId('device-share', HTMLDetailsElement);
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
    this.#share.addEventListener('toggle', () => this.#offerCode(this.#deviceId()));
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
    this.#offerCode(this.#deviceId());
    const anchor = this.#options.anchor();
    if (this.#deviceId() === '' || anchor === undefined) return;
    this.#isWanted = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        await this.#verifyOnce(this.#deviceId(), anchor);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  /** What is typed, when it is an id; else nothing. */
  #deviceId(): string {
    const text = this.#id.value.trim().toLowerCase();
    return /^[0-9a-f]{40}$/.test(text) ? text : '';
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

  /** The chosen device's code, for another phone to scan or to print on the device. */
  #offerCode(deviceId: string): void {
    this.#share.hidden = deviceId === '';
    if (deviceId === '' || !this.#share.open) return;
    const text = deviceToText(this.#options.config.chainId, deviceId);
    void showCode('device-code', text, `Device ${deviceId} as a QR code`);
    setText('device-code-text', deviceId);
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
