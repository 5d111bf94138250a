/** Which application is simulated: depind with the pace of a localnet, or another one given by a test. */
import { existsSync } from 'node:fs';
import type { ChainApplication } from '../chain/app/application.ts';
import type { ApplicationOptions } from '../chain/app/applicationOptions.ts';
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import type { JsonObject } from '../chain/descriptors/index.ts';
import type { Module } from '../chain/module/defineModule.ts';
import type { ModuleSimulation } from '../chain/testing/simulation.ts';
import { DEFAULT_DENOM, DEFAULT_PREFIX, MODULES, openDepind } from '../modules/app.ts';
import { LOCALNET_PARAMS, localAppState } from '../modules/genesis.ts';
import { accountAt } from './accounts.ts';

/** What the simulator needs of an application. */
export interface Composition {
  readonly modules: readonly Module[];
  readonly prefix: string;
  readonly denom: string;
  open(options: Pick<ApplicationOptions, 'invariantsEvery' | 'pruning'>): Promise<ChainApplication>;
  /** A genesis in which these accounts have funds. */
  appState(accounts: readonly Uint8Array[]): JsonObject;
  /** What modules add, by module name. */
  readonly simulations: ReadonlyMap<string, ModuleSimulation>;
}

const BALANCE = 1_000_000_000_000_000n;
const STAKE = 100_000_000n;
const VALIDATORS = 4;

/**
 * depind as it is, in memory, with every `modules/<name>/<name>.sim.ts` that exists, and with the first account as the
 * authority.
 */
export async function depindComposition(): Promise<Composition> {
  const { verifier } = await createNodeVerifier({ workers: 0 });
  return {
    modules: MODULES,
    prefix: DEFAULT_PREFIX,
    denom: DEFAULT_DENOM,
    open: (options) => openDepind({ ...options, store: { memory: true }, verifier }),
    appState: (accounts) =>
      localAppState({
        accounts: accounts.map((address) => ({ address, balance: BALANCE })),
        validators: accounts.slice(0, VALIDATORS).map((operator, i) => ({
          moniker: `node${i}`,
          operator,
          consensusKey: new Uint8Array(32).fill(i + 1),
          stake: STAKE,
        })),
        params: LOCALNET_PARAMS,
        authority: accountAt(0, DEFAULT_PREFIX).address,
      }),
    simulations: await loadSimulations(MODULES),
  };
}

/** The simulations of modules that have one. */
export async function loadSimulations(
  modules: readonly Module[],
): Promise<ReadonlyMap<string, ModuleSimulation>> {
  const found = new Map<string, ModuleSimulation>();
  for (const { name } of modules) {
    const url = new URL(`../modules/${name}/${name}.sim.ts`, import.meta.url);
    if (!existsSync(url)) continue;
    const loaded = (await import(url.href)) as { simulation?: ModuleSimulation };
    if (loaded.simulation === undefined) {
      throw new TypeError(`modules/${name}/${name}.sim.ts: expected an export named simulation`);
    }
    found.set(name, loaded.simulation);
  }
  return found;
}
