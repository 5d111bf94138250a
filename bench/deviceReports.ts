/** Device reports per second through four validators, in transactions of a hundred reports. */
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import { TestDevice } from '../test/support/devices.ts';
import { TxMsgData } from '../wire/gen/cosmos/base/abci/v1beta1/abci.ts';
import type { SignedReport } from '../wire/gen/depin/devices/v1/devices.ts';
import {
  MsgRegisterDevice,
  MsgSubmitReports,
  MsgSubmitReportsResponse,
} from '../wire/gen/depin/devices/v1/tx.ts';
import { MsgRegisterStation } from '../wire/gen/depin/sensors/v1/tx.ts';
import type { Any } from '../wire/gen/google/protobuf/any.ts';
import { REPORT_KIND, weatherPayload } from '../wire/reportPayload.ts';
import type { KeyType } from '../wire/signature.ts';
import type { BenchAccount } from './support/account.ts';
import { type Bench, type BenchOptions, type Figure, figureOf } from './support/figure.ts';
import { type BenchNetwork, startBenchNetwork } from './support/network.ts';
import { sendAll, type Throughput } from './support/throughput.ts';

const BATCH = 100;
const STATIONS = 400;
const CELL = '872a1072bffffff';
/** What it costs a hundred reports at most. */
const GAS = 100_000_000n;
/** Every reading counts; with the default, most of a bench's would be taken without a score. */
const PARAMS = { sensors: { min_interval_ms: '1', cell_capacity: 1000 } };
const INTERVAL_MS = 1000;

/** From the first request to the last commit: CheckTx, blocks and disk of all four. */
export const deviceReports: Bench = {
  name: 'deviceReports',
  async run(options) {
    return [await measure('ed25519', options), await measure('p256', options)];
  },
};

async function measure(type: KeyType, { quick, progress }: BenchOptions): Promise<Figure> {
  const rates: number[] = [];
  const stations = quick ? STATIONS / 4 : STATIONS;
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    const { verifier } = await createNodeVerifier();
    const accounts = 1 + stations / BATCH;
    const network = await startBenchNetwork({ accounts, verifier, params: PARAMS });
    try {
      const devices = Array.from({ length: stations }, (_, i) => {
        return new TestDevice({ seed: `bench ${i}`, type, chainId: network.chainId });
      });
      await register(network, devices);
      const txs = reportTxs(network.accounts.slice(1), devices, quick ? 2 : 4);
      const outcome = await sendAll(network.localnet, txs);
      const count = acceptedReports(outcome, txs.length * BATCH);
      rates.push(count / outcome.seconds);
      progress(`${type} reports: ${count} in ${outcome.seconds.toFixed(2)} s`);
    } finally {
      await network.stop();
    }
  }
  return figureOf({ name: `reports, ${type}`, unit: 'reports/s', better: 'higher' }, rates);
}

/** The first account owns all stations. */
async function register(
  { localnet, accounts: [owner] }: BenchNetwork,
  devices: readonly TestDevice[],
): Promise<void> {
  const txs: Uint8Array[] = [];
  for (const device of devices) {
    const messages = registration(owner!, device);
    txs.push(owner!.sign(messages, GAS));
  }
  // One at a time: they share an account.
  for (const tx of txs) {
    const { code, log } = await localnet.broadcast(tx);
    if (code !== 0) throw new Error(`a station is not registered: ${log}`);
  }
  await emptied(localnet);
}

/** Two blocks after all that waited: the state stands and is proven. */
async function emptied(localnet: BenchNetwork['localnet']): Promise<void> {
  await localnet.waitForHeight(localnet.height() + 2n, 60_000);
}

function registration(owner: BenchAccount, device: TestDevice): Any[] {
  const register = MsgRegisterDevice.encode({
    owner: owner.address,
    keyType: device.protoType,
    publicKey: device.publicKey,
    signature: device.enrolment(owner.bytes),
  });
  const station = { owner: owner.address, deviceId: device.id, model: 'WS2000', cell: CELL };
  return [
    { typeUrl: '/depin.devices.v1.MsgRegisterDevice', value: register.finish() },
    {
      typeUrl: '/depin.sensors.v1.MsgRegisterStation',
      value: MsgRegisterStation.encode(station).finish(),
    },
  ];
}

/** Each submitter hands in the reports of its hundred devices, reading after reading. */
function reportTxs(
  submitters: readonly BenchAccount[],
  devices: readonly TestDevice[],
  readings: number,
): Uint8Array[] {
  const begin = BigInt(Date.now() - readings * INTERVAL_MS);
  return Array.from({ length: readings }, (_, reading) =>
    submitters.map((submitter, place) => {
      const reports = devices
        .slice(place * BATCH, (place + 1) * BATCH)
        .map((device) => reportOf(device, reading, begin));
      const value = MsgSubmitReports.encode({ submitter: submitter.address, reports }).finish();
      return submitter.sign([{ typeUrl: '/depin.devices.v1.MsgSubmitReports', value }], GAS);
    }),
  ).flat();
}

function reportOf(device: TestDevice, reading: number, begin: bigint): SignedReport {
  const payload = weatherPayload.encode({
    cell: BigInt(`0x${CELL}`),
    temperature: 21_500 + reading,
    humidity: 550_000,
    windSpeed: 3_000,
    windDirection: 90_000,
    pressure: 101_325,
    precipitation: 0,
    illuminance: 20_000,
  });
  return device.report({
    sequence: BigInt(reading + 1),
    timeMs: begin + BigInt(reading * INTERVAL_MS),
    kind: REPORT_KIND.weather,
    payload,
  });
}

/** @throws Error when the chain refused one. */
function acceptedReports({ results }: Throughput, expected: number): number {
  const accepted = results
    .flatMap(({ data }) => TxMsgData.decode(data).msgResponses)
    .map(({ value }) => MsgSubmitReportsResponse.decode(value));
  const count = accepted.reduce((sum, response) => sum + response.accepted, 0);
  if (count === expected) return count;
  const reason = accepted.flatMap(({ refused }) => refused)[0]?.reason;
  throw new Error(`${count} of ${expected} reports are accepted: ${reason}`);
}
