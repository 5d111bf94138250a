/** `depind light verify-device`: what a device reported, proven; and the proof in one file for who has no network. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { DeviceVerification } from '../../lightclient/index.ts';
import { CliError, isFileError } from '../errors.ts';
import { nodeUrl } from '../node/nodeUrl.ts';
import { note, type Terminal } from '../terminal.ts';
import { height } from '../values.ts';
import { addClient, type ClientOptions, withLightClient } from './client.ts';
import { showDevice } from './deviceResult.ts';
import { trustOf } from './trust.ts';

interface VerifyOptions extends ClientOptions {
  readonly height?: bigint;
  readonly exportProof?: string;
}

const NS_PER_MS = 1_000_000n;

const HELP = `
Example:
  $ depind light verify-device 0f1e…9a --node http://localhost:26657 --chain-id depind-localnet-1 \\
      --trust-height 1 --trust-hash 5AD1…

With --node alone one node is asked, so that a second chain goes unseen; each -w must confirm the header.
Exits with 1 when a step fails, and names the step.
`;

export function addVerifyDeviceCommand(light: Command, terminal: Terminal): void {
  addClient(light.command('verify-device'))
    .description('prove the newest report of a device, from a trusted header to its signature')
    .argument('<device-id>', '40 hex digits')
    .option('--height <height>', 'state to read (default: the newest that can be proven)', height)
    .option('--export-proof <file>', 'also write the proof there, for light verify-proof')
    .addHelpText('after', HELP)
    .action((deviceId: string, options: VerifyOptions) => verify(deviceId, options, terminal));
}

async function verify(deviceId: string, options: VerifyOptions, terminal: Terminal): Promise<void> {
  const result = takesLightClient(options)
    ? await withLightClient(options, terminal, (client) =>
        client.verifyDevice(deviceId, options.height),
      )
    : await verifyByOne(deviceId, options, terminal);
  const { exportProof: file } = options;
  if (file !== undefined && result.exportProof !== undefined) {
    await writeProof(file, result.exportProof(), terminal);
  }
  showDevice(result, options.output, terminal);
}

/** Whether a flag is given that only a light client with a store and witnesses understands. */
function takesLightClient(options: VerifyOptions): boolean {
  const { witness, withoutWitnesses, dir, sequential, trustLevel } = options;
  return [witness, withoutWitnesses, dir, sequential, trustLevel].some(
    (flag) => flag !== undefined,
  );
}

/** @throws CliError when the file cannot be written. */
async function writeProof(file: string, bundle: Uint8Array, terminal: Terminal): Promise<void> {
  try {
    await writeFile(file, bundle);
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new CliError(`--export-proof: ${file} cannot be written: ${error.message}`);
  }
  note(terminal, `wrote ${bundle.length} bytes to ${file}`);
  const { decodeBundle } = await import('../../lightclient/bundle/index.ts');
  if (decodeBundle(bundle).root === undefined) {
    note(
      terminal,
      'warning: it does not reach back to the trusted header: it is for whoever has followed the chain further',
    );
  }
}

async function verifyByOne(
  deviceId: string,
  options: VerifyOptions,
  terminal: Terminal,
): Promise<DeviceVerification> {
  const [{ HttpProvider, verifyDevice }, { createNodeVerifier }] = await Promise.all([
    import('../../lightclient/index.ts'),
    import('../../chain/app/nodeVerifier.ts'),
  ]);
  const { chainId, trust } = await trustOf(options, terminal);
  const url = options.primary ?? (await nodeUrl(options, terminal));
  const { trustingPeriod, height } = options;
  // Most of the time would go into eight signatures: native code has the same answers in a tenth of it.
  const { verifier } = await createNodeVerifier({ workers: 0 });
  return verifyDevice({
    provider: new HttpProvider({ url, chainId, timeoutMs: options.timeout }),
    chainId,
    trust,
    deviceId,
    now: BigInt(Date.now()) * NS_PER_MS,
    verifier,
    trustingPeriod,
    ...(height !== undefined && { height }),
  });
}
