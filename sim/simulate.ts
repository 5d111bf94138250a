/** Runs a simulation: makes blocks, executes them, and stops at the first thing that must not happen. */
import { Random } from '../localnet/fleet/random.ts';
import { type ExecutedBlock, SimulatedChain } from './chain.ts';
import { checkExport } from './checkExport.ts';
import { executeWithEstimate } from './checkGas.ts';
import { checkProposal } from './checkProposal.ts';
import type { Composition } from './composition.ts';
import { type Failure, haltOf, panicIn } from './failure.ts';
import { messageTypes } from './makers.ts';
import type { BlockPlan } from './operation.ts';
import { Planner } from './planner.ts';
import { type MessageTally, Tally } from './tally.ts';

const ACCOUNTS = 12;

export interface SimulationOptions {
  readonly composition: Composition;
  readonly seed: string;
  readonly blocks: number;
  /** Messages of this module and of those that it uses; all when absent. */
  readonly module?: string;
  /** @default 8 */
  readonly operationsPerBlock?: number;
  /** One operation a block, whose gas estimate must be enough. */
  readonly checkGas?: boolean;
  /** Told of every block. */
  readonly onBlock?: (height: bigint) => void;
}

export interface SimulationResult {
  readonly plan: readonly BlockPlan[];
  readonly executed: readonly ExecutedBlock[];
  readonly initRequest: SimulatedChain['initRequest'];
  readonly messages: readonly MessageTally[];
  readonly transactions: number;
  /** Of the last block, 32 bytes. */
  readonly appHash: Uint8Array;
  readonly failure: Failure | undefined;
}

/** One run of a seed. The same seed and options give the same blocks and AppHashes. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const chain = await SimulatedChain.start(options.composition, ACCOUNTS, options.checkGas);
  const { composition, module, operationsPerBlock = 8 } = options;
  const random = Random.of(`simulation/${options.seed}`);
  const planning = { random, operationsPerBlock, single: options.checkGas ?? false };
  const planner = new Planner(
    chain,
    module === undefined ? planning : { ...planning, only: module },
  );
  const tally = new Tally(messageTypes(composition.modules, chain.app.descriptors));
  const plan: BlockPlan[] = [];
  let failure: Failure | undefined;
  for (let i = 0; i < options.blocks && failure === undefined; i++) {
    const block = planner.plan();
    plan.push(block);
    failure = await step(chain, block, options.checkGas ?? false);
    const executed = chain.blocks[i];
    if (executed === undefined) break;
    executed.results.forEach((result, at) => {
      tally.count(block.operations[at]!, result);
    });
    planner.learn(executed, block);
    options.onBlock?.(chain.height);
  }
  failure ??= await checkExport(chain);
  await chain.app.close();
  return {
    plan,
    executed: chain.blocks,
    initRequest: chain.initRequest,
    messages: tally.messages,
    transactions: tally.transactions,
    appHash: chain.blocks.at(-1)?.appHash ?? new Uint8Array(32),
    failure,
  };
}

/** Runs blocks that were made before; gives what fails in them or after them. */
export async function replay(
  composition: Composition,
  plan: readonly BlockPlan[],
  options: { readonly checkGas?: boolean } = {},
): Promise<Failure | undefined> {
  const chain = await SimulatedChain.start(composition, ACCOUNTS, options.checkGas);
  try {
    for (const block of plan) {
      const failure = await step(chain, block, options.checkGas ?? false);
      if (failure !== undefined) return failure;
    }
    return await checkExport(chain);
  } finally {
    await chain.app.close();
  }
}

async function step(
  chain: SimulatedChain,
  block: BlockPlan,
  withGas: boolean,
): Promise<Failure | undefined> {
  try {
    if (withGas) {
      const failure = await executeWithEstimate(chain, block);
      if (failure !== undefined) return failure;
    } else {
      const request = await chain.requestOf(block);
      const failure = await checkProposal(chain, request);
      if (failure !== undefined) return failure;
      await chain.finalize(request);
    }
    return panicIn(chain.blocks.at(-1)!, block);
  } catch (error) {
    return haltOf(error, chain.height);
  }
}
