/**
 * Upgrades: at the height of a plan the chain goes on as another program. The old one halts there; the new one knows
 * the upgrade by its name, runs the migrations of its modules and goes on. Words and order are those of the SDK's
 * x/upgrade (abci.go).
 */
import type { Module } from '../module/defineModule.ts';
import type { Frame } from '../module/frame.ts';
import { migrate } from '../module/migrations.ts';
import type { ModuleSet } from '../module/moduleSet.ts';

/** What is planned: from `height` on the chain runs a program that knows `name`. */
export interface UpgradePlan {
  readonly name: string;
  readonly height: bigint;
  /** For operators: where the program is found. */
  readonly info: string;
}

/** Read by the engine of the module that keeps plans. */
interface UpgradesView {
  plan(): UpgradePlan | undefined;
  lastApplied(): string | undefined;
  versions(): ReadonlyMap<string, bigint>;
  protocolVersion(): bigint;
}

/** Written by the engine in the module that keeps plans. */
interface UpgradesApi {
  setVersions(versions: ReadonlyMap<string, bigint>): void;
  clearPlan(): void;
  complete(name: string): void;
}

/** The module that keeps upgrade plans and the versions of the modules' states. */
export type UpgradesModule = Module<UpgradesApi, UpgradesView>;

/** What a program does for an upgrade that it knows, beside the migrations of its modules. */
export interface Upgrade {
  /** Stores of modules that the upgrade adds. */
  readonly addedStores?: readonly string[];
  /** Runs after the migrations; calls what modules offer. */
  run?(offers: <A, V>(module: Module<A, V>) => A & V): void;
}

/** Upgrades that a program knows, by the names of their plans. */
export type Upgrades = Readonly<Record<string, Upgrade>>;

export interface UpgradeOptions {
  readonly modules: ModuleSet;
  readonly keeper: UpgradesModule;
  readonly upgrades: Upgrades;
  /** Heights whose upgrade is passed over, when a network has agreed that it will not do. */
  readonly skippedHeights?: readonly bigint[] | undefined;
}

/** Names of the stores that upgrades add: a chain that has not made them does not have these. */
export const storesAddedBy = (upgrades: Upgrades): readonly string[] =>
  Object.values(upgrades).flatMap(({ addedStores = [] }) => addedStores);

/** The program and the chain disagree about an upgrade: the node must stop, and another program go on. */
export class UpgradeHalt extends Error {
  override readonly name = 'UpgradeHalt';
  /** The plan that this program does not know; undefined when it knows more than the chain. */
  readonly needed: UpgradePlan | undefined;

  constructor(message: string, needed?: UpgradePlan) {
    super(message);
    this.needed = needed;
  }
}

/** Makes upgrades when they are due. */
export class UpgradeRunner {
  readonly #options: UpgradeOptions;
  #isChecked = false;

  constructor(options: UpgradeOptions) {
    this.#options = options;
  }

  /** A new chain has the versions of its program. */
  recordVersions(frame: Frame): void {
    const { modules, keeper } = this.#options;
    const versions = modules.modules.map(
      ({ name, definition }) => [name, BigInt(definition.version)] as const,
    );
    modules.api(keeper, frame).setVersions(new Map(versions));
  }

  /** How many upgrades the chain has made. */
  protocolVersion(frame: Frame): bigint {
    const { modules, keeper } = this.#options;
    return modules.api(keeper, frame).protocolVersion();
  }

  /**
   * Before everything else of a block: makes the upgrade that is due.
   * @throws UpgradeHalt when this program is not the one that the chain wants at this height.
   */
  beforeBlock(frame: Frame): void {
    const { modules, keeper, upgrades, skippedHeights = [] } = this.#options;
    const kept = modules.api(keeper, frame);
    const plan = kept.plan();
    const { height } = frame.block;
    const isDue = plan !== undefined && plan.height <= height;
    const isSkipped = isDue && skippedHeights.includes(height);
    if (!isDue || isSkipped) this.#checkLast(frame);
    const isKnown = plan !== undefined && Object.hasOwn(upgrades, plan.name);
    if (!isDue && isKnown) throw new UpgradeHalt(updatedTooEarly(plan));
    if (!isDue || isSkipped) this.#checkVersions(frame);
    if (plan === undefined || !isDue) return;
    if (isSkipped) kept.clearPlan();
    else if (!isKnown) throw new UpgradeHalt(upgradeNeeded(plan), plan);
    else this.#apply(plan, frame);
  }

  #apply(plan: UpgradePlan, frame: Frame): void {
    const { modules, keeper, upgrades } = this.#options;
    const versions = modules.api(keeper, frame).versions();
    for (const module of modules.modules) {
      migrate(modules, { module, from: versions.get(module.name) }, frame);
    }
    upgrades[plan.name]!.run?.((module) => modules.api(module, frame));
    this.recordVersions(frame);
    modules.api(keeper, frame).complete(plan.name);
  }

  /** A program must know the last upgrade that was made. Looked at once in its life, as the next is. */
  #checkLast(frame: Frame): void {
    if (this.#isChecked) return;
    const { modules, keeper, upgrades } = this.#options;
    const kept = modules.api(keeper, frame);
    const last = kept.lastApplied();
    if (last === undefined || Object.hasOwn(upgrades, last)) return;
    const version = kept.protocolVersion();
    throw new UpgradeHalt(
      `wrong app version ${version}, upgrade handler is missing for ${last} upgrade plan`,
    );
  }

  /** A program must take the state of each module as it lies there. */
  #checkVersions(frame: Frame): void {
    if (this.#isChecked) return;
    const { modules, keeper } = this.#options;
    const versions = modules.api(keeper, frame).versions();
    for (const { name, definition } of modules.modules) {
      const inProgram = BigInt(definition.version);
      const inState = versions.get(name) ?? inProgram;
      if (inState !== inProgram) throw new UpgradeHalt(otherVersion(name, inState, inProgram));
    }
    this.#isChecked = true;
  }
}

const upgradeNeeded = ({ name, height, info }: UpgradePlan): string =>
  `UPGRADE "${name}" NEEDED at height: ${height}: ${info}`;

const updatedTooEarly = ({ name }: UpgradePlan): string =>
  `BINARY UPDATED BEFORE TRIGGER! UPGRADE "${name}" - in binary but not executed on chain. Downgrade your binary`;

const otherVersion = (module: string, inState: bigint, inProgram: bigint): string =>
  `module ${module}: its state has version ${inState}, this program takes version ${inProgram}; an upgrade that was ` +
  'planned brings the state there (modules/upgrade/README.md), a new chain begins there';
