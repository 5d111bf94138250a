import type { ViewSource } from './arenaView.ts';
import { LEFT, RIGHT } from './layout.ts';
import { heightOf } from './nodes.ts';

/** The nodes of a saved version, children before their parent, left before right. Memory: O(log n). */
export class PostOrder {
  readonly #source: ViewSource;
  /** Nodes whose parents come later; those with a minus sign have had their children. */
  readonly #rest: number[];

  constructor(source: ViewSource) {
    this.#source = source;
    this.#rest = source.root === 0 ? [] : [source.root];
  }

  /** The next node; 0 after the last. @throws VersionError once the version is released. */
  next(): number {
    this.#source.check();
    const { words } = this.#source.arena;
    for (;;) {
      const node = this.#rest.pop() ?? 0;
      if (node <= 0) return -node;
      if (heightOf(words, node) === 0) return node;
      this.#rest.push(-node, words[node + RIGHT]!, words[node + LEFT]!);
    }
  }
}
