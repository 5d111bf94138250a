/** What is known of a block: once it is decided, once it is executed, and without reading its transactions. */
import type { FinalizeBlockResponse } from '../../chain/abci/types.ts';
import type { Block, BlockId, Commit, Header } from '../../wire/types.ts';
import type { SignedExtension } from '../consensus/extensions.ts';
import type { ChainState } from '../consensus/state.ts';

/** A block with the commit that decides it. */
export interface Decision {
  readonly block: Block;
  readonly blockId: BlockId;
  readonly size: number;
  /** Of this very block: what the next one holds as its last commit. */
  readonly commit: Commit;
  /** What its votes carry, in the order of the commit; undefined where extensions are not enabled. */
  readonly extensions: readonly SignedExtension[] | undefined;
}

/** A decided block with all that follows from it. */
export interface BlockRecord extends Decision {
  readonly results: FinalizeBlockResponse;
  /** The state after it. */
  readonly state: ChainState;
}

/** What is known of a block without reading its transactions. */
export interface BlockMeta {
  readonly blockId: BlockId;
  readonly size: number;
  readonly header: Header;
  readonly txCount: number;
}
