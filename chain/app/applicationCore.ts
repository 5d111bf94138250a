/** What the connections of an application share: its parts, where the chain stands, and frames to work in. */
import { nobleVerifier } from '../../wire/signature.ts';
import { Descriptors } from '../descriptors/index.ts';
import { addressesOf } from '../module/addresses.ts';
import { Bug } from '../module/errors.ts';
import { type BlockInfo, type Environment, type Frame, rootFrame } from '../module/frame.ts';
import { ModuleSet } from '../module/moduleSet.ts';
import { MultiStore } from '../store/index.ts';
import type { ApplicationOptions } from './applicationOptions.ts';
import { type ChainRecord, decodeChainRecord } from './chainRecord.ts';
import { ExtensionCarrier } from './extensionCarrier.ts';
import { parseGasPrices } from './fees.ts';
import { frameAt } from './queries.ts';
import { Router } from './router.ts';
import type { Pipeline } from './runTx.ts';
import { StoreBuffers } from './storeBuffers.ts';
import { storesAddedBy, UpgradeRunner } from './upgrades.ts';

const DEFAULT_MAX_TX_BYTES = 1_048_576;

/** What has to be made before the rest: the stores are opened by the names that the modules give. */
interface CoreParts {
  readonly modules: ModuleSet;
  readonly carrier: ExtensionCarrier;
  readonly store: MultiStore;
}

export class ApplicationCore {
  readonly options: ApplicationOptions;
  readonly descriptors: Descriptors;
  readonly modules: ModuleSet;
  readonly router: Router;
  readonly store: MultiStore;
  readonly environment: Environment;
  readonly pipeline: Pipeline;
  readonly carrier: ExtensionCarrier;
  readonly upgrades: UpgradeRunner | undefined;
  /** Undefined before the genesis. */
  record: ChainRecord | undefined;

  private constructor(options: ApplicationOptions, { modules, carrier, store }: CoreParts) {
    this.options = options;
    this.carrier = carrier;
    this.store = store;
    this.modules = modules;
    this.descriptors = options.descriptors ?? Descriptors.load();
    this.router = new Router(modules, this.descriptors);
    this.environment = {
      addresses: addressesOf(options.bech32Prefix),
      verifier: options.verifier ?? nobleVerifier,
      denom: options.denom,
    };
    this.upgrades = options.upgrades && new UpgradeRunner({ ...options.upgrades, modules });
    this.pipeline = {
      descriptors: this.descriptors,
      router: this.router,
      accounts: (frame) => modules.api(options.accounts, frame),
      fees: (frame) => modules.api(options.fees, frame),
      grants: (frame) => options.grants && modules.api(options.grants, frame),
      minimumGasPrices: parseGasPrices(options.minimumGasPrices ?? ''),
      maxTxBytes: options.maxTxBytes ?? DEFAULT_MAX_TX_BYTES,
    };
    const metadata = store.metadata();
    this.record = metadata && decodeChainRecord(metadata);
  }

  /** Opens the stores. @throws StoreOpenError when another process has them or they are damaged. */
  static async open(options: ApplicationOptions): Promise<ApplicationCore> {
    const modules = new ModuleSet(options.modules);
    const { storeNames } = modules;
    const carrier = new ExtensionCarrier(modules, options.validators);
    const { pruning, upgrades } = options;
    const addedStores = storesAddedBy(upgrades?.upgrades ?? {});
    const store = await MultiStore.open({ ...options.store, storeNames, addedStores, pruning });
    return new ApplicationCore(options, { modules, carrier, store });
  }

  /** @throws Bug before the genesis. */
  get chain(): ChainRecord {
    if (this.record === undefined) throw new Bug('the chain was not initialised');
    return this.record;
  }

  blockInfo(height: bigint, timeNs: bigint, proposerAddress: Uint8Array): BlockInfo {
    return { chainId: this.chain.chainId, height, timeNs, proposerAddress };
  }

  /** A frame that reads the committed state. */
  committedFrame(): Frame {
    return frameAt(this, this.chain.chainId, this.store.version);
  }

  /** A frame on buffers that are never written, at the time of the last block. */
  checkFrame(): Frame {
    const buffers = new StoreBuffers(this.store);
    const height = this.store.version + 1n;
    return rootFrame({
      environment: this.environment,
      block: this.blockInfo(height, this.chain.timeNs, new Uint8Array(0)),
      stores: (name) => buffers.store(name),
      archive: { get: (key) => this.store.archive(key), put: () => undefined },
    });
  }
}
