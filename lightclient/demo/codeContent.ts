/** What a scanned code says: a device, a checkpoint, a proof, or something that this page does not know. */
import { bundleFromCode, type Checkpoint, checkpointFromText } from '../codes/index.ts';
import { bundleFromText } from '../index.ts';

/** The content of a code, or of a file with a proof. */
export type CodeContent =
  | { readonly kind: 'device'; readonly deviceId: string; readonly chainId: string | undefined }
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'proof'; readonly bundle: Uint8Array }
  | { readonly kind: 'unknown'; readonly text: string };

/** The first bytes of every proof, and what base64url makes of them. */
const PROOF_BYTES = [0x64, 0x70, 0x62];
const PROOF_TEXTS = ['DEPIND:PROOF:', 'ZHBi'];
const DEVICE_URI = /^depind:device\?chain=([^&]{1,150})&id=([0-9a-f]{40})$/;
const MAX_SHOWN = 200;

/** The text of a device's code: `depind:device?chain=…&id=…`. */
export function deviceToText(chainId: string, deviceId: string): string {
  return `depind:device?chain=${encodeURIComponent(chainId)}&id=${deviceId}`;
}

/** The device id in a text, as it is or within a link to this page; undefined when there is none. */
export function deviceIdIn(text: string): string | undefined {
  return /(?:^|[#&?]device=)([0-9a-fA-F]{40})(?:$|&)/.exec(text.trim())?.[1]?.toLowerCase();
}

/** What a text says, of a code or pasted. */
export function contentOf(text: string): CodeContent {
  const checkpoint = checkpointFromText(text.trim());
  if (checkpoint !== undefined) return { kind: 'checkpoint', checkpoint };
  const [, chain, id] = DEVICE_URI.exec(text.trim()) ?? [];
  const chainId = chain && decoded(chain);
  if (id !== undefined && chainId !== undefined) return { kind: 'device', deviceId: id, chainId };
  const deviceId = deviceIdIn(text);
  if (deviceId !== undefined) return { kind: 'device', deviceId, chainId: undefined };
  if (PROOF_TEXTS.some((start) => text.trimStart().startsWith(start))) {
    const bundle = proofOf(text);
    if (bundle !== undefined) return { kind: 'proof', bundle };
  }
  return { kind: 'unknown', text };
}

/** What the bytes of a file say that may hold a proof; undefined when they are no text either. */
export function contentOfBytes(bytes: Uint8Array): CodeContent | undefined {
  if (PROOF_BYTES.every((byte, at) => bytes[at] === byte)) return { kind: 'proof', bundle: bytes };
  try {
    return contentOf(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** A proof's text as it was sent, without the line breaks that messages add. @throws TypeError for another text. */
export function proofFromText(text: string): Uint8Array {
  const isCode = text.trimStart().startsWith('DEPIND:');
  if (isCode) return bundleFromCode(text.trim().replace(/[\r\n]+/g, ''));
  return bundleFromText(text.replace(/\s+/g, ''));
}

/** A text as far as it can be shown in one line. */
export function shownText(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}

function proofOf(text: string): Uint8Array | undefined {
  try {
    return proofFromText(text);
  } catch {
    return undefined;
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
