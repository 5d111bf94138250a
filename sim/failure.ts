/** What a simulation may find. */
import type { TxResult } from '../chain/abci/types.ts';
import type { ExecutedBlock } from './chain.ts';
import type { BlockPlan } from './operation.ts';

export type FailureKind =
  /** A block could not be executed: a broken invariant, or an error in a hook. */
  | 'halt'
  /** A handler broke instead of refusing. */
  | 'panic'
  /** What an application proposes is not what it votes for. */
  | 'proposal'
  /** The estimate of a simulation with a fifth on top was not enough. */
  | 'gas'
  /** The exported state does not start a chain that exports the same. */
  | 'export'
  /** Another execution of the same blocks came to another AppHash. */
  | 'nondeterminism';

export interface Failure {
  readonly kind: FailureKind;
  readonly text: string;
  readonly height: bigint;
}

/** The SDK's code for a handler that broke. */
const PANIC = 111222;

/** The first transaction of a block whose handler broke. */
export function panicIn({ results, request }: ExecutedBlock, plan: BlockPlan): Failure | undefined {
  const at = results.findIndex(({ codespace, code }) => codespace === 'sdk' && code === PANIC);
  if (at < 0) return undefined;
  const { log } = results[at] as TxResult;
  const { messages } = plan.operations[at]!;
  const index = Number(/message index: (\d+)/.exec(log)?.[1] ?? 0);
  const type = messages[index]?.['@type'] ?? 'a transaction without messages';
  return { kind: 'panic', text: `${type}: ${log}`, height: request.height };
}

/** A failure of an execution that threw. */
export function haltOf(error: unknown, height: bigint): Failure {
  const text = error instanceof Error ? error.message : String(error);
  return { kind: 'halt', text, height };
}

/**
 * Whether both are the same mistake: numbers, hashes and addresses may differ, and where gas fell short also the messages
 * that it was spent on, since fewer of them show it better.
 */
export function isSameFailure(a: Failure, b: Failure): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind === 'gas' || withoutNumbers(a.text) === withoutNumbers(b.text);
}

function withoutNumbers(text: string): string {
  return text.replace(/\b[a-z]+1[a-z0-9]{20,}|\b[0-9a-fA-F]{16,}\b|-?\d+/g, '#');
}
