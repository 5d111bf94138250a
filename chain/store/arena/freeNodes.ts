/** Nodes that are read ahead at once. */
const WARM_NODES = 64;

/**
 * The nodes of an arena that were given back, the last one first. Not a list through the nodes themselves: giving back
 * and taking again need not touch them.
 */
export class FreeNodes {
  readonly #nodes: number[] = [];
  #warm = 0;

  push(node: number): void {
    this.#nodes.push(node);
  }

  /** A node of the memory `words`; undefined when none is left. */
  pop(words: Int32Array): number | undefined {
    const node = this.#nodes.pop();
    if (node !== undefined && this.#warm-- === 0) this.#warmNext(words);
    return node;
  }

  /**
   * Reads the nodes that are to be given out next, which lie all over the memory: the reads overlap, while writes into
   * one cold node after another would wait for each.
   */
  #warmNext(words: Int32Array): void {
    const nodes = this.#nodes;
    let sum = 0;
    for (let i = Math.max(0, nodes.length - WARM_NODES); i < nodes.length; i++)
      sum += words[nodes[i]!]!;
    // Never so; but an answer that depends on the reads keeps the compiler from leaving them out.
    this.#warm = Number.isNaN(sum) ? 0 : WARM_NODES;
  }
}
