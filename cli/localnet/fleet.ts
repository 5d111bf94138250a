/** The simulated devices of a localnet, loaded only once the first block is there. */
import type { Logger } from '../../localnet/index.ts';
import { DEFAULT_DENOM, DEFAULT_PREFIX } from '../../modules/app.ts';
import { FLEET_MNEMONIC } from './accounts.ts';
import type { Network } from './network.ts';
import type { RunningFleet } from './run.ts';

/** An account that genesis funds. */
interface Funding {
  readonly address: string;
  readonly balance: bigint;
}

let funding: Promise<readonly Funding[]> | undefined;

/** Who must be funded at genesis for the devices to work; derived once in a process, which takes a moment. */
export function fleetFunding(): Promise<readonly Funding[]> {
  funding ??= deriveFunding();
  return funding;
}

async function deriveFunding(): Promise<readonly Funding[]> {
  const { fleetAccounts } = await import('../../localnet/fleet/accounts.ts');
  const accounts = await fleetAccounts(FLEET_MNEMONIC, DEFAULT_PREFIX);
  return accounts.map(({ address, balance }) => ({ address, balance }));
}

/** Starts them against the network's RPC. */
export async function startDevices(
  { devices, seed }: { readonly devices: number; readonly seed: string },
  network: Network,
  logger: Logger,
): Promise<RunningFleet> {
  const { startFleet } = await import('../../localnet/fleet/fleet.ts');
  return startFleet({
    rpcUrl: network.localnet.rpcUrl,
    chainId: network.chainId,
    prefix: DEFAULT_PREFIX,
    denom: DEFAULT_DENOM,
    mnemonic: FLEET_MNEMONIC,
    seed,
    devices,
    logger,
  });
}
