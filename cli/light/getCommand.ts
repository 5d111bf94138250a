/** `depind light get`: one value of the state, or its absence, proven. */
import { type Command, InvalidArgumentError } from 'commander';
import type { VerifiedValue } from '../../lightclient/index.ts';
import { fromHex, toHex } from '../../wire/bytes.ts';
import { hashHeader } from '../../wire/header.ts';
import { formatTime } from '../../wire/time.ts';
import { printable, show } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import { height } from '../values.ts';
import { addClient, type ClientOptions, withLightClient } from './client.ts';

interface GetOptions extends ClientOptions {
  readonly height?: bigint;
}

/** Which value is read. */
interface Target {
  readonly store: string;
  readonly key: Uint8Array;
}

const HELP = `
Example: the supply of udepin, whose key is the byte 00 and the denomination
  $ depind light get bank 0075646570696e -p http://a.example:26657 -w http://b.example:26657 \\
      --chain-id depind-localnet-1 --trust-height 1 --trust-hash 5AD1…

A proven absence is an answer too: the value is null then. Exits with 1 when nothing can be proven.
`;

export function addGetCommand(light: Command, terminal: Terminal): void {
  addClient(light.command('get'))
    .description('prove a value of the state, or that there is none')
    .argument('<store>', "the module's store, such as bank")
    .argument('<key-hex>', 'key in that store, in hex', keyHex)
    .option('--height <height>', 'state to read (default: the newest that can be proven)', height)
    .addHelpText('after', HELP)
    .action((store: string, key: Uint8Array, options: GetOptions) =>
      get({ store, key }, options, terminal),
    );
}

async function get(target: Target, options: GetOptions, terminal: Terminal): Promise<void> {
  const { store, key } = target;
  const proven = await withLightClient(options, terminal, (client) =>
    client.getVerified(store, key, options.height),
  );
  const { height, header } = proven;
  const shown = {
    chainId: header.chainId,
    store,
    key: toHex(key),
    ...shownValue(proven),
    height: `${height}`,
    headerHeight: `${header.height}`,
    headerHash: toHex(hashHeader(header)).toUpperCase(),
    headerTime: formatTime(header.time),
  };
  show(terminal, options.output, shown, textOf(shown));
}

interface Shown {
  /** Hex; null when absence is proven. */
  readonly value: string | null;
  /** Null when the value is not all printable. */
  readonly text: string | null;
}

function shownValue({ value }: VerifiedValue): Shown {
  if (value === undefined) return { value: null, text: null };
  return { value: toHex(value), text: printableText(value) };
}

function printableText(value: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
    return text !== '' && printable(text) === text ? text : null;
  } catch {
    return null;
  }
}

interface ShownProof extends Shown {
  readonly height: string;
  readonly headerHeight: string;
  readonly headerHash: string;
}

function textOf({ value, text, height, headerHeight, headerHash }: ShownProof): string {
  const lines = value === null ? ['absent: proven'] : [`value: ${value}`];
  if (text !== null) lines.push(`text: ${text}`);
  lines.push(`height: ${height}`, `header: ${headerHash} at height ${headerHeight}`);
  return lines.join('\n');
}

function keyHex(text: string): Uint8Array {
  if (/^(0x)?([0-9a-fA-F]{2})+$/.test(text)) return fromHex(text.replace(/^0x/, ''));
  throw new InvalidArgumentError('expected pairs of hex digits.');
}
