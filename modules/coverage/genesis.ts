/** What a genesis of the coverage module must be beyond its form. */
import { parseAmount } from '../../chain/math/coins.ts';
import type { Refuse } from '../../chain/module/defineModule.ts';
import {
  type Beacon,
  type Epoch,
  EpochStatus,
  type Hotspot,
  type Ledger,
  type Reward,
  Verdict,
  type Witness,
} from '../../wire/gen/depin/coverage/v1/coverage.ts';
import type { GenesisState } from '../../wire/gen/depin/coverage/v1/genesis.ts';
import { blockMs, type CoverageContext } from './context.ts';
import { COVERAGE_ACCOUNT, openEpoch } from './epochs.ts';
import { checkAssertion, knownHotspot } from './hotspots.ts';

const HEX_32 = /^[0-9a-f]{64}$/;

/** The checks of the entries, each before it is written: coverage/19, or the error of the rule that an entry breaks. */
export const genesisChecks = {
  hotspots: checkHotspot,
  beacons: checkBeacon,
  witnesses: checkWitness,
  epochs: checkEpoch,
  rewards: checkReward,
};

function checkHotspot(context: CoverageContext, hotspot: Hotspot, { at }: Refuse): void {
  const { devices, fail } = context;
  const { deviceId } = hotspot;
  checkAssertion(context, hotspot);
  if (!/^[0-9a-f]{40}$/.test(deviceId) || devices.device(deviceId) === undefined) {
    throw fail.InvalidGenesis(`${at('device_id')}: "${deviceId.slice(0, 60)}" is no device`);
  }
}

function checkBeacon(context: CoverageContext, beacon: Beacon, { at }: Refuse): void {
  const { fail } = context;
  const { hash, deviceId, height } = beacon;
  if (!HEX_32.test(hash)) throw fail.InvalidGenesis(`${at('hash')}: "${hash.slice(0, 80)}"`);
  knownHotspot(context, deviceId, at('device_id'));
  checkAssertion(context, { cell: beacon.cell, gain: beacon.gain, elevationM: 0 });
  if (height < 0n) throw fail.InvalidGenesis(`${at('height')}: expected 0 or more, got ${height}`);
}

function checkWitness(context: CoverageContext, witness: Witness, { at }: Refuse): void {
  const { state, fail } = context;
  const { beacon, deviceId, verdict } = witness;
  if (!HEX_32.test(beacon) || !state.beacons.has(beacon)) {
    throw fail.InvalidGenesis(`${at('beacon')}: "${beacon.slice(0, 80)}" is no beacon`);
  }
  knownHotspot(context, deviceId, at('device_id'));
  if (Verdict[verdict] === undefined || verdict < Verdict.VERDICT_VALID) {
    throw fail.InvalidGenesis(`${at('verdict')}: got ${verdict}`);
  }
}

const EPOCH_AMOUNTS = [
  'carriedIn',
  'minted',
  'coveragePool',
  'dataPool',
  'coveragePaid',
  'dataPaid',
] as const;

function checkEpoch({ state, fail }: CoverageContext, epoch: Epoch, { at }: Refuse): void {
  for (const amount of EPOCH_AMOUNTS) parseAmount(epoch[amount], at(amount));
  if (EpochStatus[epoch.status] === undefined || epoch.status < EpochStatus.EPOCH_STATUS_OPEN) {
    throw fail.InvalidGenesis(`${at('status')}: got ${epoch.status}`);
  }
  if (epoch.number === 0n || state.epochs.has(epoch.number)) {
    throw fail.InvalidGenesis(`${at('number')}: ${epoch.number} is 0 or stands twice`);
  }
}

function checkReward(context: CoverageContext, reward: Reward, { at }: Refuse): void {
  parseAmount(reward.coverageAmount, at('coverage_amount'));
  parseAmount(reward.dataAmount, at('data_amount'));
  knownHotspot(context, reward.deviceId, at('device_id'));
}

/** A chain without a ledger starts its first epoch now. */
export function startFromGenesis(context: CoverageContext, { ledger }: GenesisState): void {
  context.bank.openModuleAccount(COVERAGE_ACCOUNT, 'minter');
  if (ledger === undefined) {
    const { state } = context;
    state.epochs.set(1n, openEpoch(1n, blockMs(context)));
    state.ledger.set({ currentEpoch: 1n, payingEpoch: 0n, paidThrough: '', carried: '0' });
  } else {
    checkLedger(context, ledger);
  }
}

function checkLedger(context: CoverageContext, ledger: Ledger): void {
  const { state, fail } = context;
  const { currentEpoch, payingEpoch, paidThrough } = ledger;
  parseAmount(ledger.carried, 'ledger.carried');
  const status = state.epochs.get(currentEpoch)?.status;
  if (status !== EpochStatus.EPOCH_STATUS_OPEN) {
    throw fail.InvalidGenesis(`ledger.current_epoch: ${currentEpoch} is no open epoch`);
  }
  const paying = state.epochs.get(payingEpoch)?.status === EpochStatus.EPOCH_STATUS_PAYING;
  if (payingEpoch !== 0n && !paying) {
    throw fail.InvalidGenesis(`ledger.paying_epoch: ${payingEpoch} is not being paid`);
  }
  if (paidThrough !== '') knownHotspot(context, paidThrough, 'ledger.paid_through');
}
