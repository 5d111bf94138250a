/**
 * A validator's key and the last thing it signed, in CometBFT's files (privval/file.go). What is about to be
 * signed is on the disk before the signature is released, so that no restart makes a validator sign two
 * different blocks at one height, round and step, also not after a loss of power.
 */
import { readFile } from 'node:fs/promises';
import { equalBytes, toBase64 } from '../../wire/bytes.ts';
import { hexToJson, PUBLIC_KEY_NAME } from '../../wire/json/encode.ts';
import { VOTE_TYPE, type Vote } from '../../wire/types.ts';
import {
  type SignedExtensionFields,
  voteExtensionSignBytes,
  voteSignBytes,
} from '../../wire/vote.ts';
import { replaceFile } from '../durableFile.ts';
import { Fields } from '../fields.ts';
import { parseStrictJson } from '../strictJson.ts';
import { type Ed25519Key, ed25519Key } from './ed25519.ts';
import type { ExtendedVote } from './extensions.ts';
import {
  type LastExtension,
  type LastSigned,
  lastSignedToText,
  parseLastSigned,
  readExtensionSignBytes,
  readSignBytes,
  SIGNED_STEP,
} from './lastSigned.ts';
import { validatorChange } from './state.ts';
import type { UnsignedVote } from './voting.ts';

const PRIVATE_KEY_NAME = 'tendermint/PrivKeyEd25519';

/** A validator's key pair; the seed is 32 bytes. */
export interface ValidatorKey {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly address: Uint8Array;
}

/** A vote that this validator must not sign; it would contradict, or go back behind, an earlier one. */
export class DoubleSignError extends Error {
  override readonly name = 'DoubleSignError';
}

/** The key pair and address of a 32-byte seed. */
export function validatorKey(seed: Uint8Array): ValidatorKey {
  const { publicKey } = ed25519Key(seed);
  const { address } = validatorChange({ type: 'ed25519', bytes: publicKey }, 1n);
  return { seed, publicKey, address };
}

/** The text of priv_validator_key.json. */
export function validatorKeyToText({ seed, publicKey, address }: ValidatorKey): string {
  const value = {
    address: hexToJson(address),
    pub_key: { type: PUBLIC_KEY_NAME.ed25519, value: toBase64(publicKey) },
    priv_key: { type: PRIVATE_KEY_NAME, value: toBase64(concatKey(seed, publicKey)) },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The text of node_key.json, whose key is named by the node's id. */
export function nodeKeyToText({ seed, publicKey }: ValidatorKey): string {
  const value = concatKey(seed, publicKey);
  return `${JSON.stringify({ priv_key: { type: PRIVATE_KEY_NAME, value: toBase64(value) } })}\n`;
}

/**
 * The key of priv_validator_key.json or node_key.json.
 * @throws TypeError naming the field when it is not an ed25519 key, or its parts do not belong together.
 */
export function parseKey(text: string, title: string): ValidatorKey {
  const known = ['address', 'pub_key', 'priv_key'];
  const fields = Fields.of(parseStrictJson(text, title), title, known);
  const privateKey = fields.object('priv_key', ['type', 'value']);
  if (privateKey.text('type') !== PRIVATE_KEY_NAME) throw privateKey.fail('type', PRIVATE_KEY_NAME);
  const bytes = privateKey.base64('value');
  if (bytes.length !== 64) throw privateKey.fail('value', '64 bytes in base64');
  const key = validatorKey(bytes.subarray(0, 32));
  if (!equalBytes(bytes.subarray(32), key.publicKey)) {
    throw privateKey.fail('value', 'a seed followed by its own public key');
  }
  if (fields.has('address') && !equalBytes(fields.hex('address'), key.address)) {
    throw fields.fail('address', `${hexToJson(key.address)}, the address of its key`);
  }
  return key;
}

function concatKey(seed: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return Uint8Array.of(...seed, ...publicKey);
}

/** Signs votes with one key and keeps its state in one file. Calls must not overlap. */
export class Signer {
  readonly key: ValidatorKey;
  readonly #signing: Ed25519Key;
  readonly #statePath: string;
  #last: LastSigned;

  private constructor(key: ValidatorKey, statePath: string, last: LastSigned) {
    this.key = key;
    this.#signing = ed25519Key(key.seed);
    this.#statePath = statePath;
    this.#last = last;
  }

  /** @throws TypeError naming the field of a state file that cannot be read. */
  static async open(key: ValidatorKey, statePath: string): Promise<Signer> {
    const text = await readFile(statePath, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    const start: LastSigned = { height: 0n, round: 0, step: 0 };
    return new Signer(
      key,
      statePath,
      text === undefined ? start : parseLastSigned(text, statePath, key.publicKey),
    );
  }

  /**
   * The vote with its signature, and with `extension` signed beside it where there is one. The same vote again, or
   * one that differs in its time only, gets the first one's time and signature, and the first one's extension: an
   * application may add something else when it is asked again, and others have perhaps seen what it added first.
   * @throws DoubleSignError for any other vote at or before the last one's step.
   */
  async sign(chainId: string, vote: UnsignedVote, extension?: Uint8Array): Promise<ExtendedVote> {
    const step = SIGNED_STEP[vote.type];
    const order = compareSteps(vote.height, vote.round, step, this.#last);
    if (order < 0) {
      throw this.#refusal(vote, 'it lies before the last vote');
    }
    if (order === 0) return this.#repeat(chainId, vote, extension);
    const signBytes = voteSignBytes(chainId, vote);
    const signature = this.#signing.sign(signBytes);
    const { height, round } = vote;
    const extended = extension && this.#signExtension(chainId, { height, round, extension });
    await this.#save({ height, round, step, signature, signBytes, ...(extended && { extended }) });
    return { ...vote, signature, ...withExtension(extended) };
  }

  /** Whether it signed for a later step already: before a crash, and its vote of this one is lost. */
  isPast({ height, round, type }: Pick<Vote, 'height' | 'round' | 'type'>): boolean {
    return compareSteps(height, round, SIGNED_STEP[type], this.#last) < 0;
  }

  /** The height of the last vote, 0 before the first. */
  get lastHeight(): bigint {
    return this.#last.height;
  }

  /** Whether the last vote that it knows of lies before its precommit of this height and round. */
  isBefore({ height, round }: Pick<Vote, 'height' | 'round'>): boolean {
    return compareSteps(height, round, SIGNED_STEP[VOTE_TYPE.precommit], this.#last) > 0;
  }

  #signExtension(chainId: string, fields: SignedExtensionFields): LastExtension {
    const signBytes = voteExtensionSignBytes(chainId, fields);
    return { signBytes, signature: this.#signing.sign(signBytes) };
  }

  #repeat(chainId: string, vote: UnsignedVote, extension: Uint8Array | undefined): ExtendedVote {
    const { signBytes, signature, extended } = this.#last;
    if (!signBytes || !signature) throw this.#refusal(vote, 'the last signature is not known');
    const timestamp = readSignBytes(signBytes).timestamp;
    if (!equalBytes(voteSignBytes(chainId, { ...vote, timestamp }), signBytes)) {
      throw this.#refusal(vote, 'another vote was signed there');
    }
    if ((extended === undefined) !== (extension === undefined)) {
      const was = extended === undefined ? 'without an extension' : 'with an extension';
      throw this.#refusal(vote, `it was signed ${was} before`);
    }
    return { ...vote, timestamp, signature, ...withExtension(extended) };
  }

  #refusal(vote: UnsignedVote, reason: string): DoubleSignError {
    const { height, round, step } = this.#last;
    return new DoubleSignError(
      `validator ${hexToJson(this.key.address)} must not sign height ${vote.height} round ${vote.round} ` +
        `step ${SIGNED_STEP[vote.type]}: ${reason} (last: height ${height} round ${round} step ${step})`,
    );
  }

  async #save(last: LastSigned): Promise<void> {
    await replaceFile(this.#statePath, lastSignedToText(last), 0o600);
    this.#last = last;
  }
}

function withExtension(extended: LastExtension | undefined): Pick<ExtendedVote, 'extension'> {
  if (extended === undefined) return {};
  const { signBytes, signature } = extended;
  return { extension: { extension: readExtensionSignBytes(signBytes).extension, signature } };
}

function compareSteps(height: bigint, round: number, step: number, last: LastSigned): number {
  if (height !== last.height) return height < last.height ? -1 : 1;
  return round !== last.round ? round - last.round : step - last.step;
}
