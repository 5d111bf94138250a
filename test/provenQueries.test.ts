/** The queries of depind's modules run on proven state: the same answers as the node's, without trusting it. */
import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { HttpProvider, LightClient } from '../lightclient/index.ts';
import { sdkQueries } from '../lightclient/queries/index.ts';
import { UnprovenError, VerifiedRpc } from '../lightclient/rpc/index.ts';
import { SECOND } from '../lightclient/testing/chain.ts';
import { depindQueries } from '../modules/provenQueries.ts';
import { fromBase64, fromHex, toHex } from '../wire/bytes.ts';
import {
  QueryDeviceRequest,
  QueryDevicesRequest,
  QueryDevicesResponse,
  QueryReportRequest,
} from '../wire/gen/depin/devices/v1/query.ts';
import { QueryStationRequest } from '../wire/gen/depin/sensors/v1/query.ts';
import { startTestLocalnet, type TestLocalnet } from './support/localnet.ts';

const EMPTY = new Uint8Array(0);

describe('depind queries on proven state', function () {
  this.timeout(60_000);
  let localnet: TestLocalnet;
  let provider: HttpProvider;
  let rpc: VerifiedRpc;
  let devices: QueryDevicesResponse['devices'];

  before(async () => {
    localnet = await startTestLocalnet({ devices: 8 });
    const { chainId, trust } = localnet;
    provider = new HttpProvider({ url: localnet.rpc, chainId });
    const client = await LightClient.create({
      chainId,
      primary: provider,
      witnesses: [],
      withoutWitnesses: true,
      trust: { height: BigInt(trust.height), hash: fromHex(trust.hash), period: 3_600n * SECOND },
    });
    const own = depindQueries();
    const queries = (path: string) => sdkQueries(path) ?? own(path);
    rpc = new VerifiedRpc({ client, unproven: 'refuse', queries });
    devices = await registered();
  });

  after(() => localnet.stop());

  /** The fleet's devices, once all are there. */
  async function registered(): Promise<QueryDevicesResponse['devices']> {
    for (;;) {
      const path = '/depin.devices.v1.Query/Devices';
      const { value } = await provider.abciQuery({ path, data: EMPTY });
      const found = QueryDevicesResponse.decode(value).devices;
      if (found.length === 8) return found;
      await pause(50);
    }
  }

  async function agrees(path: string, data: Uint8Array): Promise<number> {
    const { result, verification } = await rpc.call('abci_query', { path, data: toHex(data) });
    const { response } = result as {
      response: Record<'height' | 'value' | 'code' | 'log', string | number | null>;
    };
    const height = BigInt(response.height!);
    const direct = await provider.abciQuery({ path, data, height });
    assert.equal(verification.proven, 'all', path);
    const value = response.value === null ? EMPTY : fromBase64(String(response.value));
    assert.equal(toHex(value), toHex(direct.value), path);
    assert.deepEqual([response.code, response.log], [direct.code, direct.log], path);
    return direct.code;
  }

  it('answers parameters and totals', async () => {
    for (const module of ['devices', 'credits', 'coverage', 'compute', 'sensors']) {
      assert.equal(await agrees(`/depin.${module}.v1.Query/Params`, EMPTY), 0);
    }
    assert.equal(await agrees('/depin.credits.v1.Query/Totals', EMPTY), 0);
  });

  it('answers lists, and pages of them', async () => {
    for (const path of [
      '/depin.devices.v1.Query/Devices',
      '/depin.sensors.v1.Query/Stations',
      '/depin.coverage.v1.Query/Hotspots',
      '/depin.compute.v1.Query/Providers',
      '/depin.compute.v1.Query/Orders',
    ]) {
      assert.equal(await agrees(path, EMPTY), 0);
    }
    const pagination = { key: EMPTY, offset: 2n, limit: 3n, countTotal: true, reverse: false };
    for (const reverse of [false, true]) {
      const request = { owner: '', pagination: { ...pagination, reverse } };
      const page = QueryDevicesRequest.encode(request).finish();
      assert.equal(await agrees('/depin.devices.v1.Query/Devices', page), 0);
    }
    const { owner } = devices[0]!;
    const owned = QueryDevicesRequest.encode({ owner, pagination: undefined }).finish();
    assert.equal(await agrees('/depin.devices.v1.Query/Devices', owned), 0);
  });

  it('answers one thing by its name, and that there is none', async () => {
    const { id } = devices[3]!;
    const path = '/depin.devices.v1.Query/Device';
    assert.equal(await agrees(path, QueryDeviceRequest.encode({ id }).finish()), 0);
    const nobody = QueryDeviceRequest.encode({ id: '7f'.repeat(20) }).finish();
    assert.notEqual(await agrees(path, nobody), 0);
    const station = QueryStationRequest.encode({ deviceId: '7f'.repeat(20) }).finish();
    assert.notEqual(await agrees('/depin.sensors.v1.Query/Station', station), 0);
  });

  it('does not answer what stands beside the state', async () => {
    const data = QueryReportRequest.encode({ deviceId: devices[0]!.id }).finish();
    const path = '/depin.devices.v1.Query/Report';
    // That a device has not reported yet can be proven: what it reported not, in this way.
    while ((await provider.abciQuery({ path, data })).code !== 0) await pause(50);
    // The header above proves the state of that report.
    const { latestHeight } = await provider.status();
    while ((await provider.status()).latestHeight === latestHeight) await pause(20);
    await assert.rejects(rpc.call('abci_query', { path, data: toHex(data) }), UnprovenError);
  });
});
