import { DamagedRecordError, type Database, heightKey } from './database.ts';

/** Newest blocks that are looked for: Level's log ends at 4 MiB, and a block adds more than a kilobyte. */
const CHECKED_BLOCKS = 10_000n;

/** What a block store says it holds. */
export interface StoredBlocks {
  /** The lowest and the highest height; 0 without blocks. */
  readonly base: bigint;
  readonly height: bigint;
  readonly hasGenesis: boolean;
  readonly hasState: boolean;
}

/**
 * Checks that every block is there: from a damaged log Level takes what reads and leaves the rest out, also in the
 * middle. What one block adds is one batch, so that one record of it stands for all.
 * @throws DamagedRecordError naming the first that is missing.
 */
export async function checkBlocks(
  database: Database,
  { base, height, hasGenesis, hasState }: StoredBlocks,
): Promise<void> {
  if (!hasGenesis && hasState) {
    throw new DamagedRecordError('genesis', 'it is missing beside a state');
  }
  if (height === 0n) return;
  const oldest = height - CHECKED_BLOCKS;
  let next = base > oldest ? base : oldest;
  for await (const key of database.keys({ gte: `meta/${heightKey(next)}`, lt: 'meta0' })) {
    if (key !== `meta/${heightKey(next)}`) break;
    next++;
  }
  if (next === height + 1n) return;
  const detail = `it is missing, although the state says ${height}`;
  throw new DamagedRecordError(`meta/${heightKey(next)}`, detail);
}
