/** `depind light verify-proof`: a proof in one file, verified without asking any node. */
import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { addHome, addOutput, type OutputOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { showDevice } from './deviceResult.ts';
import { addTrust, type TrustFlags, trustOf } from './trust.ts';

interface ProofOptions extends TrustFlags, OutputOptions {
  readonly device?: string;
}

const NS_PER_MS = 1_000_000n;
/** A file that is longer is none. */
const MAX_FILE_BYTES = 10_000_000;

const HELP = `
Example:
  $ depind light verify-proof device.proof --chain-id depind-localnet-1 --trust-height 1 --trust-hash 5AD1…

The header is the one that the proof was exported from, or the one right above the proven state.
Asks no node. Exits with 1 when a step fails, and names the step.
`;

export function addVerifyProofCommand(light: Command, terminal: Terminal): void {
  const command = light
    .command('verify-proof')
    .description('verify a proof that light verify-device --export-proof has written, offline')
    .argument('<file>', 'the proof, as bytes, or as the text of it or of its QR code')
    .option('--device <id>', 'the device that it must be of, 40 hex digits');
  addTrust(addHome(addOutput(command)))
    .addHelpText('after', HELP)
    .action((file: string, options: ProofOptions) => verify(file, options, terminal));
}

async function verify(file: string, options: ProofOptions, terminal: Terminal): Promise<void> {
  const { verifyProofBundle } = await import('../../lightclient/index.ts');
  const { chainId, trust } = await trustOf(options, terminal);
  const { trustingPeriod, device } = options;
  const result = await verifyProofBundle(await bundleOf(file), {
    chainId,
    trusted: trust,
    now: BigInt(Date.now()) * NS_PER_MS,
    deviceId: device,
    trustingPeriod,
  });
  showDevice(result, options.output, terminal);
}

/** Bytes, or the text of them when the file holds nothing but that. @throws CliError for a file that cannot be one. */
async function bundleOf(file: string): Promise<Uint8Array | string> {
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) {
      throw new CliError(`${file}: expected at most ${MAX_FILE_BYTES} bytes, got ${size}`);
    }
    const bytes = await readFile(file);
    const text = bytes.toString('latin1').trim();
    if (text.startsWith('DEPIND:')) {
      const { bundleFromCode } = await import('../../lightclient/codes/index.ts');
      return bundleFromCode(text);
    }
    return /^[A-Za-z0-9_-]+$/.test(text) ? text : bytes;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${file}: cannot be read: ${error instanceof Error ? error.message : ''}`);
  }
}
