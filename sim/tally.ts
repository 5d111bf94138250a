/** How often each message was accepted, and by which codes it was refused. */
import type { TxResult } from '../chain/abci/types.ts';
import type { Operation } from './operation.ts';

/** Counts of one message type. */
export interface MessageTally {
  readonly module: string;
  /** Full name. */
  readonly name: string;
  accepted: number;
  /** By `codespace/code`. */
  readonly refused: Map<string, number>;
}

export class Tally {
  readonly #byName = new Map<string, MessageTally>();
  transactions = 0;

  constructor(types: readonly { readonly module: string; readonly name: string }[]) {
    for (const { module, name } of types) {
      this.#byName.set(name, { module, name, accepted: 0, refused: new Map() });
    }
  }

  /** Counts a transaction under each of its messages. */
  count({ messages }: Operation, { code, codespace }: TxResult): void {
    this.transactions++;
    for (const name of new Set(messages.map((message) => message['@type'].slice(1)))) {
      const tally = this.#byName.get(name);
      if (tally === undefined) continue;
      const reason = `${codespace}/${code}`;
      if (code === 0) tally.accepted++;
      else tally.refused.set(reason, (tally.refused.get(reason) ?? 0) + 1);
    }
  }

  /** In module order. */
  get messages(): readonly MessageTally[] {
    return [...this.#byName.values()];
  }
}
