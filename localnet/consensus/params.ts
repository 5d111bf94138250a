/** Consensus parameters: CometBFT's defaults and the rules that every set of them must keep (types/params.go). */
import { MAX_BLOCK_SIZE } from '../../wire/block.ts';
import type { ConsensusParams } from '../../wire/types.ts';

const HOUR_NS = 3_600_000_000_000n;
const ENABLE_HEIGHT = 'abci.vote_extensions_enable_height';
const KEY_TYPES: readonly string[] = ['ed25519', 'secp256k1'];

/** What a genesis file without `consensus_params` means. */
export const DEFAULT_CONSENSUS_PARAMS: ConsensusParams = {
  block: { maxBytes: 22_020_096n, maxGas: -1n },
  evidence: {
    maxAgeNumBlocks: 100_000n,
    maxAgeDurationNs: 48n * HOUR_NS,
    maxBytes: 1_048_576n,
  },
  validator: { pubKeyTypes: ['ed25519'] },
  version: { app: 0n },
  abci: { voteExtensionsEnableHeight: 0n },
};

/** Bytes that a block may have; -1 in the parameters stands for the largest block of all. */
export function maxBlockBytes(params: ConsensusParams): bigint {
  return params.block.maxBytes === -1n ? BigInt(MAX_BLOCK_SIZE) : params.block.maxBytes;
}

/** @throws RangeError naming the parameter, what was given and what was expected. */
export function checkConsensusParams(params: ConsensusParams): ConsensusParams {
  const { block, evidence, validator, abci } = params;
  const isSize =
    block.maxBytes === -1n || (block.maxBytes > 0n && block.maxBytes <= BigInt(MAX_BLOCK_SIZE));
  must(isSize, 'block.max_bytes', block.maxBytes, `-1 or 1 to ${MAX_BLOCK_SIZE}`);
  must(block.maxGas >= -1n, 'block.max_gas', block.maxGas, '-1 or more');
  must(
    evidence.maxAgeNumBlocks > 0n,
    'evidence.max_age_num_blocks',
    evidence.maxAgeNumBlocks,
    'over 0',
  );
  must(
    evidence.maxAgeDurationNs > 0n,
    'evidence.max_age_duration',
    evidence.maxAgeDurationNs,
    'over 0',
  );
  const isEvidenceSize = evidence.maxBytes >= 0n && evidence.maxBytes <= maxBlockBytes(params);
  must(isEvidenceSize, 'evidence.max_bytes', evidence.maxBytes, '0 to block.max_bytes');
  must(validator.pubKeyTypes.length > 0, 'validator.pub_key_types', 'none', 'at least one type');
  for (const type of validator.pubKeyTypes) {
    must(KEY_TYPES.includes(type), 'validator.pub_key_types', type, KEY_TYPES.join(' or '));
  }
  const enableHeight = abci.voteExtensionsEnableHeight;
  must(enableHeight >= 0n, ENABLE_HEIGHT, enableHeight, '0 or more');
  return params;
}

/**
 * Whether the block at `height` may change when votes carry extensions: what is past stays as it was
 * (ConsensusParams.ValidateUpdate). @throws RangeError naming the parameter.
 */
export function checkExtensionsUpdate(
  before: ConsensusParams,
  after: ConsensusParams,
  height: bigint,
): void {
  const from = before.abci.voteExtensionsEnableHeight;
  const to = after.abci.voteExtensionsEnableHeight;
  if (from === to) return;
  must(from === 0n || from > height, ENABLE_HEIGHT, to, `${from}, which is not to come any more`);
  must(to === 0n || to > height, ENABLE_HEIGHT, to, `0 or more than height ${height}`);
}

function must(isRight: boolean, field: string, got: string | bigint, expected: string): void {
  if (isRight) return;
  throw new RangeError(`consensus_params.${field}: expected ${expected}, got ${got}`);
}
