/** Scanning: by the camera, or of a picture or file that is chosen, dropped or pasted. */
import type { Checkpoint } from '../codes/index.ts';
import { type CodeContent, contentOf, contentOfBytes, shownText } from './codeContent.ts';
import { byId, setText } from './dom.ts';
import { pixelsOfFile, watchCamera } from './pictures.ts';

/** Longer files are neither pictures of a code nor proofs. */
const MAX_FILE_BYTES = 50_000_000;
const MAX_PROOF_BYTES = 5_000_000;

/** Who takes what was scanned. */
export interface ScanPanelOptions {
  readonly chainId: string;
  readonly takeDevice: (deviceId: string) => void;
  /** Of this chain. */
  readonly takeCheckpoint: (checkpoint: Checkpoint) => void;
  readonly takeProof: (bundle: Uint8Array) => void;
}

const CAMERA_PROBLEMS: Readonly<Record<string, string>> = {
  NotAllowedError:
    'The camera may not be used. Allow it for this page in the browser, or choose a picture.',
  NotFoundError: 'There is no camera here. Choose a picture.',
  NotReadableError: 'The camera is in use by another program. Choose a picture.',
};

export class ScanPanel {
  readonly #options: ScanPanelOptions;
  readonly #button = byId('scan', HTMLButtonElement);
  #watching: AbortController | undefined;

  constructor(options: ScanPanelOptions) {
    this.#options = options;
    const hasCamera = navigator.mediaDevices?.getUserMedia !== undefined;
    this.#button.hidden = !hasCamera;
    byId('scan-insecure', HTMLElement).hidden = hasCamera;
    this.#button.addEventListener('click', () => {
      if (this.#watching === undefined) void this.#scan();
      else this.#watching.abort();
    });
    const input = byId('scan-file', HTMLInputElement);
    input.addEventListener('change', () => {
      void this.#takeFile(input.files?.[0]);
      input.value = '';
    });
    for (const name of ['dragover', 'drop'] as const) {
      document.addEventListener(name, (event) => this.#drag(event));
    }
    document.addEventListener('paste', (event) => this.#paste(event));
  }

  async #scan(): Promise<void> {
    this.#watching = new AbortController();
    const { signal } = this.#watching;
    this.#button.textContent = 'Stop the camera';
    tell('Hold the code in front of the camera.');
    try {
      const { codeText } = await import('./codes.ts');
      const see = (pixels: ImageData): boolean => {
        const text = codeText(pixels, false);
        return text !== undefined && this.#take(contentOf(text));
      };
      const end = await watchCamera({ video: byId('camera', HTMLVideoElement), signal, see });
      if (end === 'late') tell('No code was seen for a minute.');
      if (end === 'stopped') tell('');
    } catch (error) {
      tell(problemText(error));
    } finally {
      this.#watching = undefined;
      this.#button.textContent = 'Use the camera';
    }
  }

  async #takeFile(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    this.#watching?.abort();
    tell(`Reading ${shownText(file.name)} …`);
    try {
      const found = file.size > MAX_FILE_BYTES ? undefined : await contentOfFile(file);
      if (found !== undefined) this.#take(found);
      else tell(`No code and no proof was found in ${shownText(file.name)}.`);
    } catch (error) {
      tell(problemText(error));
    }
  }

  /** Files only: a text may still be dropped where it is typed. */
  #drag(event: DragEvent): void {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    if (event.type === 'drop') void this.#takeFile(event.dataTransfer.files[0]);
  }

  #paste(event: ClipboardEvent): void {
    const isTyped = event.target instanceof HTMLInputElement || isTextArea(event.target);
    const file = event.clipboardData?.files[0];
    if (file !== undefined) void this.#takeFile(file);
    else if (!isTyped) this.#take(contentOf(event.clipboardData?.getData('text') ?? ''));
  }

  /** Passes on what is known; says what is not, and gives false. */
  #take(content: CodeContent): boolean {
    const { chainId, takeDevice, takeCheckpoint, takeProof } = this.#options;
    if (content.kind === 'unknown') {
      const read = content.text === '' ? 'nothing' : `“${shownText(content.text)}”`;
      tell(`This is no device, checkpoint or proof. It says ${read}.`);
      return false;
    }
    const other = chainOf(content);
    if (other !== undefined && other !== chainId) {
      tell(
        `This ${content.kind} is of the chain “${shownText(other)}”; this page is of ${chainId}.`,
      );
      return false;
    }
    tell(`A ${content.kind} was read.`);
    if (content.kind === 'device') takeDevice(content.deviceId);
    else if (content.kind === 'checkpoint') takeCheckpoint(content.checkpoint);
    else takeProof(content.bundle);
    return true;
  }
}

/** Which chain a content names; a proof's is among what is verified of it. */
function chainOf(content: CodeContent): string | undefined {
  if (content.kind === 'checkpoint') return content.checkpoint.chainId;
  return content.kind === 'device' ? content.chainId : undefined;
}

async function contentOfFile(file: File): Promise<CodeContent | undefined> {
  const { codeText } = await import('./codes.ts');
  const pixels = await pixelsOfFile(file);
  if (pixels === undefined) {
    if (file.size > MAX_PROOF_BYTES) return undefined;
    return contentOfBytes(new Uint8Array(await file.arrayBuffer()));
  }
  const text = codeText(pixels, true);
  return text === undefined ? undefined : contentOf(text);
}

function isTextArea(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement;
}

function problemText(error: unknown): string {
  const known = error instanceof DOMException ? CAMERA_PROBLEMS[error.name] : undefined;
  return known ?? `It cannot be scanned: ${error instanceof Error ? error.message : String(error)}`;
}

function tell(text: string): void {
  setText('scan-result', text);
}
