/** WebAssembly that is written when the program is built, and stored in a file of TypeScript: deflated, in base64. */
import { readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Bytes from the text that is stored. */
export const storedBytes = (text: string): Buffer => inflateRawSync(Buffer.from(text, 'base64'));

/** A file that stores bytes by name. */
export interface StoredFile {
  readonly file: URL;
  /** The file that writes it. */
  readonly writer: string;
  /** What the file exports, and under which name. */
  readonly constant: string;
  readonly texts: Readonly<Record<string, string>>;
}

/** Stores what has changed: another zlib may deflate the same bytes to others. */
export function writeStored(
  { file, writer, constant, texts }: StoredFile,
  written: Readonly<Record<string, Uint8Array>>,
): void {
  const lines = Object.entries(written).map(([name, bytes]) => {
    const before = texts[name] ?? '';
    const isSame = before !== '' && Buffer.from(bytes).equals(storedBytes(before));
    const text = isSame ? before : deflateRawSync(bytes, { level: 9 }).toString('base64');
    return `  ${name}:\n    '${text}',\n`;
  });
  const head = `/** Written by ${writer}: bytes, deflated, in base64. Do not edit. */\n`;
  const text = `${head}export const ${constant} = {\n${lines.join('')}} as const;\n`;
  // Where lines break is for the formatter to say.
  const content = (from: string): string => from.replace(/\s/g, '');
  if (content(readFileSync(file, 'utf8')) !== content(text)) writeFileSync(file, text);
}

/** The names of what is not stored as it is written. */
export function notStored(
  texts: Readonly<Record<string, string>>,
  written: Readonly<Record<string, Uint8Array>>,
): string[] {
  const names = new Set([...Object.keys(texts), ...Object.keys(written)]);
  return [...names].filter((name) => {
    const [text, bytes] = [texts[name], written[name]];
    return text === undefined || bytes === undefined || !storedBytes(text).equals(bytes);
  });
}
