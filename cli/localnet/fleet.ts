/** The simulated devices of a localnet, loaded only once the first block is there. */
import { parseGasPrices } from '../../chain/app/fees.ts';
import type { Logger } from '../../localnet/index.ts';
import { DEFAULT_DENOM, DEFAULT_PREFIX } from '../../modules/defaults.ts';
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

/** Base units for one gas, where the nodes do not ask for more. */
const USUAL_GAS_PRICE = 0.025;

/** Which devices. */
export interface DeviceOptions {
  readonly devices: number;
  /** What everything about them derives from. */
  readonly seed: string;
  /** What the nodes ask for a unit of gas, as 0.025udepin. */
  readonly minimumGasPrices: string;
}

/** Starts them against the network's RPC. */
export async function startDevices(
  { devices, seed, minimumGasPrices }: DeviceOptions,
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
    gasPrice: gasPriceOf(minimumGasPrices),
    logger,
  });
}

function gasPriceOf(minimumGasPrices: string): number {
  const asked = parseGasPrices(minimumGasPrices).find(({ denom }) => denom === DEFAULT_DENOM);
  if (asked === undefined) return USUAL_GAS_PRICE;
  return Math.max(USUAL_GAS_PRICE, Number(asked.numerator) / Number(asked.denominator));
}
