/**
 * Everything a localnet remembers: blocks as protobuf, their commits, results, validators and parameters by
 * height, the state, and the indexes over events. What one block adds is written in one batch.
 */
import type { FinalizeBlockResponse } from '../../chain/abci/types.ts';
import { decodeBlock, encodeBlock, txHash } from '../../wire/block.ts';
import { fromUtf8, toHex, toUtf8 } from '../../wire/bytes.ts';
import { decodeCommit, encodeCommit } from '../../wire/commit.ts';
import type { Block, Commit, ConsensusParams, ValidatorSet } from '../../wire/types.ts';
import type { SignedExtension } from '../consensus/extensions.ts';
import type { ChainState } from '../consensus/state.ts';
import type { BlockMeta, BlockRecord } from './blockRecord.ts';
import { checkBlocks } from './checkBlocks.ts';
import { type Change, type Database, heightKey, readSealed, sealedPut } from './database.ts';
import { EventIndex } from './eventIndex.ts';
import { decodeRecord, encodeRecord } from './records.ts';

/** Heights that one batch prunes. */
const PRUNE_STEP = 100n;

export class BlockStore {
  readonly txIndex: EventIndex;
  readonly blockIndex: EventIndex;
  readonly #database: Database;
  #base = 0n;
  #height = 0n;

  constructor(database: Database) {
    this.#database = database;
    this.txIndex = new EventIndex(database, 'txEvent', 'tx.height');
    this.blockIndex = new EventIndex(database, 'blockEvent', 'block.height');
    this.#base = this.#record<bigint>('base') ?? 0n;
    this.#height = this.state()?.lastBlockHeight ?? 0n;
    if (this.#base === 0n) this.#height = 0n;
  }

  /** @throws DamagedRecordError naming the first record that is missing. */
  check(): Promise<void> {
    const hasGenesis = this.#get('genesis') !== undefined;
    const hasState = this.state() !== undefined;
    return checkBlocks(this.#database, {
      base: this.#base,
      height: this.#height,
      hasGenesis,
      hasState,
    });
  }

  /** The lowest height kept; 0 when there is no block. */
  get base(): bigint {
    return this.#base;
  }

  /** The highest height; 0 when there is no block. */
  get height(): bigint {
    return this.#height;
  }

  /** The state after the last block, or that of genesis; undefined for a new chain. */
  state(): ChainState | undefined {
    return this.#record('state');
  }

  /** The hash that binds this store to its genesis file. */
  genesisHash(): string | undefined {
    const bytes = this.#get('genesis');
    return bytes && fromUtf8(bytes);
  }

  /** Begins a chain: the state before the first block. */
  async saveGenesis(genesisHash: string, state: ChainState): Promise<void> {
    const first = state.initialHeight;
    await this.#database.batch([
      sealedPut('genesis', toUtf8(genesisHash)),
      put('state', state),
      put(`validators/${heightKey(first)}`, state.validators),
      put(`validators/${heightKey(first + 1n)}`, state.nextValidators),
      put(`params/${heightKey(first)}`, state.params),
    ]);
  }

  /**
   * Remembers the block that is about to be voted on. After a crash it is proposed again: validators have
   * signed it perhaps, and must not sign another one at its height. It is on the disk when this resolves.
   */
  async saveProposal(block: Block): Promise<void> {
    await this.#database.batch([sealedPut('proposal', encodeBlock(block))], { sync: true });
  }

  /** The block that was about to be voted on at `height`, if there is one. */
  proposal(height: bigint): Block | undefined {
    const bytes = this.#get('proposal');
    const block = bytes && decodeBlock(bytes, 'proposal');
    return block?.header.height === height ? block : undefined;
  }

  /**
   * Adds a block with all that follows from it, indexes included, as a whole or not at all. It is on the disk when
   * this resolves: applications commit after it, and a loss of power must not leave them ahead of their blocks.
   */
  async saveBlock(record: BlockRecord): Promise<void> {
    const { block, blockId, size, commit, extensions, results, state } = record;
    const { header } = block;
    const height = heightKey(header.height);
    const meta: BlockMeta = { blockId, size, header, txCount: block.transactions.length };
    const changes: Change[] = [
      sealedPut(`block/${height}`, encodeBlock(block)),
      sealedPut(`commit/${height}`, encodeCommit(commit)),
      put(`meta/${height}`, meta),
      put(`hash/${toHex(blockId.hash)}`, header.height),
      put(`results/${height}`, results),
      put(`validators/${heightKey(header.height + 2n)}`, state.nextValidators),
      put(`params/${heightKey(header.height + 1n)}`, state.params),
      put('state', state),
      ...this.#indexChanges(block, results, 'puts'),
    ];
    if (extensions !== undefined) changes.push(put(`extensions/${height}`, extensions));
    if (this.#base === 0n) changes.push(put('base', header.height));
    await this.#database.batch(changes, { sync: true });
    if (this.#base === 0n) this.#base = header.height;
    this.#height = header.height;
  }

  #indexChanges(block: Block, results: FinalizeBlockResponse, kind: 'puts' | 'deletes'): Change[] {
    const { height } = block.header;
    const changes: Change[] = [...this.blockIndex[kind]({ height, index: 0 }, results.events)];
    for (const [index, tx] of block.transactions.entries()) {
      const key = `tx/${toHex(txHash(tx))}/${heightKey(height)}/${String(index).padStart(9, '0')}`;
      changes.push(
        kind === 'puts' ? { type: 'put', key, value: new Uint8Array(0) } : { type: 'del', key },
      );
      changes.push(...this.txIndex[kind]({ height, index }, results.txResults[index]!.events));
    }
    return changes;
  }

  block(height: bigint): Block | undefined {
    const bytes = this.#get(`block/${heightKey(height)}`);
    return bytes && decodeBlock(bytes);
  }

  meta(height: bigint): BlockMeta | undefined {
    return this.#record(`meta/${heightKey(height)}`);
  }

  /** The height of the block with this hash. */
  heightOf(hash: Uint8Array): bigint | undefined {
    return this.#record(`hash/${toHex(hash)}`);
  }

  /** The commit of the block at this height. */
  commit(height: bigint): Commit | undefined {
    const bytes = this.#get(`commit/${heightKey(height)}`);
    return bytes && decodeCommit(bytes);
  }

  /** What the votes in that commit carried, in its order; undefined where extensions were not enabled. */
  extensions(height: bigint): readonly SignedExtension[] | undefined {
    return this.#record(`extensions/${heightKey(height)}`);
  }

  results(height: bigint): FinalizeBlockResponse | undefined {
    return this.#record(`results/${heightKey(height)}`);
  }

  /** The validators in force at a height, known up to two heights ahead of the last block. */
  validators(height: bigint): ValidatorSet | undefined {
    return this.#record(`validators/${heightKey(height)}`);
  }

  /** The parameters in force at a height, known up to one height ahead. */
  params(height: bigint): ConsensusParams | undefined {
    return this.#record(`params/${heightKey(height)}`);
  }

  /** Everywhere that a transaction with this hash stands, in rising order. */
  async positionsOf(hash: Uint8Array): Promise<{ height: bigint; index: number }[]> {
    const start = `tx/${toHex(hash)}/`;
    const keys = await this.#database.keys({ gte: start, lt: `${start}:`, limit: 10_000 }).all();
    return keys.map((key) => {
      const [height = '0', index = '0'] = key.slice(start.length).split('/');
      return { height: BigInt(height), index: Number(index) };
    });
  }

  /** Forgets the blocks below a height, with their index entries. The last block always stays. */
  async prune(retainHeight: bigint): Promise<void> {
    const target = retainHeight < this.#height ? retainHeight : this.#height;
    while (this.#base !== 0n && this.#base < target) {
      const from = this.#base;
      const to = from + PRUNE_STEP < target ? from + PRUNE_STEP : target;
      const changes: Change[] = [put('base', to)];
      for (let height = from; height < to; height++) changes.push(...this.#pruneChanges(height));
      await this.#database.batch(changes);
      this.#base = to;
    }
  }

  #pruneChanges(height: bigint): Change[] {
    const key = heightKey(height);
    const kinds = ['block', 'commit', 'meta', 'extensions', 'results', 'validators', 'params'];
    const changes: Change[] = kinds.map((kind) => ({ type: 'del', key: `${kind}/${key}` }));
    const block = this.block(height);
    const results = this.results(height);
    const hash = this.meta(height)?.blockId.hash;
    if (block && results) changes.push(...this.#indexChanges(block, results, 'deletes'));
    if (hash) changes.push({ type: 'del', key: `hash/${toHex(hash)}` });
    return changes;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #get(key: string): Uint8Array | undefined {
    return readSealed(this.#database, key);
  }

  #record<T>(key: string): T | undefined {
    const bytes = this.#get(key);
    return bytes && decodeRecord<T>(bytes);
  }
}

function put(key: string, value: unknown): Change {
  return sealedPut(key, encodeRecord(value));
}
