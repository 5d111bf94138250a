/** A transaction as a network recorded it: its block, its place, and what came of it. */
import { join } from 'node:path';
import type { FinalizeBlockRequest, TxResult } from '../../chain/abci/types.ts';
import { fromHex } from '../../wire/bytes.ts';
import { openCopy } from '../databaseCopy.ts';
import { CliError } from '../errors.ts';

export interface RecordedTx {
  readonly height: bigint;
  readonly index: number;
  /** What the application was asked about the block. */
  readonly request: FinalizeBlockRequest;
  readonly result: TxResult;
}

/**
 * Looks a transaction up in the block store beside the first validator's state.
 * @throws CliError when it is not there, or its block is not kept.
 */
export async function readRecordedTx(dataPath: string, hash: string): Promise<RecordedTx> {
  const [{ BlockStore }, { DatabaseHeldError, openDatabase }, { finalizeRequest }] =
    await Promise.all([
      import('../../localnet/node/blockStore.ts'),
      import('../../localnet/node/database.ts'),
      import('../../localnet/consensus/requests.ts'),
    ]);
  const path = join(dataPath, 'blockstore.db');
  const { opened: database, remove } = await openDatabase(path).then(
    (opened) => ({ opened, remove: async () => undefined }),
    (error: Error) => {
      if (!(error.cause instanceof DatabaseHeldError)) throw error;
      return openCopy(path, openDatabase);
    },
  );
  const store = new BlockStore(database);
  try {
    const place = (await store.positionsOf(fromHex(hash))).at(-1);
    if (place === undefined) throw new CliError(`tx not found in ${path}: ${hash}`);
    const { height, index } = place;
    const block = store.block(height);
    const meta = store.meta(height);
    const result = store.results(height)?.txResults[index];
    if (block === undefined || meta === undefined || result === undefined) {
      throw new CliError(
        `block ${height} of tx ${hash} is not kept; the first kept is ${store.base}`,
      );
    }
    const isFirst = height === store.state()?.initialHeight;
    const lastValidators = isFirst ? [] : store.validators(height - 1n)?.validators;
    if (lastValidators === undefined) {
      throw new CliError(`the validators of height ${height - 1n} are not kept`);
    }
    const request = finalizeRequest({ block, blockId: meta.blockId, lastValidators });
    return { height, index, request, result };
  } finally {
    await store.close();
    await remove();
  }
}
