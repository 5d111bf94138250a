/** Which nodes are asked: a primary, and witnesses that may take its place. */
import { LightClientError } from './lightClientError.ts';
import {
  type EvidenceReceiver,
  type Provider,
  ProviderError,
  type ProviderReason,
  type RpcCaller,
  type TransactionSource,
} from './provider.ts';

/**
 * A node; serving transactions is needed only for `verifyTx`, taking evidence to report attacks, and
 * passing on calls for a verifying RPC.
 */
export type ChainNode = Provider & Partial<TransactionSource & EvidenceReceiver & RpcCaller>;

/** A node under the name that it has in errors and in the status. */
export interface NamedNode {
  readonly name: string;
  readonly node: ChainNode;
}

/** A node that is asked no more, and why. */
export interface RemovedNode {
  readonly name: string;
  readonly why: string;
}

/** What also happens to honest nodes: they may still serve later. */
const HONEST: ReadonlySet<ProviderReason> = new Set([
  'unreachable',
  'timeout',
  'heightTooHigh',
  'notFound',
] as const);

/** The nodes in use. */
export class Roster {
  #primary: NamedNode;
  #witnesses: readonly NamedNode[];
  readonly #removed: RemovedNode[] = [];
  readonly #all: readonly NamedNode[];
  readonly #silent = new Set<NamedNode>();

  constructor(primary: ChainNode, witnesses: readonly ChainNode[]) {
    this.#primary = { name: 'primary', node: primary };
    this.#witnesses = witnesses.map((node, index) => ({ name: `witness ${index + 1}`, node }));
    this.#all = this.#inUse();
  }

  get removed(): readonly RemovedNode[] {
    return this.#removed;
  }

  /** The names of the nodes, as the light client's status shows them. */
  status() {
    return {
      primary: this.#primary.name,
      witnesses: this.#witnesses.map(({ name }) => name),
      removed: [...this.#removed],
    };
  }

  /**
   * Does the work with the primary. When that does not serve, or what it serves is refused, a witness takes
   * its place and the work begins again; each node gets one turn.
   * @throws what the work throws with the last node.
   */
  async withPrimary<T>(work: (node: ChainNode) => Promise<T>): Promise<T> {
    for (let turns = 1 + this.#witnesses.length; ; turns--) {
      const used = this.#primary;
      try {
        return await work(used.node);
      } catch (error) {
        if (!isOfNode(error)) throw error;
        // After the last turn the primary stays: a second call begins with another node than the first.
        if (turns <= 1 || !this.#replace(used, error)) throw error;
      }
    }
  }

  /** All but one: who served a header does not confirm it, whatever place it has by now. */
  othersThan(node: ChainNode): readonly NamedNode[] {
    return this.#inUse().filter((other) => other.node !== node);
  }

  /** A node under its name, also one that is asked no more. */
  named(node: ChainNode): NamedNode {
    return this.#all.find((each) => each.node === node)!;
  }

  /** Notes whether a node had an answer as a witness. */
  heard(witness: NamedNode, isHeard: boolean): void {
    if (isHeard) this.#silent.delete(witness);
    else this.#silent.add(witness);
  }

  /** Whether it had none the last time. */
  isSilent(witness: NamedNode): boolean {
    return this.#silent.has(witness);
  }

  /** Asks a node no more. The last one stays: nobody is left to confirm what it serves. */
  remove(removed: NamedNode, why: string): void {
    const others = this.othersThan(removed.node);
    const [next, ...rest] = others;
    if (next === undefined || others.length === this.#inUse().length) return;
    this.#primary = next;
    this.#witnesses = rest;
    this.#removed.push({ name: removed.name, why });
  }

  #inUse(): readonly NamedNode[] {
    return [this.#primary, ...this.#witnesses];
  }

  /** Puts the first witness in the place of a primary that failed; false when there is none. */
  #replace(failed: NamedNode, error: ProviderError | LightClientError): boolean {
    if (failed !== this.#primary) return true;
    const [next, ...rest] = this.#witnesses;
    if (next === undefined) return false;
    this.#primary = next;
    const mayServe = error instanceof ProviderError ? isHonestFailure(error) : isOfClock(error);
    this.#witnesses = mayServe ? [...rest, failed] : rest;
    if (!mayServe) this.#removed.push({ name: failed.name, why: error.message });
    return true;
  }
}

/** Whether another node may do better. */
function isOfNode(error: unknown): error is ProviderError | LightClientError {
  if (error instanceof ProviderError) return true;
  return error instanceof LightClientError && (error.reason === 'refused' || isOfClock(error));
}

/** Whether the clock here may be what is wrong: it would take one honest node after the other for a liar. */
function isOfClock({ reason }: LightClientError): boolean {
  return reason === 'clock';
}

/** Whether an honest node may have failed like this. To say no is no lie: the question may make no sense. */
export function isHonestFailure({ reason, isAnswer }: ProviderError): boolean {
  return isAnswer || HONEST.has(reason);
}
