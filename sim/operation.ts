/** What a simulation does, block by block, in a form that can be printed, cut down and run again. */
import type { SimulatedMessage } from '../chain/testing/simulation.ts';

/** What is wrong with a transaction around its messages, on purpose. */
export type Fault =
  | { readonly kind: 'badSignature' | 'wrongSequence' | 'otherChain' | 'noSignature' | 'noFee' }
  | { readonly kind: 'unknownField' | 'empty' }
  | { readonly kind: 'gasLimit'; readonly gas: number }
  | { readonly kind: 'flippedByte' | 'truncated'; readonly at: number };

/** How a transaction is paid for and ordered, where it is not by one coin of its signer in sequence. */
export interface Payment {
  /** The fee holds one coin of each, sorted. */
  readonly denoms: readonly string[];
  /** Address of the account whose allowance pays. */
  readonly granter?: string;
  readonly unordered?: boolean;
}

/** One transaction. */
export interface Operation {
  readonly messages: readonly SimulatedMessage[];
  readonly fault?: Fault;
  readonly payment?: Payment;
}

/** One block. */
export interface BlockPlan {
  /** Time since the block before, milliseconds. */
  readonly afterMs: number;
  readonly operations: readonly Operation[];
}

/** How many operations a plan holds. */
export function countOperations(plan: readonly BlockPlan[]): number {
  return plan.reduce((sum, block) => sum + block.operations.length, 0);
}
