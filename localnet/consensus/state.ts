/**
 * What consensus remembers between two blocks: validators, parameters and hashes (CometBFT state/state.go).
 * Pure: `nextState` gives the state after a block from the state before it.
 */
import type { FinalizeBlockResponse, ValidatorUpdate } from '../../chain/abci/types.ts';
import { hashResults } from '../../wire/results.ts';
import type { Block, BlockId, ConsensusParams, PublicKey, ValidatorSet } from '../../wire/types.ts';
import { NIL_BLOCK_ID } from '../../wire/types.ts';
import { checkPublicKey, validatorAddress } from '../../wire/validatorSet.ts';
import { checkConsensusParams, checkExtensionsUpdate } from './params.ts';
import {
  incrementProposerPriority,
  newValidatorSet,
  updateWithChangeSet,
  type ValidatorChange,
} from './proposer.ts';

/** The state that the block at `lastBlockHeight + 1` builds on. Times in nanoseconds since 1970. */
export interface ChainState {
  readonly chainId: string;
  readonly initialHeight: bigint;
  /** `initialHeight - 1` before the first block. */
  readonly lastBlockHeight: bigint;
  readonly lastBlockId: BlockId;
  /** Genesis time before the first block. */
  readonly lastBlockTime: bigint;
  /** Absent before the first block. */
  readonly lastValidators?: ValidatorSet;
  /** In force at the next height. */
  readonly validators: ValidatorSet;
  /** In force at the height after the next. */
  readonly nextValidators: ValidatorSet;
  readonly params: ConsensusParams;
  readonly appVersion: bigint;
  readonly lastResultsHash: Uint8Array;
  readonly appHash: Uint8Array;
}

/** What a state before the first block is made of, after the application's InitChain. */
export interface GenesisState {
  readonly chainId: string;
  readonly genesisTime: bigint;
  readonly initialHeight: bigint;
  readonly validators: readonly ValidatorChange[];
  readonly params: ConsensusParams;
  readonly appVersion: bigint;
  readonly appHash: Uint8Array;
}

/** The state before the first block. @throws RangeError for no validators, or wrong parameters. */
export function genesisState(genesis: GenesisState): ChainState {
  const validators = newValidatorSet(genesis.validators);
  return {
    chainId: genesis.chainId,
    initialHeight: genesis.initialHeight,
    lastBlockHeight: genesis.initialHeight - 1n,
    lastBlockId: NIL_BLOCK_ID,
    lastBlockTime: genesis.genesisTime,
    validators,
    nextValidators: incrementProposerPriority(validators.validators, 1),
    params: checkConsensusParams(genesis.params),
    appVersion: genesis.appVersion,
    lastResultsHash: hashResults([]),
    appHash: genesis.appHash,
  };
}

/**
 * The state after a block: validator updates come into force two heights later, parameters at the next.
 * @throws RangeError for updates or parameters that break a rule.
 */
export function nextState(
  state: ChainState,
  decided: { readonly block: Block; readonly blockId: BlockId },
  response: FinalizeBlockResponse,
): ChainState {
  const params = response.consensusParamUpdates ?? state.params;
  checkExtensionsUpdate(state.params, params, decided.block.header.height);
  const changes = validatorChanges(response.validatorUpdates, state.params);
  const changed = updateWithChangeSet(state.nextValidators, changes);
  return {
    chainId: state.chainId,
    initialHeight: state.initialHeight,
    lastBlockHeight: decided.block.header.height,
    lastBlockId: decided.blockId,
    lastBlockTime: decided.block.header.time,
    lastValidators: state.validators,
    validators: state.nextValidators,
    nextValidators: incrementProposerPriority(changed.validators, 1),
    params: checkConsensusParams(params),
    appVersion: response.consensusParamUpdates ? params.version.app : state.appVersion,
    lastResultsHash: hashResults(response.txResults),
    appHash: response.appHash,
  };
}

/**
 * What an application's validator updates mean for a set.
 * @throws RangeError for a negative power or a key type that the parameters do not allow, TypeError for a
 * key of the wrong length.
 */
export function validatorChanges(
  updates: readonly ValidatorUpdate[],
  params: ConsensusParams,
): ValidatorChange[] {
  return updates.map(({ publicKey, power }, index) => {
    const title = `validator_updates[${index}]`;
    if (power < 0n) throw new RangeError(`${title}.power: expected 0 or more, got ${power}`);
    const isAllowed = power === 0n || params.validator.pubKeyTypes.includes(publicKey.type);
    if (!isAllowed) {
      const expected = params.validator.pubKeyTypes.join(' or ');
      throw new RangeError(`${title}.pub_key: expected ${expected}, got ${publicKey.type}`);
    }
    return validatorChange(checkPublicKey(publicKey, `${title}.pub_key`), power);
  });
}

/** A key and its power with the address that follows from the key. */
export function validatorChange(publicKey: PublicKey, votingPower: bigint): ValidatorChange {
  return { address: validatorAddress(publicKey), publicKey, votingPower };
}
