/** The genesis file as CometBFT 0.38 (types/genesis.go) or the Cosmos SDK writes it: read strictly. */
import { readFile } from 'node:fs/promises';
import { equalBytes, fromUtf8, toHex, toUtf8 } from '../wire/bytes.ts';
import { MAX_CHAIN_ID_LENGTH } from '../wire/header.ts';
import { consensusParamsToJson, hexToJson, publicKeyToJson } from '../wire/json/encode.ts';
import { formatTime } from '../wire/time.ts';
import type { ConsensusParams, PublicKey } from '../wire/types.ts';
import { checkPublicKey, validatorAddress } from '../wire/validatorSet.ts';
import { checkConsensusParams, DEFAULT_CONSENSUS_PARAMS } from './consensus/params.ts';
import { Fields } from './fields.ts';
import { memberSource, parseStrictJson } from './strictJson.ts';

/** Largest genesis file that is read. */
export const MAX_GENESIS_BYTES = 256 * 1024 * 1024;

/** Of the SDK's own form of the file, which holds validators and parameters under `consensus`. */
const SDK_FIELDS = ['app_name', 'app_version', 'consensus'];

const KEY_TYPES: Readonly<Record<string, PublicKey['type']>> = {
  'tendermint/PubKeyEd25519': 'ed25519',
  'tendermint/PubKeySecp256k1': 'secp256k1',
};

export interface GenesisValidator {
  readonly address: Uint8Array;
  readonly publicKey: PublicKey;
  readonly power: bigint;
  readonly name: string;
}

export interface GenesisDocument {
  /** Nanoseconds since 1970; the time of the first block. */
  readonly genesisTime: bigint;
  readonly chainId: string;
  readonly initialHeight: bigint;
  readonly consensusParams: ConsensusParams;
  /** Empty when the application names the first validators. */
  readonly validators: readonly GenesisValidator[];
  readonly appHash: Uint8Array;
  /** JSON text of the application's own genesis, as it stands in the file; "" when there is none. */
  readonly appState: string;
}

/**
 * A genesis document from its bytes.
 * @throws TypeError or RangeError naming the field, what was given and what was expected.
 */
export function parseGenesis(bytes: Uint8Array): GenesisDocument {
  if (bytes.length > MAX_GENESIS_BYTES) {
    throw new RangeError(`genesis: expected up to ${MAX_GENESIS_BYTES} bytes, got ${bytes.length}`);
  }
  const text = fromUtf8(bytes, 'genesis');
  const fields = Fields.of(parseStrictJson(text, 'genesis'), 'genesis', [
    'genesis_time',
    'chain_id',
    'initial_height',
    'consensus_params',
    'validators',
    'app_hash',
    'app_state',
    ...SDK_FIELDS,
  ]);
  const consensus = fields.has('consensus')
    ? fields.object('consensus', ['params', 'validators'])
    : undefined;
  const params = consensus ? consensus.raw('params') : fields.raw('consensus_params');
  const height = fields.integer('initial_height', 1n);
  if (height < 0n) throw fields.fail('initial_height', '0 or more');
  return {
    genesisTime: fields.time('genesis_time'),
    chainId: chainIdOf(fields),
    initialHeight: height === 0n ? 1n : height,
    consensusParams: params === undefined ? DEFAULT_CONSENSUS_PARAMS : readParams(params),
    validators: validatorsOf(consensus ?? fields),
    appHash: fields.hex('app_hash'),
    appState: fields.has('app_state') ? memberSource(text, 'app_state')! : '',
  };
}

/** The document of a genesis file. @throws as parseGenesis, and Error naming a path that cannot be read. */
export async function readGenesis(path: string): Promise<GenesisDocument> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new Error(`genesis file ${path} cannot be read: ${reason}`, { cause });
  }
  try {
    return parseGenesis(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`genesis file ${path}: ${reason}`, { cause });
  }
}

function chainIdOf(fields: Fields): string {
  const chainId = fields.text('chain_id');
  const length = toUtf8(chainId).length;
  if (length === 0 || length > MAX_CHAIN_ID_LENGTH) {
    throw fields.fail('chain_id', `a text of 1 to ${MAX_CHAIN_ID_LENGTH} bytes`);
  }
  return chainId;
}

/** Consensus parameters from CometBFT's JSON. @throws TypeError or RangeError naming the field. */
export function readParams(value: unknown): ConsensusParams {
  const title = 'genesis.consensus_params';
  const fallback = DEFAULT_CONSENSUS_PARAMS;
  const params = Fields.of(value, title, ['block', 'evidence', 'validator', 'version', 'abci']);
  const section = (name: string, known: readonly string[]): Fields =>
    Fields.of(params.raw(name) ?? {}, `${title}.${name}`, known);
  const block = section('block', ['max_bytes', 'max_gas', 'time_iota_ms']);
  const evidence = section('evidence', ['max_age_num_blocks', 'max_age_duration', 'max_bytes']);
  const validator = section('validator', ['pub_key_types']);
  const version = section('version', ['app', 'app_version']);
  const abci = section('abci', ['vote_extensions_enable_height']);
  return checkConsensusParams({
    block: {
      maxBytes: block.integer('max_bytes', fallback.block.maxBytes),
      maxGas: block.integer('max_gas', fallback.block.maxGas),
    },
    evidence: {
      maxAgeNumBlocks: evidence.integer('max_age_num_blocks', fallback.evidence.maxAgeNumBlocks),
      maxAgeDurationNs: evidence.integer('max_age_duration', fallback.evidence.maxAgeDurationNs),
      maxBytes: evidence.integer('max_bytes', fallback.evidence.maxBytes),
    },
    validator: { pubKeyTypes: keyTypesOf(validator) },
    version: { app: version.integer('app', 0n) },
    abci: { voteExtensionsEnableHeight: abci.integer('vote_extensions_enable_height', 0n) },
  });
}

function keyTypesOf(validator: Fields): readonly string[] {
  if (!validator.has('pub_key_types')) return DEFAULT_CONSENSUS_PARAMS.validator.pubKeyTypes;
  return validator.list('pub_key_types').map((type) => {
    if (typeof type !== 'string') throw validator.fail('pub_key_types', 'a list of texts');
    return type;
  });
}

function validatorsOf(fields: Fields): readonly GenesisValidator[] {
  const seen = new Set<string>();
  return fields.list('validators').map((value, index) => {
    const title = `${fields.title}.validators[${index}]`;
    const entry = Fields.of(value, title, ['address', 'pub_key', 'power', 'name']);
    const publicKey = readPublicKey(entry.raw('pub_key'), `${title}.pub_key`);
    const address = validatorAddress(publicKey);
    const given = entry.hex('address');
    if (given.length > 0 && !equalBytes(given, address)) {
      throw entry.fail('address', `${hexToJson(address)}, the address of its key`);
    }
    const power = entry.integer('power');
    if (power < 1n) throw entry.fail('power', '1 or more');
    const name = toHex(address);
    if (seen.has(name)) throw entry.fail('pub_key', 'a key that stands once among the validators');
    seen.add(name);
    return { address, publicKey, power, name: entry.text('name', '') };
  });
}

/** A public key from CometBFT's JSON. @throws TypeError naming `title`. */
export function readPublicKey(value: unknown, title: string): PublicKey {
  const fields = Fields.of(value, title, ['type', 'value']);
  const type = KEY_TYPES[fields.text('type')];
  if (!type) throw fields.fail('type', Object.keys(KEY_TYPES).join(' or '));
  return checkPublicKey({ type, bytes: fields.base64('value') }, title);
}

/** The genesis file's text. */
export function genesisToText(genesis: GenesisDocument): string {
  const head = {
    genesis_time: formatTime(genesis.genesisTime),
    chain_id: genesis.chainId,
    initial_height: String(genesis.initialHeight),
    consensus_params: consensusParamsToJson(genesis.consensusParams),
    validators: genesis.validators.map(({ address, publicKey, power, name }) => ({
      address: hexToJson(address),
      pub_key: publicKeyToJson(publicKey),
      power: String(power),
      name,
    })),
    app_hash: hexToJson(genesis.appHash),
  };
  const text = JSON.stringify(head, null, 2);
  // The application's part is put in as text: numbers in it keep every digit.
  return genesis.appState === ''
    ? `${text}\n`
    : `${text.slice(0, -2)},\n  "app_state": ${genesis.appState}\n}\n`;
}
