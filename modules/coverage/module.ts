import { defineModule } from '../../chain/module/defineModule.ts';
import { index, item, map } from '../../chain/state/collections.ts';
import {
  Beacon,
  Epoch,
  Hotspot,
  Ledger,
  Params,
  Reward,
  Witness,
} from '../../wire/gen/depin/coverage/v1/coverage.ts';
import {
  EventBeaconOpened,
  EventBeaconSettled,
  EventDataPaid,
  EventEpochClosed,
  EventEpochPaid,
  EventLocationAsserted,
  EventRewardPaid,
  EventWitnessJudged,
} from '../../wire/gen/depin/coverage/v1/events.ts';
import { GenesisState } from '../../wire/gen/depin/coverage/v1/genesis.ts';
import { QueryDefinition } from '../../wire/gen/depin/coverage/v1/query.ts';
import { MsgDefinition } from '../../wire/gen/depin/coverage/v1/tx.ts';
import { uint64Key } from '../../wire/keys.ts';
import { REPORT_KIND } from '../../wire/reportPayload.ts';
import { bank } from '../bank/module.ts';
import { credits } from '../credits/module.ts';
import { type AcceptedReport, devices } from '../devices/module.ts';
import type { CoverageContext } from './context.ts';
import { closeEpoch, payEpoch } from './epochs.ts';
import { genesisChecks, startFromGenesis } from './genesis.ts';
import { invariants } from './invariants.ts';
import {
  beaconHashKey,
  COVERAGE_PREFIX,
  deviceIdKey,
  historyKeyCodec,
  rewardKeyCodec,
  witnessKeyCodec,
} from './keys.ts';
import { assertLocation } from './messages/assertLocation.ts';
import { payData } from './messages/payData.ts';
import { checkParams, DEFAULT_PARAMS } from './params.ts';
import { prune } from './prune.ts';
import { queries } from './queries.ts';
import { openBeacon } from './reports/beacon.ts';
import { recordWitness } from './reports/witness.ts';
import { settleBeacons } from './settle.ts';

export const coverageState = {
  hotspots: map(COVERAGE_PREFIX.hotspots, deviceIdKey, Hotspot, {
    key: ({ deviceId }) => deviceId,
  }),
  beacons: map(COVERAGE_PREFIX.beacons, beaconHashKey, Beacon, {
    key: ({ hash }) => hash,
    indexes: {
      closing: index(COVERAGE_PREFIX.closing, uint64Key, ({ epoch, closesMs }: Beacon) =>
        epoch === 0n ? closesMs : undefined,
      ),
      settled: index(COVERAGE_PREFIX.settled, uint64Key, ({ epoch }: Beacon) =>
        epoch === 0n ? undefined : epoch,
      ),
      history: index(
        COVERAGE_PREFIX.history,
        historyKeyCodec,
        ({ deviceId, height }: Beacon) => [deviceId, height] as const,
      ),
    },
  }),
  witnesses: map(COVERAGE_PREFIX.witnesses, witnessKeyCodec, Witness, {
    key: ({ beacon, deviceId }) => [beacon, deviceId] as const,
  }),
  epochs: map(COVERAGE_PREFIX.epochs, uint64Key, Epoch, { key: ({ number }) => number }),
  rewards: map(COVERAGE_PREFIX.rewards, rewardKeyCodec, Reward, {
    key: ({ epoch, deviceId }) => [epoch, deviceId] as const,
  }),
  ledger: item(COVERAGE_PREFIX.ledger, Ledger),
};

export const coverageErrors = {
  NotAHotspot: [2, 'device has asserted no location', 'notFound'],
  InvalidCell: [3, 'not an H3 cell of resolution 12'],
  InvalidAntenna: [4, 'antenna is out of range'],
  WrongCount: [5, 'number of transfers is out of range'],
  Revoked: [6, 'hotspot is revoked'],
  MalformedPayload: [7, 'malformed report payload'],
  SpoofedCell: [8, 'reported cell is not the asserted one'],
  SpoofedGain: [9, 'reported gain is not the asserted one'],
  TooSoon: [10, 'beacon comes too soon after the last one'],
  PowerOutOfRange: [11, 'transmit power is out of range'],
  FrequencyOutOfRange: [12, 'frequency is out of range'],
  UnknownBeacon: [13, 'no such beacon'],
  BeaconClosed: [14, 'beacon takes no more witnesses'],
  OwnBeacon: [15, 'hotspot witnesses its own beacon'],
  AlreadyWitnessed: [16, 'hotspot has witnessed this beacon before'],
  EvidenceFull: [17, 'beacon holds as many witnesses as it can'],
  NotFound: [18, 'not found', 'notFound'],
  InvalidGenesis: [19, 'invalid genesis of coverage'],
} as const;

export const coverageEvents = {
  locationAsserted: EventLocationAsserted,
  beaconOpened: EventBeaconOpened,
  witnessJudged: EventWitnessJudged,
  beaconSettled: EventBeaconSettled,
  dataPaid: EventDataPaid,
  epochClosed: EventEpochClosed,
  rewardPaid: EventRewardPaid,
  epochPaid: EventEpochPaid,
};

/** Coverage: hotspots prove by radio where they stand, carry data, and share a pool of tokens for both. */
export const coverage = defineModule('coverage', {
  uses: { bank, devices, credits },
  params: {
    prefix: COVERAGE_PREFIX.params,
    type: Params,
    default: DEFAULT_PARAMS,
    check: checkParams,
  },
  state: coverageState,
  errors: coverageErrors,
  events: coverageEvents,
  msg: MsgDefinition,
  messages: { assertLocation, payData },
  query: QueryDefinition,
  queries,
  on: { devices: { reportAccepted: takeReport } },
  genesis: { type: GenesisState, check: genesisChecks, start: startFromGenesis },
  endBlock(context) {
    settleBeacons(context);
    closeEpoch(context);
    payEpoch(context);
    prune(context);
  },
  invariants,
});

function takeReport(context: CoverageContext, accepted: AcceptedReport): boolean {
  if (accepted.report.kind === REPORT_KIND.beacon) openBeacon(context, accepted);
  else if (accepted.report.kind === REPORT_KIND.witness) recordWitness(context, accepted);
  else return false;
  return true;
}
