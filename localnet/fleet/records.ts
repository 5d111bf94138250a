/** What a chain knows of a fleet: parameters, and the records of devices and of what they are. */
import type {
  PageRequest,
  PageResponse,
} from '../../wire/gen/cosmos/base/query/v1beta1/pagination.ts';
import type { Params as ComputeParams, Provider } from '../../wire/gen/depin/compute/v1/compute.ts';
import { QueryDefinition as ComputeQuery } from '../../wire/gen/depin/compute/v1/query.ts';
import type {
  Params as CoverageParams,
  Hotspot,
} from '../../wire/gen/depin/coverage/v1/coverage.ts';
import { QueryDefinition as CoverageQuery } from '../../wire/gen/depin/coverage/v1/query.ts';
import type { Params as CreditsParams } from '../../wire/gen/depin/credits/v1/credits.ts';
import { QueryDefinition as CreditsQuery } from '../../wire/gen/depin/credits/v1/query.ts';
import type {
  Device as DeviceRecord,
  Params as DevicesParams,
} from '../../wire/gen/depin/devices/v1/devices.ts';
import { QueryDefinition as DevicesQuery } from '../../wire/gen/depin/devices/v1/query.ts';
import { QueryDefinition as SensorsQuery } from '../../wire/gen/depin/sensors/v1/query.ts';
import type { Params as SensorsParams, Station } from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { type ChainClient, ChainRefusal } from './chainClient.ts';

/** Parameters of the modules that the fleet works with. */
export interface ChainParams {
  readonly devices: DevicesParams;
  readonly sensors: SensorsParams;
  readonly coverage: CoverageParams;
  /** Undefined on a chain without compute. */
  readonly compute: ComputeParams | undefined;
  readonly credits: CreditsParams;
}

/** Records by device id. */
export interface ChainRecords {
  readonly devices: ReadonlyMap<string, DeviceRecord>;
  readonly stations: ReadonlyMap<string, Station>;
  readonly hotspots: ReadonlyMap<string, Hotspot>;
  readonly providers: ReadonlyMap<string, Provider>;
}

const PAGE_LIMIT = 500n;
/** 500,000 records: a chain with more is not one that a fleet is started on. */
const MAX_PAGES = 1_000;
/** The SDK's code for a query that nothing serves. */
const UNKNOWN_REQUEST_CODE = 6;

/** @throws Error when the node is away or the chain lacks a module other than compute. */
export async function readParams(client: ChainClient): Promise<ChainParams> {
  const [devices, sensors, coverage, compute, credits] = await Promise.all([
    client.query(DevicesQuery, DevicesQuery.methods.params, {}),
    client.query(SensorsQuery, SensorsQuery.methods.params, {}),
    client.query(CoverageQuery, CoverageQuery.methods.params, {}),
    readComputeParams(client),
    client.query(CreditsQuery, CreditsQuery.methods.params, {}),
  ]);
  return {
    devices: present(devices.params, 'devices'),
    sensors: present(sensors.params, 'sensors'),
    coverage: present(coverage.params, 'coverage'),
    compute,
    credits: present(credits.params, 'credits'),
  };
}

async function readComputeParams(client: ChainClient): Promise<ComputeParams | undefined> {
  try {
    const { params } = await client.query(ComputeQuery, ComputeQuery.methods.params, {});
    return present(params, 'compute');
  } catch (error) {
    const isUnknown = error instanceof ChainRefusal && error.code === UNKNOWN_REQUEST_CODE;
    if (isUnknown && error.codespace === 'sdk') return undefined;
    throw error;
  }
}

function present<T>(params: T | undefined, name: string): T {
  if (params === undefined) throw new TypeError(`${name} params: expected some, got none`);
  return params;
}

/** Everything that the chain has of these kinds, page by page; providers only where there is a compute module. */
export async function readRecords(
  client: ChainClient,
  { compute }: Pick<ChainParams, 'compute'>,
): Promise<ChainRecords> {
  const devices = await allPages(async (pagination) => {
    const page = { owner: '', pagination };
    const answer = await client.query(DevicesQuery, DevicesQuery.methods.devices, page);
    return { ...answer, items: answer.devices };
  });
  const stations = await allPages(async (pagination) => {
    const page = { cell: '', pagination };
    const answer = await client.query(SensorsQuery, SensorsQuery.methods.stations, page);
    return { ...answer, items: answer.stations };
  });
  const hotspots = await allPages(async (pagination) => {
    const answer = await client.query(CoverageQuery, CoverageQuery.methods.hotspots, {
      pagination,
    });
    return { ...answer, items: answer.hotspots };
  });
  const providers = await allPages<Provider>(async (pagination) => {
    if (compute === undefined) return { items: [] };
    const page = { gpuModel: '', pagination };
    const answer = await client.query(ComputeQuery, ComputeQuery.methods.providers, page);
    return { ...answer, items: answer.providers };
  });
  return {
    devices: new Map(devices.map((each) => [each.id, each])),
    stations: new Map(stations.map((each) => [each.deviceId, each])),
    hotspots: new Map(hotspots.map((each) => [each.deviceId, each])),
    providers: new Map(providers.map((each) => [each.deviceId, each])),
  };
}

/** The newest record of one device. @throws ChainRefusal when it is not registered. */
export async function readDevice(client: ChainClient, id: string): Promise<DeviceRecord> {
  const { device } = await client.query(DevicesQuery, DevicesQuery.methods.device, { id });
  return present(device, `device ${id}`);
}

interface Page<T> {
  readonly items: readonly T[];
  readonly pagination?: PageResponse | undefined;
}

/** All items of a paged query. @throws RangeError when the pages do not end. */
export async function allPages<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let key: Uint8Array = new Uint8Array(0);
  for (let i = 0; i < MAX_PAGES; i++) {
    const page = await read({
      key,
      offset: 0n,
      limit: PAGE_LIMIT,
      countTotal: false,
      reverse: false,
    });
    items.push(...page.items);
    key = page.pagination?.nextKey ?? new Uint8Array(0);
    if (key.length === 0) return items;
  }
  throw new RangeError(`records: expected at most ${MAX_PAGES} pages`);
}
