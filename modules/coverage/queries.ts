/** What can be read: every score, verdict and payment with what it rests on. */
import { paginate } from '../../chain/state/pagination.ts';
import type {
  QueryBeaconRequest,
  QueryBeaconResponse,
  QueryBeaconsRequest,
  QueryBeaconsResponse,
  QueryEpochRequest,
  QueryEpochResponse,
  QueryHotspotRequest,
  QueryHotspotResponse,
  QueryHotspotsRequest,
  QueryHotspotsResponse,
  QueryParamsResponse,
  QueryRewardRequest,
  QueryRewardResponse,
  QueryRewardsRequest,
  QueryRewardsResponse,
} from '../../wire/gen/depin/coverage/v1/query.ts';
import { uint64Key } from '../../wire/keys.ts';
import type { CoverageView } from './context.ts';
import { knownHotspot } from './hotspots.ts';
import { beaconHashKey, deviceIdKey } from './keys.ts';

const BEACON_HASH = /^[0-9a-f]{64}$/;

function beacon({ state, fail }: CoverageView, { hash }: QueryBeaconRequest): QueryBeaconResponse {
  if (!BEACON_HASH.test(hash)) {
    throw fail.NotFound(`hash: expected 64 hex digits, got "${hash.slice(0, 80)}"`);
  }
  const found = state.beacons.get(hash);
  if (found === undefined) throw fail.NotFound(`hash: beacon ${hash}`);
  const within = beaconHashKey.encodePart(hash);
  const witnesses = [...state.witnesses.entries({ within })].map(([, witness]) => witness);
  return { beacon: found, witnesses };
}

function beacons(view: CoverageView, request: QueryBeaconsRequest): QueryBeaconsResponse {
  const { deviceId } = knownHotspot(view, request.deviceId);
  const within = deviceIdKey.encodePart(deviceId);
  const { beacons } = view.state;
  const page = paginate(beacons.by.history.keys, request.pagination, { within });
  const found = page.entries.map(([[, hash]]) => beacons.must(hash));
  return { beacons: found, pagination: page.pagination };
}

function epoch({ state, fail }: CoverageView, { number }: QueryEpochRequest): QueryEpochResponse {
  const { currentEpoch, carried } = state.ledger.must();
  const found = state.epochs.get(number === 0n ? currentEpoch : number);
  if (found === undefined) throw fail.NotFound(`number: epoch ${number}`);
  return { epoch: found, carried };
}

function rewards({ state }: CoverageView, request: QueryRewardsRequest): QueryRewardsResponse {
  const number = request.epoch === 0n ? state.ledger.must().currentEpoch : request.epoch;
  const within = uint64Key.encodePart(number);
  const { entries, pagination } = paginate(state.rewards, request.pagination, { within });
  return { rewards: entries.map(([, reward]) => reward), pagination };
}

function reward(view: CoverageView, request: QueryRewardRequest): QueryRewardResponse {
  const { state, fail } = view;
  const { deviceId } = knownHotspot(view, request.deviceId);
  const number = request.epoch === 0n ? state.ledger.must().currentEpoch - 1n : request.epoch;
  const found = state.rewards.get([number, deviceId]);
  if (found === undefined) throw fail.NotFound(`epoch: ${deviceId} earned nothing in ${number}`);
  return { reward: found };
}

function hotspots({ state }: CoverageView, request: QueryHotspotsRequest): QueryHotspotsResponse {
  const { entries, pagination } = paginate(state.hotspots, request.pagination);
  return { hotspots: entries.map(([, hotspot]) => hotspot), pagination };
}

export const queries = {
  params: ({ params }: CoverageView): QueryParamsResponse => ({ params }),
  hotspot: (view: CoverageView, { deviceId }: QueryHotspotRequest): QueryHotspotResponse => ({
    hotspot: knownHotspot(view, deviceId),
  }),
  hotspots,
  beacon,
  beacons,
  epoch,
  rewards,
  reward,
};
