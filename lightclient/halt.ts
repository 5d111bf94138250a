/** Two chains were seen: from then on nothing is verified. */
import { DivergenceError } from './lightClientError.ts';

/** Whether a light client has halted, and over what. The first reason stays. */
export class Halt {
  #error: DivergenceError | undefined;

  get error(): DivergenceError | undefined {
    return this.#error;
  }

  /** @throws DivergenceError once two chains were seen. */
  check(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  begin(error: DivergenceError): void {
    this.#error ??= error;
  }

  /** Does work at whose end nobody must have seen two chains, neither the work itself. @throws what the work throws. */
  async over(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof DivergenceError) this.begin(error);
      throw error;
    }
    this.check();
  }
}
