/** The header that a command begins to trust from: by flags, or the one of this machine's own localnet. */
import type { Command } from 'commander';
import type { TrustRoot } from '../../lightclient/index.ts';
import { fromHex } from '../../wire/bytes.ts';
import { CliError } from '../errors.ts';
import { chooseHome, readNetworkFile } from '../home.ts';
import type { HomeOptions } from '../options.ts';
import { note, type Terminal } from '../terminal.ts';
import { blockHash, durationNs, height } from '../values.ts';

export interface TrustFlags extends HomeOptions {
  readonly chainId?: string;
  readonly trustHeight?: bigint;
  readonly trustHash?: Uint8Array;
  /** In nanoseconds. */
  readonly trustingPeriod?: bigint;
}

export function addTrust(command: Command): Command {
  return command
    .option('--chain-id <id>', "chain id (default: the home's localnet)")
    .option('--trust-height <height>', 'height of a header that you trust', height)
    .option('--trust-hash <hex>', 'hash of that header, from a source that you trust', blockHash)
    .option(
      '--trusting-period <duration>',
      'how old the header may be from which verification goes on; shorter than the unbonding time (default: 168h)',
      durationNs,
    );
}

/** @throws CliError naming the flag that is missing. */
export async function trustOf(
  { chainId, trustHeight, trustHash, home }: TrustFlags,
  terminal: Terminal,
): Promise<{ readonly chainId: string; readonly trust: TrustRoot }> {
  const chosen = chooseHome(home, terminal);
  const network = await readNetworkFile(chosen);
  const id = chainId ?? network?.chainId;
  if (id === undefined) throw new CliError('--chain-id: needed, since the home has no localnet');
  if (trustHeight !== undefined && trustHash !== undefined) {
    return { chainId: id, trust: { height: trustHeight, hash: trustHash } };
  }
  if (trustHeight !== undefined || trustHash !== undefined) {
    throw new CliError('--trust-height and --trust-hash: expected both');
  }
  if (network === undefined || network.chainId !== id) {
    throw new CliError('--trust-height and --trust-hash: needed, a header that you trust');
  }
  const { height, hash } = network.trust;
  note(terminal, `trusting header ${height} of ${chosen}: this machine's own localnet`);
  return { chainId: id, trust: { height: BigInt(height), hash: fromHex(hash) } };
}
