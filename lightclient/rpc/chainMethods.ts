/** Blocks, headers, commits and validators: all of it hangs on verified headers. */
import {
  blockIdOf,
  hashEvidence,
  hashTransactions,
  MAX_BLOCK_ITEMS,
  MAX_BLOCK_SIZE,
} from '../../wire/block.ts';
import { equalBytes, toBase64, toHex } from '../../wire/bytes.ts';
import { hashCommit } from '../../wire/commit.ts';
import { type Evidence, type EvidenceForm, encodeEvidence } from '../../wire/evidence.ts';
import { hashHeader } from '../../wire/header.ts';
import { commitFromJson } from '../../wire/json/decode.ts';
import {
  blockIdToJson,
  blockToJson,
  headerToJson,
  signedHeaderToJson,
  validatorToJson,
} from '../../wire/json/encode.ts';
import {
  type EvidenceSpelling,
  evidenceFromJson,
  evidenceSpelling,
  evidenceToJson,
} from '../../wire/json/evidence.ts';
import {
  type Read,
  readBase64,
  readInteger,
  readList,
  readObject,
  readOptional,
} from '../../wire/json/read.ts';
import type { Block, Header } from '../../wire/types.ts';
import type { LightClient } from '../lightClient.ts';
import { ProviderError } from '../provider.ts';
import type { LightBlock } from '../types.ts';
import type { Handled } from './answer.ts';
import type { Arguments } from './arguments.ts';
import { blockAt, contradicts, type Methods, type Scope } from './scope.ts';

const MAX_HEADERS = 20n;
const readHeight = readInteger(1n, (1n << 63n) - 1n);
const readTransaction = readBase64(MAX_BLOCK_SIZE);

export const chainMethods: Methods = {
  block: {
    params: ['height'],
    handle: async (scope, args) => blockAnswer(scope, await blockAt(scope, args.height())),
  },
  block_by_hash: {
    params: ['hash'],
    handle: async (scope, args) => blockAnswer(scope, await withHash(scope, args.base64('hash'))),
  },
  header: {
    params: ['height'],
    handle: async (scope, args) => headerAnswer(await blockAt(scope, args.height())),
  },
  header_by_hash: {
    params: ['hash'],
    handle: async (scope, args) => headerAnswer(await withHash(scope, args.hex('hash'))),
  },
  commit: {
    params: ['height'],
    async handle(scope, args) {
      const light = await blockAt(scope, args.height());
      await scope.client.checkEveryVote(light);
      const { signedHeader } = light;
      const result = { signed_header: signedHeaderToJson(signedHeader), canonical: true };
      return { result, ...provenBy(signedHeader.header) };
    },
  },
  validators: { params: ['height', 'page', 'per_page'], handle: validators },
  blockchain: { params: ['minHeight', 'maxHeight'], handle: blockchain },
};

function provenBy(header: Header): Omit<Handled, 'result'> {
  return { proven: 'all', height: header.height, header };
}

function headerAnswer({ signedHeader: { header } }: LightBlock): Handled {
  return { result: { header: headerToJson(header) }, ...provenBy(header) };
}

async function blockAnswer(scope: Scope, block: LightBlock): Promise<Handled> {
  const { header } = block.signedHeader;
  const result = blockResult(block, await fetchBlock(scope, block));
  return { result, ...provenBy(header) };
}

/** What the method block gives. */
export function blockResult({ signedHeader: { commit } }: LightBlock, block: ReadBlock) {
  const json = blockToJson({ ...block, evidence: [] });
  const list = block.evidenceRead.map((piece) => evidenceToJson(piece.evidence, piece.spelling));
  const evidence = { evidence: list };
  return { block_id: blockIdToJson(commit.blockId), block: { ...json, evidence } };
}

/** A block with what its evidence says. */
interface ReadBlock extends Block {
  readonly evidenceRead: readonly ReadEvidence[];
}

/** Evidence, and the spelling that the node's version has for it. */
interface ReadEvidence {
  readonly evidence: Evidence;
  readonly spelling: EvidenceSpelling;
}

/** The block of a verified header: what the node serves has to hash to what the header says. */
export function fetchBlock(scope: Pick<Scope, 'ask'>, light: LightBlock): Promise<ReadBlock> {
  const { height } = light.signedHeader.header;
  return scope.ask('block', { height: `${height}` }, (served) => readBlock(served, light));
}

function readBlock(served: unknown, light: LightBlock): ReadBlock {
  const { header } = light.signedHeader;
  const read = readObject(served, 'block')('block', (json, path) => {
    const field = readObject(json, path);
    return {
      transactions: field('data', readTransactions),
      lastCommit: field('last_commit', commitFromJson),
      evidenceRead: field('evidence', readOptional(readEvidence, [])),
    };
  });
  const { transactions, lastCommit } = read;
  const evidence = encodeAllEvidence(read.evidenceRead, header);
  checkHash('block.data', hashTransactions(transactions), header.dataHash);
  checkHash('block.last_commit', hashCommit(lastCommit), header.lastCommitHash);
  checkHash('block.evidence', hashEvidence(evidence), header.evidenceHash);
  const block = { ...read, header, evidence };
  // The parts that the validators signed are of all the bytes: also of what stands in no hash of the header.
  const { parts } = light.signedHeader.commit.blockId;
  checkHash('block', blockIdOf(block).blockId.parts.hash, parts.hash);
  return block;
}

/** In the form that the header says: a node of 1.x also serves blocks that were made by an older one. */
function encodeAllEvidence(list: readonly ReadEvidence[], header: Header): Uint8Array[] {
  const inForm = (form: EvidenceForm) => list.map(({ evidence }) => encodeEvidence(evidence, form));
  const older = inForm('0.38');
  return equalBytes(hashEvidence(older), header.evidenceHash) ? older : inForm('1.0');
}

function readTransactions(json: unknown, path: string): Uint8Array[] {
  const list = readOptional(readList(readTransaction, MAX_BLOCK_ITEMS), []);
  return readObject(json, path)('txs', list);
}

const readPiece: Read<ReadEvidence> = (json, path) => ({
  evidence: evidenceFromJson(json, path),
  spelling: evidenceSpelling(json),
});

function readEvidence(json: unknown, path: string): ReadEvidence[] {
  const list = readOptional(readList(readPiece, MAX_BLOCK_ITEMS), []);
  return readObject(json, path)('evidence', list);
}

function checkHash(what: string, got: Uint8Array, expected: Uint8Array): void {
  if (!equalBytes(got, expected)) throw contradicts(what, toHex(got), toHex(expected));
}

/** The node says at which height a hash is; the header there has to have it. */
async function withHash(scope: Scope, hash: Uint8Array): Promise<LightBlock> {
  if (hash.length !== 32) throw new TypeError(`hash: expected 32 bytes, got ${hash.length}`);
  const height = await scope.ask('block_by_hash', { hash: toBase64(hash) }, readHeightOfBlock);
  if (height === undefined) {
    throw new ProviderError('notFound', `block_by_hash: no block has the hash ${toHex(hash)}`);
  }
  const light = await blockAt(scope, height);
  checkHash('block hash', hashHeader(light.signedHeader.header), hash);
  return light;
}

/** Undefined where there is no block: an honest node says so by null. */
function readHeightOfBlock(served: unknown): bigint | undefined {
  const readBlock = readOptional<bigint | undefined>((block, path) => {
    const readHeader: Read<bigint> = (header, at) => readObject(header, at)('height', readHeight);
    return readObject(block, path)('header', readHeader);
  }, undefined);
  return readObject(served, 'block_by_hash')('block', readBlock);
}

async function validators(scope: Scope, args: Arguments): Promise<Handled> {
  const light = await blockAt(scope, args.height());
  const { header } = light.signedHeader;
  const perPage = Math.min(Number(args.integer('per_page') ?? 30n), 100);
  const page = Number(args.integer('page') ?? 1n);
  const pages = Math.max(1, Math.ceil(light.validators.length / Math.max(1, perPage)));
  if (perPage < 1 || page < 1 || page > pages) {
    throw new TypeError(`page: expected 1 to ${pages}, got ${page} of ${perPage} each`);
  }
  const shown = light.validators.slice((page - 1) * perPage, page * perPage);
  const result = {
    block_height: `${header.height}`,
    validators: shown.map(validatorToJson),
    count: `${shown.length}`,
    total: `${light.validators.length}`,
  };
  // Priorities are in no hash; witnesses only have to show the same ones.
  const unproven = ['validators[].proposer_priority'];
  return { result, ...provenBy(header), proven: 'part', unproven };
}

/** Verified blocks from one height down to another, or to the first of the chain, wherever that begins. */
export async function blocksDown(
  client: Pick<LightClient, 'verifyToHeight'>,
  max: bigint,
  min: bigint,
): Promise<LightBlock[]> {
  const blocks: LightBlock[] = [];
  for (let height = max; height >= min; height--) {
    const block = await client.verifyToHeight(height);
    blocks.push(block);
    // Only the first one names none before it.
    if (block.signedHeader.header.lastBlockId.hash.length === 0) break;
  }
  return blocks;
}

async function blockchain(scope: Scope, args: Arguments): Promise<Handled> {
  const newest = (await scope.client.update()).signedHeader.header;
  const [lowest, highest] = [args.integer('minHeight') ?? 0n, args.integer('maxHeight') ?? 0n];
  const max = highest <= 0n || highest > newest.height ? newest.height : highest;
  const floor = max - MAX_HEADERS + 1n;
  const min = [lowest, floor, 1n].reduce((a, b) => (a > b ? a : b));
  if (min > max) throw new TypeError(`minHeight: expected at most ${max}, got ${min}`);
  const metas = [];
  for (const light of await blocksDown(scope.client, max, min)) {
    const block = await fetchBlock(scope, light);
    metas.push({
      block_id: blockIdToJson(light.signedHeader.commit.blockId),
      block_size: `${blockIdOf(block).size}`,
      header: headerToJson(block.header),
      num_txs: `${block.transactions.length}`,
    });
  }
  const result = { last_height: `${newest.height}`, block_metas: metas };
  return { result, ...provenBy(newest) };
}
