/** A small network of hotspots for the module's tests: real keys, real signatures, the way of a report unabridged. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { cellToIndex } from '../../../chain/math/h3.ts';
import type { EventType } from '../../../chain/module/events.ts';
import { ModuleHarness } from '../../../chain/testing/moduleHarness.ts';
import { moduleAddress } from '../../../wire/address.ts';
import { fromHex, toHex, toUtf8 } from '../../../wire/bytes.ts';
import { enrolmentBytes } from '../../../wire/enrolment.ts';
import type {
  Beacon,
  Epoch,
  Params,
  Reward,
  Witness,
} from '../../../wire/gen/depin/coverage/v1/coverage.ts';
import { GenesisState } from '../../../wire/gen/depin/coverage/v1/genesis.ts';
import { KeyType } from '../../../wire/gen/depin/devices/v1/devices.ts';
import type { MsgSubmitReportsResponse } from '../../../wire/gen/depin/devices/v1/tx.ts';
import { sha256 } from '../../../wire/hash.ts';
import { deviceIdOf, encodeReport } from '../../../wire/report.ts';
import {
  type BeaconPayload,
  beaconPayload,
  REPORT_KIND,
  type WitnessPayload,
  witnessPayload,
} from '../../../wire/reportPayload.ts';
import { auth } from '../../auth/module.ts';
import { bank } from '../../bank/module.ts';
import { credits } from '../../credits/module.ts';
import { devices } from '../../devices/module.ts';
import { coverage } from '../module.ts';
import { DEFAULT_PARAMS } from '../params.ts';
import { assertion, cellAt, type SignedTestReport, type TestHotspot } from './hotspot.ts';

/** Epochs of a minute, beacons every ten seconds, windows of five. */
export const FAST: Params = {
  ...DEFAULT_PARAMS,
  epochSeconds: 60n,
  poolPerEpoch: '1000000',
  beaconIntervalMs: 10_000n,
  witnessWindowMs: 5_000n,
  keptEpochs: 2,
};

const DENOM = 'udepin';

/** Hotspots, owners and a chain of the modules that coverage needs. */
export class CoverageNetwork {
  readonly harness: ModuleHarness;
  readonly payer: string;
  #devices = 0;

  constructor(params: Partial<Params> = {}) {
    this.harness = new ModuleHarness({
      modules: [auth, bank, devices, credits, coverage],
      genesis: { coverage: GenesisState.fromPartial({ params: { ...FAST, ...params } }) },
    });
    this.payer = this.account('payer');
  }

  /** Address of an account by a name; `coverage` is the module's own. */
  account(name: string): string {
    return this.harness.environment.addresses.format(this.#addressBytes(name));
  }

  /** Base units that an account owns. */
  balance(name: string): bigint {
    return this.harness.api(bank).balance(this.#addressBytes(name), DENOM);
  }

  #addressBytes(name: string): Uint8Array {
    return name === 'coverage' ? moduleAddress(name) : sha256(toUtf8(name)).slice(0, 20);
  }

  /** A registered device that has asserted nothing. */
  device(ownerName: string, spelled = (address: string) => address): TestHotspot {
    const secret = sha256(toUtf8(`device ${++this.#devices}`));
    const publicKey = ed25519.getPublicKey(secret);
    const id = toHex(deviceIdOf('ed25519', publicKey));
    const spelling = spelled(this.account(ownerName));
    const bytes = enrolmentBytes(this.harness.chainId, this.#addressBytes(ownerName), id);
    const signature = ed25519.sign(bytes, secret);
    const keyType = KeyType.KEY_TYPE_ED25519;
    const message = { owner: spelling, keyType, publicKey, signature };
    this.harness.send(devices, 'registerDevice', message);
    const { owner } = this.harness.api(devices).device(id)!;
    return { secret, publicKey, id, owner, cell: '', gain: 0, sequence: 0n };
  }

  /** A hotspot so far north and east of the middle. */
  hotspot(ownerName: string, northMetres: number, eastMetres = 0): TestHotspot {
    return this.asserted(this.device(ownerName), cellAt(northMetres, eastMetres));
  }

  /** Makes a device a hotspot in that cell. */
  asserted(hotspot: TestHotspot, cell: string): TestHotspot {
    hotspot.cell = cell;
    hotspot.gain = 12;
    this.harness.send(coverage, 'assertLocation', assertion(hotspot));
    return hotspot;
  }

  beaconOf(hotspot: TestHotspot, change: Partial<BeaconPayload> = {}): SignedTestReport {
    const payload = beaconPayload.encode({
      cell: cellToIndex(hotspot.cell),
      entropy: sha256(toUtf8(`entropy ${hotspot.sequence}`)),
      transmitPower: 270,
      gain: hotspot.gain,
      frequency: 904_300_000,
      ...change,
    });
    return this.sign(hotspot, REPORT_KIND.beacon, payload);
  }

  witnessOf(
    hotspot: TestHotspot,
    beacon: string,
    change: Partial<WitnessPayload> = {},
  ): SignedTestReport {
    const payload = witnessPayload.encode({
      beaconHash: fromHex(beacon),
      cell: cellToIndex(hotspot.cell),
      rssi: -1_000,
      snr: 50,
      frequency: 904_300_000,
      lag: 300,
      ...change,
    });
    return this.sign(hotspot, REPORT_KIND.witness, payload);
  }

  sign(hotspot: TestHotspot, kind: number, payload: Uint8Array): SignedTestReport {
    const sequence = ++hotspot.sequence;
    const timeMs = this.harness.timeNs / 1_000_000n;
    const report = { deviceId: fromHex(hotspot.id), sequence, timeMs, kind, payload };
    const signature = ed25519.sign(encodeReport(this.harness.chainId, report), hotspot.secret);
    return { ...report, deviceId: hotspot.id, signature };
  }

  /** Hash of a beacon: its name in the state. */
  hashOf(report: SignedTestReport): string {
    const unsigned = { ...report, deviceId: fromHex(report.deviceId) };
    return toHex(sha256(encodeReport(this.harness.chainId, unsigned)));
  }

  /** Hands in reports in one batch. */
  submit(...reports: readonly SignedTestReport[]): MsgSubmitReportsResponse {
    const message = { submitter: this.payer, reports };
    return this.harness.send(devices, 'submitReports', message) as MsgSubmitReportsResponse;
  }

  /** Hands in one report that must be refused; gives `codespace/code: message`. */
  refusal(report: SignedTestReport): string {
    const message = { submitter: this.payer, reports: [report] };
    return this.harness.refusal(devices, 'submitReports', message);
  }

  /** Opens a beacon and gives its hash. */
  open(hotspot: TestHotspot, change: Partial<BeaconPayload> = {}): string {
    const report = this.beaconOf(hotspot, change);
    this.submit(report);
    return this.hashOf(report);
  }

  /** A beacon with its witnesses. */
  beacon(hash: string): { readonly beacon: Beacon; readonly witnesses: readonly Witness[] } {
    return this.harness.query(coverage, 'beacon', { hash }) as ReturnType<
      CoverageNetwork['beacon']
    >;
  }

  /** An epoch, 0 for the current one. */
  epoch(number: bigint): Epoch {
    return (this.harness.query(coverage, 'epoch', { number }) as { epoch: Epoch }).epoch;
  }

  /** What the last paid epoch left over. */
  carried(): bigint {
    return BigInt(
      (this.harness.query(coverage, 'epoch', { number: 0n }) as { carried: string }).carried,
    );
  }

  /** Gives credits to the payer: buys them for freshly minted tokens. */
  fundPayer(wanted: bigint): void {
    const coin = { denom: DENOM, amount: wanted * 10n };
    const ledger = this.harness.api(bank);
    ledger.mint('mint', [coin]);
    ledger.sendFromModule('mint', this.#addressBytes('payer'), [coin]);
    const amount = { denom: DENOM, amount: coin.amount.toString() };
    this.harness.send(credits, 'buyCredits', { buyer: this.payer, amount, minCredits: wanted });
  }

  /** Credits that the payer has. */
  credits(): bigint {
    return this.harness.api(credits).creditsOf(this.#addressBytes('payer'));
  }

  reward(hotspot: TestHotspot, epoch: bigint): Reward {
    const request = { deviceId: hotspot.id, epoch };
    return (this.harness.query(coverage, 'reward', request) as { reward: Reward }).reward;
  }

  /** Events of one type of the last message or block, as objects. */
  events<T>(type: EventType<T>): T[] {
    return this.harness.emitted(type);
  }
}
