import { parseAmount } from '../../chain/math/coins.ts';
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
import { blockMs, type CoverageContext, type CoverageView } from './context.ts';
import { COVERAGE_ACCOUNT, openEpoch } from './epochs.ts';
import { checkAssertion, knownHotspot } from './hotspots.ts';
import { checkParams, DEFAULT_PARAMS } from './params.ts';

/** A chain on which nothing has happened. */
export const DEFAULT_GENESIS: GenesisState = {
  params: DEFAULT_PARAMS,
  hotspots: [],
  beacons: [],
  witnesses: [],
  epochs: [],
  rewards: [],
  ledger: undefined,
};

const HEX_32 = /^[0-9a-f]{64}$/;

/**
 * The queues and the history follow from the beacons.
 * @throws ChainError naming the field: coverage/19, or that of the rule which an entry breaks.
 */
export function initGenesis(context: CoverageContext, genesis: GenesisState): void {
  context.setParams(checkParams(genesis.params ?? DEFAULT_PARAMS));
  context.bank.openModuleAccount(COVERAGE_ACCOUNT, 'minter');
  genesis.hotspots.forEach((hotspot, i) => {
    addHotspot(context, hotspot, `hotspots[${i}]`);
  });
  genesis.beacons.forEach((beacon, i) => {
    addBeacon(context, beacon, `beacons[${i}]`);
  });
  genesis.witnesses.forEach((witness, i) => {
    addWitness(context, witness, `witnesses[${i}]`);
  });
  genesis.epochs.forEach((epoch, i) => {
    addEpoch(context, epoch, `epochs[${i}]`);
  });
  genesis.rewards.forEach((reward, i) => {
    addReward(context, reward, `rewards[${i}]`);
  });
  initLedger(context, genesis.ledger);
}

function addHotspot(context: CoverageContext, hotspot: Hotspot, field: string): void {
  const { state, devices, fail } = context;
  const { deviceId } = hotspot;
  checkAssertion(context, hotspot);
  if (!/^[0-9a-f]{40}$/.test(deviceId) || devices.device(deviceId) === undefined) {
    throw fail.InvalidGenesis(`${field}.device_id: "${deviceId.slice(0, 60)}" is no device`);
  }
  if (state.hotspots.has(deviceId)) throw fail.InvalidGenesis(`${field}: ${deviceId} stands twice`);
  state.hotspots.set(deviceId, hotspot);
}

function addBeacon(context: CoverageContext, beacon: Beacon, field: string): void {
  const { state, fail } = context;
  const { hash, deviceId, epoch, closesMs, height } = beacon;
  if (!HEX_32.test(hash)) throw fail.InvalidGenesis(`${field}.hash: "${hash.slice(0, 80)}"`);
  if (state.beacons.has(hash)) throw fail.InvalidGenesis(`${field}: ${hash} stands twice`);
  knownHotspot(context, deviceId, `${field}.device_id`);
  checkAssertion(context, { cell: beacon.cell, gain: beacon.gain, elevationM: 0 });
  if (height < 0n) throw fail.InvalidGenesis(`${field}.height: expected 0 or more, got ${height}`);
  state.beacons.set(hash, beacon);
  state.history.add([deviceId, [height, hash]]);
  if (epoch === 0n) state.closing.add([closesMs, hash]);
  else state.settled.add([epoch, hash]);
}

function addWitness(context: CoverageContext, witness: Witness, field: string): void {
  const { state, fail } = context;
  const { beacon, deviceId, verdict } = witness;
  if (!HEX_32.test(beacon) || !state.beacons.has(beacon)) {
    throw fail.InvalidGenesis(`${field}.beacon: "${beacon.slice(0, 80)}" is no beacon`);
  }
  knownHotspot(context, deviceId, `${field}.device_id`);
  if (Verdict[verdict] === undefined || verdict < Verdict.VERDICT_VALID) {
    throw fail.InvalidGenesis(`${field}.verdict: got ${verdict}`);
  }
  if (state.witnesses.has([beacon, deviceId])) {
    throw fail.InvalidGenesis(`${field}: ${deviceId} stands twice for ${beacon}`);
  }
  state.witnesses.set([beacon, deviceId], witness);
}

const EPOCH_AMOUNTS = [
  'carriedIn',
  'minted',
  'coveragePool',
  'dataPool',
  'coveragePaid',
  'dataPaid',
] as const;

function addEpoch({ state, fail }: CoverageContext, epoch: Epoch, field: string): void {
  for (const amount of EPOCH_AMOUNTS) parseAmount(epoch[amount], `${field}.${amount}`);
  if (EpochStatus[epoch.status] === undefined || epoch.status < EpochStatus.EPOCH_STATUS_OPEN) {
    throw fail.InvalidGenesis(`${field}.status: got ${epoch.status}`);
  }
  if (epoch.number === 0n || state.epochs.has(epoch.number)) {
    throw fail.InvalidGenesis(`${field}.number: ${epoch.number} is 0 or stands twice`);
  }
  state.epochs.set(epoch.number, epoch);
}

function addReward(context: CoverageContext, reward: Reward, field: string): void {
  const { state, fail } = context;
  const { epoch, deviceId } = reward;
  parseAmount(reward.coverageAmount, `${field}.coverage_amount`);
  parseAmount(reward.dataAmount, `${field}.data_amount`);
  knownHotspot(context, deviceId, `${field}.device_id`);
  if (state.rewards.has([epoch, deviceId])) {
    throw fail.InvalidGenesis(`${field}: ${deviceId} stands twice in epoch ${epoch}`);
  }
  state.rewards.set([epoch, deviceId], reward);
}

function initLedger(context: CoverageContext, given: Ledger | undefined): void {
  const { state, fail } = context;
  if (given === undefined) {
    state.epochs.set(1n, openEpoch(1n, blockMs(context)));
    state.ledger.set({ currentEpoch: 1n, payingEpoch: 0n, paidThrough: '', carried: '0' });
    return;
  }
  parseAmount(given.carried, 'ledger.carried');
  const { currentEpoch, payingEpoch, paidThrough } = given;
  const status = state.epochs.get(currentEpoch)?.status;
  if (status !== EpochStatus.EPOCH_STATUS_OPEN) {
    throw fail.InvalidGenesis(`ledger.current_epoch: ${currentEpoch} is no open epoch`);
  }
  const paying = state.epochs.get(payingEpoch)?.status === EpochStatus.EPOCH_STATUS_PAYING;
  if (payingEpoch !== 0n && !paying) {
    throw fail.InvalidGenesis(`ledger.paying_epoch: ${payingEpoch} is not being paid`);
  }
  if (paidThrough !== '') knownHotspot(context, paidThrough, 'ledger.paid_through');
  state.ledger.set(given);
}

/** Everything that initGenesis takes. */
export function exportGenesis({ state, params }: CoverageView): GenesisState {
  return {
    params,
    hotspots: [...state.hotspots.entries()].map(([, hotspot]) => hotspot),
    beacons: [...state.beacons.entries()].map(([, beacon]) => beacon),
    witnesses: [...state.witnesses.entries()].map(([, witness]) => witness),
    epochs: [...state.epochs.entries()].map(([, epoch]) => epoch),
    rewards: [...state.rewards.entries()].map(([, reward]) => reward),
    ledger: state.ledger.must(),
  };
}
