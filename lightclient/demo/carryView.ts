/** A proof to take along: as text, as a file and as a QR code, with the header that it is under. */
import { hashHeader } from '../../wire/header.ts';
import { decodeBundle } from '../bundle/index.ts';
import { bundleToCode, checkpointToText } from '../codes/index.ts';
import { bundleToText, type DeviceVerification, QR_CODE_BYTES } from '../index.ts';
import { showCode } from './codeView.ts';
import { byId, setText } from './dom.ts';

type Exporter = NonNullable<DeviceVerification['exportProof']>;

let shown: Exporter | undefined;

/** Offers a proof; undefined offers none. */
export function offerProof(exportProof: Exporter | undefined): void {
  shown = exportProof;
  const details = byId('carry', HTMLDetailsElement);
  details.hidden = exportProof === undefined;
  if (exportProof === undefined) return;
  const bytes = wholeProof(exportProof);
  byId('carry-text', HTMLTextAreaElement).value = bundleToText(bytes);
  setText('carry-size', `Proof, ${bytes.length} bytes`);
  if (details.open) drawCodes(exportProof);
}

/** Lets the buttons work. */
export function listenForCarrying(): void {
  byId('carry', HTMLDetailsElement).addEventListener('toggle', ({ currentTarget }) => {
    const isOpen = currentTarget instanceof HTMLDetailsElement && currentTarget.open;
    if (isOpen && shown !== undefined) drawCodes(shown);
  });
  byId('carry-copy', HTMLButtonElement).addEventListener('click', () => void copyProof());
  byId('carry-save', HTMLButtonElement).addEventListener('click', () => {
    if (shown !== undefined) saveProof(wholeProof(shown));
  });
}

/** With the signatures, but not with the header that this page trusts: others trust their own. */
function wholeProof(exportProof: Exporter): Uint8Array {
  return exportProof({ from: 'commit' });
}

function drawCodes(exportProof: Exporter): void {
  const bytes = fittingProof(exportProof);
  const { header, signed } = decodeBundle(bytes ?? wholeProof(exportProof));
  const { chainId, height } = header;
  setText('carry-code-text', codeText(bytes, signed !== undefined, height));
  const text = bytes && bundleToCode(bytes);
  void showCode('carry-code', text, `Proof of ${bytes?.length} bytes as a QR code`);
  const checkpoint = checkpointToText({ chainId, height, hash: hashHeader(header) });
  setText('carry-header-text', `Header ${height}, for a phone that has none of this chain`);
  void showCode('carry-header', checkpoint, `Header ${height} as a QR code`);
}

/** What one code holds: without the signatures where they are too many; undefined when even that is too much. */
function fittingProof(exportProof: Exporter): Uint8Array | undefined {
  try {
    const bytes = exportProof({ from: 'commit', maxBytes: QR_CODE_BYTES });
    // A proof that was brought here is given on as it is.
    return bytes.length <= QR_CODE_BYTES ? bytes : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function codeText(bytes: Uint8Array | undefined, isSigned: boolean, height: bigint): string {
  if (bytes === undefined) return 'This proof is too large for a QR code: save it as a file.';
  if (isSigned) return `The proof, ${bytes.length} bytes`;
  return `The proof without signatures, for whoever trusts header ${height}: with them it is too large for a code`;
}

async function copyProof(): Promise<void> {
  const text = byId('carry-text', HTMLTextAreaElement);
  text.select();
  // Where the page may not write to the clipboard, the text is selected at least.
  await navigator.clipboard?.writeText(text.value).catch(() => undefined);
}

function saveProof(bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([Uint8Array.from(bytes)]));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'device.proof';
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
