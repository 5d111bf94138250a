/** A chain with devices and their reports, small but real, and the honest node that serves it. */
import { MultiStore } from '../../chain/store/index.ts';
import {
  type NodeStatus,
  type Provider,
  ProviderError,
  type QueryAnswer,
  type StateQuery,
} from '../../lightclient/provider.ts';
import { CHAIN_ID, makeBlock, SECOND, signersOf } from '../../lightclient/testing/chain.ts';
import type { LightBlock } from '../../lightclient/types.ts';
import { batchKey, DEVICES_STORE, deviceKey } from '../../wire/deviceKeys.ts';
import { Batch, Device } from '../../wire/gen/depin/devices/v1/devices.ts';
import { QueryReportRequest, QueryReportResponse } from '../../wire/gen/depin/devices/v1/query.ts';
import { hashHeader } from '../../wire/header.ts';
import { merkleProof, merkleRoot } from '../../wire/merkle.ts';
import type { SignedHeader, Validator } from '../../wire/types.ts';
import { devicesOfWorld, type PlacedReport, placeReports, recordOf } from './worldDevices.ts';

/** Height of the state that is read; the header above carries its AppHash. */
export const STATE_HEIGHT = 9n;

const EMPTY = new Uint8Array(0);

const NO_ANSWER: QueryAnswer = {
  code: 0,
  codespace: '',
  log: '',
  key: EMPTY,
  value: EMPTY,
  height: 0n,
  proofOps: [],
};

/** The chain, and the honest node that serves it. */
export class DeviceWorld implements Provider {
  readonly #stores: MultiStore;
  readonly #placed: readonly PlacedReport[];
  readonly root: LightBlock;
  readonly target: LightBlock;
  readonly options;

  private constructor(stores: MultiStore, placed: readonly PlacedReport[]) {
    this.#stores = stores;
    this.#placed = placed;
    const signers = signersOf('world', [10n, 10n, 10n, 10n]);
    const header = { appHash: stores.appHash };
    this.root = makeBlock({ height: 1n, signers });
    this.target = makeBlock({ height: STATE_HEIGHT + 1n, signers, header });
    this.options = {
      chainId: CHAIN_ID,
      trust: { height: 1n, hash: hashHeader(this.root.signedHeader.header) },
      now: this.target.signedHeader.header.time + SECOND,
    };
  }

  /** State in three stores; the devices change once more at the height that is read. */
  static async create(): Promise<DeviceWorld> {
    const stores = await MultiStore.open({
      memory: true,
      storeNames: ['bank', 'devices', 'sensors'],
    });
    const devices = devicesOfWorld();
    const placed = placeReports(devices);
    for (const device of Object.values(devices)) {
      const early = Device.encode(recordOf(device, placed.slice(0, 3))).finish();
      stores.store(DEVICES_STORE).set(deviceKey(device.id), early);
      stores.store('sensors').set(deviceKey(device.id), early);
    }
    stores.store('bank').set(Uint8Array.of(1), Uint8Array.of(2));
    await stores.commit({ version: STATE_HEIGHT - 1n });
    for (const device of Object.values(devices)) {
      const record = Device.encode(recordOf(device, placed)).finish();
      stores.store(DEVICES_STORE).set(deviceKey(device.id), record);
    }
    for (const { batchId, leaves } of placed) {
      const root = merkleRoot(leaves);
      const batch = { id: batchId, root, count: leaves.length, submitter: 'depin1s', height: 8n };
      stores.store(DEVICES_STORE).set(batchKey(batchId), Batch.encode(batch).finish());
    }
    await stores.commit();
    return new DeviceWorld(stores, placed);
  }

  get appHash(): Uint8Array {
    return this.#stores.appHash;
  }

  /** The answer with the proof of a device's record. */
  prove(deviceId: string): QueryAnswer {
    return this.proveAt(STATE_HEIGHT, deviceId);
  }

  /** The same of another height or store. */
  proveAt(height: bigint, deviceId: string, store = DEVICES_STORE): QueryAnswer {
    return this.#proof(height, store, deviceKey(deviceId));
  }

  /** A report of a device, counted from its first, with its true place. */
  served(deviceId: string, at: number): QueryReportResponse {
    const placed = this.#placed.filter(({ report }) => report.deviceId === deviceId)[at]!;
    const { report, batchId, index, leaves } = placed;
    const path = [...merkleProof(leaves, index).aunts];
    return { report, batchId, index, total: leaves.length, path };
  }

  #proof(height: bigint, store: string, key: Uint8Array): QueryAnswer {
    const { value, ops } = this.#stores.prove(height, store, key);
    return { ...NO_ANSWER, key, value: value ?? EMPTY, height, proofOps: ops };
  }

  /** The answer with a device's newest report. */
  report(deviceId: string): QueryAnswer {
    const count = this.#placed.filter(({ report }) => report.deviceId === deviceId).length;
    if (count === 0) return { ...NO_ANSWER, code: 22, log: 'rpc error: code = NotFound' };
    const value = QueryReportResponse.encode(this.served(deviceId, count - 1)).finish();
    return { ...NO_ANSWER, value, height: STATE_HEIGHT };
  }

  #block(height: bigint): LightBlock {
    if (height === 1n) return this.root;
    if (height === STATE_HEIGHT + 1n) return this.target;
    throw new ProviderError('heightTooHigh', `height ${height} is not there`);
  }

  async signedHeader(height = STATE_HEIGHT + 1n): Promise<SignedHeader> {
    return this.#block(height).signedHeader;
  }

  async validators(height: bigint): Promise<readonly Validator[]> {
    return this.#block(height).validators;
  }

  async status(): Promise<NodeStatus> {
    const { height, time } = this.target.signedHeader.header;
    return { chainId: CHAIN_ID, latestHeight: height, latestTime: time, isCatchingUp: false };
  }

  async abciQuery({ path, data, height = STATE_HEIGHT, prove }: StateQuery): Promise<QueryAnswer> {
    const store = /^\/store\/(\w+)\/key$/.exec(path)?.[1];
    if (store !== undefined && prove === true) return this.#proof(height, store, data);
    if (path === '/depin.devices.v1.Query/Report') {
      return this.report(QueryReportRequest.decode(data).deviceId);
    }
    return { ...NO_ANSWER, code: 6, log: `unknown path ${path}` };
  }
}
