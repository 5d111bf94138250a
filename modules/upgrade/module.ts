import type { UpgradePlan } from '../../chain/app/upgrades.ts';
import { defineModule } from '../../chain/module/defineModule.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { item, keySet, map } from '../../chain/state/collections.ts';
import { bytesValue, uint64Value } from '../../chain/state/values.ts';
import { QueryDefinition } from '../../wire/gen/cosmos/upgrade/v1beta1/query.ts';
import { MsgDefinition } from '../../wire/gen/cosmos/upgrade/v1beta1/tx.ts';
import { Plan } from '../../wire/gen/cosmos/upgrade/v1beta1/upgrade.ts';
import { GenesisState } from '../../wire/gen/depin/upgrade/v1/genesis.ts';
import { pair, textKey, uint64Key } from '../../wire/keys.ts';
import { authorityOf } from './authority.ts';
import { UPGRADE_PREFIX } from './keys.ts';
import { checkPlan, GO_ZERO_TIME } from './plan.ts';

/** Version 2 is the first: version 1 of the SDK's module kept the names of upgrades in another form. */
const FIRST_VERSION = 2;

/** Upgrade: the height from which the chain runs as another program, and the versions of its modules' states. */
export const upgrade = defineModule('upgrade', {
  firstVersion: FIRST_VERSION,
  state: {
    plan: item(UPGRADE_PREFIX.plan, Plan),
    done: keySet(UPGRADE_PREFIX.done, pair(uint64Key, textKey)),
    versions: map(UPGRADE_PREFIX.versions, textKey, uint64Value),
    protocolVersion: item(UPGRADE_PREFIX.protocolVersion, uint64Value),
    authority: item(UPGRADE_PREFIX.authority, bytesValue),
  },
  /** Codes of the SDK's x/upgrade. */
  errors: {
    NoModuleVersion: [2, 'module version not found'],
    InvalidSigner: [6, 'expected authority account as only signer for proposal message'],
  },
  msg: MsgDefinition,
  messages: {
    softwareUpgrade({ state, addresses, height, fail }, { authority: signer, plan }) {
      const authority = authorityOf(state, addresses);
      if (signer !== authority) throw fail.InvalidSigner(`expected ${authority} got ${signer}`);
      const checked = checkPlan(plan, height);
      if (doneHeight(state.done, checked.name) !== 0n) {
        throw sdkError(
          'invalidRequest',
          `upgrade with name ${checked.name} has already been completed`,
        );
      }
      state.plan.set({ ...checked, time: GO_ZERO_TIME });
      return {};
    },
    cancelUpgrade({ state, addresses, fail }, { authority: signer }) {
      const authority = authorityOf(state, addresses);
      if (signer !== authority) throw fail.InvalidSigner(`expected ${authority} got ${signer}`);
      state.plan.delete();
      return {};
    },
  },
  query: QueryDefinition,
  queries: {
    currentPlan: ({ state }) => ({ plan: state.plan.get() }),
    appliedPlan: ({ state }, { name }) => ({ height: doneHeight(state.done, name) }),
    // IBC's, which this chain does not have: as the SDK answers without it.
    upgradedConsensusState: () => ({ upgradedConsensusState: new Uint8Array(0) }),
    moduleVersions({ state, fail }, { moduleName }) {
      if (moduleName === '') {
        const all = [...state.versions.entries()];
        return { moduleVersions: all.map(([name, version]) => ({ name, version })) };
      }
      const version = state.versions.get(moduleName);
      if (version === undefined) {
        const asked = `QueryModuleVersions module ${moduleName.slice(0, 60)} not found`;
        throw fail.NoModuleVersion(`x/upgrade: ${asked}`);
      }
      return { moduleVersions: [{ name: moduleName, version }] };
    },
    authority: ({ state, addresses }) => ({ address: authorityOf(state, addresses) }),
  },
  // As the SDK's: a plan does not go into a genesis, and a new chain has the versions of its program.
  genesis: {
    type: GenesisState,
    default: { authority: '' },
    init({ state, addresses }, { authority }) {
      if (authority !== '') state.authority.set(addresses.parse(authority, 'authority'));
    },
    export({ state, addresses }) {
      const authority = state.authority.get();
      return { authority: authority === undefined ? '' : addresses.format(authority) };
    },
  },
  views: ({ state, addresses }) => ({
    /** Address of the account that plans upgrades. */
    authority: (): string => authorityOf(state, addresses),
    plan: (): UpgradePlan | undefined => state.plan.get(),
    /** Name of the newest upgrade that was made. */
    lastApplied(): string | undefined {
      for (const [[, name]] of state.done.entries({ reverse: true })) return name;
      return undefined;
    },
    versions: (): ReadonlyMap<string, bigint> => new Map(state.versions.entries()),
    protocolVersion: (): bigint => state.protocolVersion.get() ?? 0n,
  }),
  api: ({ state, height }) => ({
    setVersions(versions: ReadonlyMap<string, bigint>): void {
      for (const [name, version] of versions) state.versions.set(name, version);
    },
    /** Forgets the plan: its upgrade is skipped. */
    clearPlan: (): void => state.plan.delete(),
    /** Takes note that the upgrade was made at this height. */
    complete(name: string): void {
      state.protocolVersion.set((state.protocolVersion.get() ?? 0n) + 1n);
      state.plan.delete();
      state.done.add([height, name]);
    },
  }),
});

interface Done {
  entries(): Iterable<readonly [readonly [bigint, string], true]>;
}

/** 0 for an upgrade that was not made. Costs a walk over all that were. */
function doneHeight(done: Done, name: string): bigint {
  for (const [[height, made]] of done.entries()) if (made === name) return height;
  return 0n;
}
