/** The steps of a proof, in order; the first that fails ends it. */
import { printable } from './jsonRpc.ts';

/** The steps from a trusted header to what a device reported, in their order. */
export const STEP_NAMES = [
  'trusted header',
  'header at H+1',
  'commit',
  'AppHash',
  'store proof of the batch root',
  'Merkle path of the report',
  'device record',
  'device signature',
] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** What was checked, or why it did not hold. */
export interface Step {
  readonly name: StepName;
  readonly ok: boolean;
  readonly detail: string;
}

/** What a step found, and the sentence that says so. */
export interface Finding<T> {
  readonly detail: string;
  readonly found: T;
}

/** Thrown inside a step that does not hold. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  /** Whether proven state says so, whatever node is asked. */
  readonly isSettled: boolean;

  constructor(message: string, options: { cause?: unknown; isSettled?: boolean } = {}) {
    super(message, options);
    this.isSettled = options.isSettled ?? false;
  }
}

/** Thrown by a trail once a step has failed and is on record. */
export class TrailEnded extends Error {
  override readonly name = 'TrailEnded';
}

/** A record of steps. */
export class Trail {
  readonly steps: Step[] = [];

  /**
   * What work gives that belongs to a step and is on record only when it fails.
   * @throws TrailEnded when it did.
   */
  async note<T>(name: StepName, work: () => T): Promise<T> {
    try {
      return work();
    } catch (cause) {
      return this.step(name, () => {
        throw cause;
      });
    }
  }

  /**
   * Runs a step. Whatever is thrown in it, also by the provider, fails it: nothing is taken for proven then.
   * @throws TrailEnded when it failed.
   */
  async step<T>(name: StepName, work: () => Finding<T> | Promise<Finding<T>>): Promise<T> {
    try {
      const { detail, found } = await work();
      this.steps.push({ name, ok: true, detail });
      return found;
    } catch (cause) {
      const detail = printable(cause instanceof Error ? cause.message : String(cause));
      this.steps.push({ name, ok: false, detail });
      throw new TrailEnded(`${name}: ${detail}`, { cause });
    }
  }
}

/** The sentence of a refusal with both of its values. */
export function refusalText(refusal: {
  readonly reason: string;
  readonly got?: string;
  readonly expected?: string;
}): string {
  const { reason, got, expected } = refusal;
  return `${reason}: got ${got ?? 'nothing'}, expected ${expected ?? 'otherwise'}`;
}
