/** Asks whether a checkpoint that was scanned is to be trusted. */
import { toHex } from '../../wire/bytes.ts';
import type { Checkpoint } from '../codes/index.ts';
import { byId, factRows } from './dom.ts';

/** Opens the question; `trust` is called when the user says yes. */
export function askForTrust(checkpoint: Checkpoint, trust: () => void): void {
  const dialog = byId('ask-trust', HTMLDialogElement);
  const facts = factRows([
    ['Chain', checkpoint.chainId],
    ['Height', `${checkpoint.height}`],
    ['Hash', toHex(checkpoint.hash)],
  ]);
  byId('ask-trust-facts', HTMLElement).replaceChildren(...facts);
  byId('ask-trust-yes', HTMLButtonElement).onclick = () => {
    dialog.close();
    trust();
  };
  byId('ask-trust-no', HTMLButtonElement).onclick = () => dialog.close();
  if (!dialog.open) dialog.showModal();
}
