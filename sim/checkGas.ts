/** Wallets ask what a transaction will cost and add a fifth: that must be enough. */
import { SimulateResponse } from '../wire/gen/cosmos/tx/v1beta1/service.ts';
import type { SimulatedChain } from './chain.ts';
import type { Failure } from './failure.ts';
import type { BlockPlan, Operation } from './operation.ts';

const FACTOR_PERCENT = 120n;
const OUT_OF_GAS = 11;

/** The gas limit that a wallet would set: the estimate and a fifth; undefined when the estimation is refused. */
export async function estimatedLimit(
  chain: SimulatedChain,
  operation: Operation,
  afterMs: number,
): Promise<bigint | undefined> {
  if (operation.fault !== undefined) return undefined;
  const data = await chain.transaction(operation, { unsigned: true, afterMs });
  const answer = await chain.app.query({ path: '/app/simulate', data, height: 0n, prove: false });
  if (answer.code !== 0) return undefined;
  const used = SimulateResponse.decode(answer.value).gasInfo?.gasUsed ?? 0n;
  return (used * FACTOR_PERCENT + 99n) / 100n;
}

/** Executes the only operation of a block with the limit that its estimate gives. */
export async function executeWithEstimate(
  chain: SimulatedChain,
  block: BlockPlan,
): Promise<Failure | undefined> {
  const [operation] = block.operations;
  const limit = operation && (await estimatedLimit(chain, operation, block.afterMs));
  if (limit === undefined) {
    await chain.execute(block);
    return undefined;
  }
  const { results, request } = await chain.execute(block, limit);
  const result = results[0]!;
  if (result.codespace !== 'sdk' || result.code !== OUT_OF_GAS) return undefined;
  const types = operation!.messages.map((message) => message['@type']).join(', ');
  const text = `${types}: estimate with a fifth ${limit}, used ${result.gasUsed}: ${result.log}`;
  return { kind: 'gas', text, height: request.height };
}
