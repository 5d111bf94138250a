/** A chain with funded tenants and providers that are alive, for the tests of the compute module. */
import { type EventType, parseTypedEvent } from '../../../chain/module/events.ts';
import { ModuleHarness } from '../../../chain/testing/moduleHarness.ts';
import { TestDevice } from '../../../chain/testing/testDevice.ts';
import { formatAddress } from '../../../wire/address.ts';
import type { Bid, Lease, Params } from '../../../wire/gen/depin/compute/v1/compute.ts';
import type {
  QueryBidsResponse,
  QueryLeaseResponse,
  QueryProviderResponse,
} from '../../../wire/gen/depin/compute/v1/query.ts';
import type {
  MsgCreateBid,
  MsgCreateOrder,
  MsgRegisterProvider,
} from '../../../wire/gen/depin/compute/v1/tx.ts';
import {
  type HeartbeatPayload,
  heartbeatPayload,
  REPORT_KIND,
} from '../../../wire/reportPayload.ts';
import { auth } from '../../auth/module.ts';
import { bank } from '../../bank/module.ts';
import { credits } from '../../credits/module.ts';
import { devices } from '../../devices/module.ts';
import { type Account, accountOf } from '../escrow.ts';
import { compute } from '../module.ts';
import { DEFAULT_PARAMS } from '../params.ts';

export const MODULES = [auth, bank, devices, credits, compute];

const rawAddress = (number: number): Uint8Array => new Uint8Array(20).fill(number);
export const addressOf = (number: number): string => formatAddress('depin', rawAddress(number));

export const TENANT = addressOf(1);
export const OTHER_TENANT = addressOf(2);
export const OWNER = addressOf(3);
export const OTHER_OWNER = addressOf(4);
/** What each of the four has at first, in base units. */
export const FUNDS = 1_000_000_000n;

/** One unit a second: amounts are seconds of the lease. */
export const PRICE = '3600';

export class Market extends ModuleHarness {
  readonly #devices = new Map<string, TestDevice>();
  #nextDevice = 1;

  constructor(params: Partial<Params> = {}) {
    const coins = [{ denom: 'udepin', amount: FUNDS.toString() }];
    super({
      modules: MODULES,
      genesis: {
        bank: {
          params: { sendEnabled: [], defaultSendEnabled: true },
          balances: [1, 2, 3, 4].map((number) => ({ address: addressOf(number), coins })),
          supply: [],
          denomMetadata: [],
        },
        compute: {
          ...(compute.definition.genesis.default as object),
          params: { ...DEFAULT_PARAMS, minDeposit: '100', ...params },
        },
      },
    });
  }

  /** A registered device. */
  enrol(owner = OWNER): TestDevice {
    const device = new TestDevice(this.#nextDevice++);
    this.send(devices, 'registerDevice', device.enrolment(owner));
    this.#devices.set(device.id, device);
    return device;
  }

  /** A provider that has just sent a heartbeat; gives its id. */
  provider(change: Partial<MsgRegisterProvider> = {}): string {
    const owner = change.owner ?? OWNER;
    const { id } = this.enrol(owner);
    const message = { owner, deviceId: id, gpuModel: 'rtx-4090', gpuCount: 4, vramGb: 24 };
    this.send(compute, 'registerProvider', { ...message, region: 'eu-west', ...change });
    this.beat(id, { gpuCount: change.gpuCount ?? 4 });
    return id;
  }

  /** A signed heartbeat of the machine. */
  heartbeat(deviceId: string, change: Partial<HeartbeatPayload> = {}, aheadMs = 0n) {
    const payload = heartbeatPayload.encode({
      providerLoad: 0,
      gpuCount: 4,
      gpuUtilization: 500_000,
      temperature: 60_000,
      jobsCompleted: 7n,
      ...change,
    });
    const timeMs = this.timeNs / 1_000_000n + aheadMs;
    return this.#devices.get(deviceId)!.report({ kind: REPORT_KIND.heartbeat, payload, timeMs });
  }

  beat(deviceId: string, change: Partial<HeartbeatPayload> = {}, aheadMs = 0n): void {
    const reports = [this.heartbeat(deviceId, change, aheadMs)];
    this.send(devices, 'submitReports', { submitter: OWNER, reports });
  }

  /** An order of two GPUs; gives its id. */
  order(deposit = 1_000n, change: Partial<MsgCreateOrder> = {}): bigint {
    const message: MsgCreateOrder = {
      tenant: TENANT,
      gpuModel: 'rtx-4090',
      gpuCount: 2,
      maxPricePerHour: '1000000',
      deposit: { denom: 'udepin', amount: deposit.toString() },
      ...change,
    };
    return (this.send(compute, 'createOrder', message) as { orderId: bigint }).orderId;
  }

  bid(orderId: bigint, provider: string, change: Partial<MsgCreateBid> = {}): bigint {
    const message = { owner: OWNER, provider, orderId, pricePerHour: PRICE, ...change };
    return (this.send(compute, 'createBid', message) as { bidId: bigint }).bidId;
  }

  /** A lease of a new provider at `PRICE`, which is one unit a second. */
  lease(deposit = 1_000n): { readonly orderId: bigint; readonly provider: string } {
    const provider = this.provider();
    const orderId = this.order(deposit);
    this.bid(orderId, provider);
    this.send(compute, 'acceptBid', { tenant: TENANT, orderId, provider });
    return { orderId, provider };
  }

  leaseOf(orderId: bigint): Lease {
    return (this.query(compute, 'lease', { orderId }) as QueryLeaseResponse).lease!;
  }

  escrow(orderId: bigint): Account {
    return accountOf((this.query(compute, 'escrow', { orderId }) as { escrow: never }).escrow);
  }

  bids(orderId: bigint): readonly Bid[] {
    return (this.query(compute, 'bids', { orderId }) as QueryBidsResponse).bids;
  }

  machine(deviceId: string): Required<QueryProviderResponse> {
    return this.query(compute, 'provider', { deviceId }) as Required<QueryProviderResponse>;
  }

  balance(number: number): bigint {
    return this.api(bank).balance(rawAddress(number), 'udepin');
  }

  /** The last event of a type. */
  event<T>(type: EventType<T>): T | undefined {
    return this.events.flatMap((event) => parseTypedEvent(type, event) ?? []).at(-1);
  }
}
