/**
 * Runs modules without transactions and consensus: the same contexts, hooks, gas and invariants on stores in memory.
 * For the tests of modules; an application runs the same modules through `chain/app`.
 */
import { VoteExtension as AllParts } from '../../wire/gen/depin/abci/v1/vote_extension.ts';
import { nobleVerifier } from '../../wire/signature.ts';
import type { Event, ValidatorUpdate } from '../abci/types.ts';
import { deliverExtensions } from '../app/committedExtensions.ts';
import { acceptsExtension, decodeParts, extendVote, speakers } from '../app/voteExtensions.ts';
import { addressesOf } from '../module/addresses.ts';
import type { Module, VoteExtension } from '../module/defineModule.ts';
import { ChainError } from '../module/errors.ts';
import { type EventType, parseTypedEvent } from '../module/events.ts';
import { type Archive, type Environment, type Frame, rootFrame } from '../module/frame.ts';
import { GasMeter } from '../module/gas.ts';
import { brokenInvariant } from '../module/invariants.ts';
import { migrate } from '../module/migrations.ts';
import { ModuleSet } from '../module/moduleSet.ts';
import type { BufferedStore } from '../store/bufferedStore.ts';
import { LentBytes, WatchedStore, watchedAddresses } from './lentBytes.ts';

type Call = (context: unknown, request: unknown) => unknown;

export interface HarnessOptions {
  readonly modules: readonly Module[];
  /** Genesis by module name; a module without one starts with its default. */
  readonly genesis?: Readonly<Record<string, unknown>>;
  readonly chainId?: string;
  readonly startTimeNs?: bigint;
  /**
   * The chain that an upgrade goes on from, on the same state: instead of a genesis the migrations of these modules
   * run, and modules that it did not have start with their default genesis.
   */
  readonly upgrading?: ModuleHarness;
}

/** A vote for the block that ends, as the next one gets it. */
export interface HarnessVote {
  /** The address of the validator, 20 bytes. */
  readonly validator: Uint8Array;
  readonly power: bigint;
  /** What it added, by module; nothing of a module that is left out or empty. */
  readonly extensions: Readonly<Record<string, Uint8Array>>;
}

export class ModuleHarness {
  readonly environment: Environment;
  readonly chainId: string;
  height: bigint;
  timeNs: bigint;
  /** Events of the last message or block hook. */
  events: readonly Event[] = [];
  /** Gas of the last message. */
  gasUsed = 0n;
  readonly #set: ModuleSet;
  readonly #stores: Map<string, BufferedStore>;
  readonly #lent: LentBytes;
  readonly #archived = new Map<string, Uint8Array>();

  constructor(options: HarnessOptions) {
    this.#set = new ModuleSet(options.modules);
    const { upgrading } = options;
    this.chainId = options.chainId ?? upgrading?.chainId ?? 'depin-test-1';
    this.timeNs = options.startTimeNs ?? upgrading?.timeNs ?? 1_700_000_000_000_000_000n;
    this.height = upgrading?.height ?? 1n;
    this.#stores = upgrading === undefined ? new Map() : upgrading.#stores;
    this.#lent = upgrading === undefined ? new LentBytes() : upgrading.#lent;
    const addresses = watchedAddresses(addressesOf('depin'), this.#lent);
    this.environment = { addresses, verifier: nobleVerifier, denom: 'udepin' };
    if (upgrading === undefined) this.#initGenesis(options.genesis ?? {});
    else this.#migrate(upgrading);
    this.checkInvariants();
  }

  #initGenesis(sections: Readonly<Record<string, unknown>>): void {
    const frame = this.#frame();
    for (const module of this.#set.modules) {
      const { genesis } = module.definition;
      const state = sections[module.name] ?? genesis.default;
      genesis.init(this.#set.context(module, frame), state as never);
    }
  }

  #migrate(before: ModuleHarness): void {
    const frame = this.#frame();
    const old = new Map(before.#set.modules.map(({ name, definition }) => [name, definition]));
    for (const module of this.#set.modules) {
      const version = old.get(module.name)?.version;
      migrate(
        this.#set,
        { module, from: version === undefined ? undefined : BigInt(version) },
        frame,
      );
    }
  }

  /**
   * Runs a message handler; a failure throws and leaves the state as it was.
   * @throws Error too when the handler changed bytes that the engine lent it.
   */
  send(module: Module, method: string, request: unknown, gasLimit?: bigint): unknown {
    const gas = new GasMeter(gasLimit);
    const frame = this.#frame();
    try {
      const call = () => this.#set.send(module, method, { frame, request });
      const { value, events } = frame.branch(() => {
        const response = call();
        gas.check();
        return response;
      }, gas);
      this.events = events;
      return value;
    } finally {
      this.gasUsed = gas.used;
      this.#lent.check();
    }
  }

  /** Runs a message handler that must fail; gives `codespace/code: message`. */
  refusal(module: Module, method: string, request: unknown): string {
    try {
      this.send(module, method, request);
    } catch (error) {
      if (error instanceof ChainError) return `${error.codespace}/${error.code}: ${error.message}`;
      throw error;
    }
    throw new Error(`${module.name}.${method} was accepted`);
  }

  /** Runs a query handler. */
  query(module: Module, method: string, request: unknown): unknown {
    const handler = module.definition.queries?.[method] as Call;
    const answer = handler(this.#set.view(module, this.#frame()), request);
    this.#lent.check();
    return answer;
  }

  /** The events of a type among the last ones, as the messages that they were emitted from. */
  emitted<T>(type: EventType<T>): T[] {
    return this.events.flatMap((event) => parseTypedEvent(type, event) ?? []);
  }

  /** Calls what a module offers to others, on the committed state. */
  api<A, V>(module: Module<A, V>): A & V {
    return this.#set.api(module, this.#frame());
  }

  /** The vote of a validator with what the modules add to it now. */
  vote(validator: Uint8Array, power: bigint): HarnessVote {
    const parts = decodeParts(extendVote(this.#set, this.#frame())) ?? [];
    const extensions = parts.map(({ module, extension }) => [module, extension] as const);
    return { validator, power, extensions: Object.fromEntries(extensions) };
  }

  /** Whether another validator's vote may count with this part of the module. */
  accepts(module: Module, { validator, extension }: VoteExtension): boolean {
    const modules = extension.length === 0 ? [] : [{ module: module.name, extension }];
    const all = { validator, extension: AllParts.encode({ modules }).finish() };
    return acceptsExtension(this.#set, this.#frame(), all);
  }

  /**
   * Ends the block, checks all invariants, and begins the next one `seconds` later.
   * @param votes for the block that ends, in the order of the validator set, where votes carry extensions: each is
   *   brought to the modules, also one that `accepts` refuses, as a dishonest proposer would
   * @throws TypeError for an extension of a module that adds nothing to votes.
   */
  nextBlock(seconds = 1, votes?: readonly HarnessVote[]): readonly ValidatorUpdate[] {
    const frame = this.#frame();
    const updates = this.#set.modules.flatMap(
      (module) => module.definition.endBlock?.(this.#set.context(module, frame)) ?? [],
    );
    this.checkInvariants();
    this.height += 1n;
    this.timeNs += BigInt(Math.round(seconds * 1000)) * 1_000_000n;
    const next = this.#frame();
    if (votes !== undefined) this.#deliver(next, votes);
    for (const module of this.#set.modules) {
      module.definition.beginBlock?.(this.#set.context(module, next));
    }
    this.events = [...frame.events, ...next.events];
    this.#lent.check();
    return updates;
  }

  #deliver(frame: Frame, votes: readonly HarnessVote[]): void {
    const known = speakers(this.#set).map(({ name }) => name);
    const committed = votes.map(({ validator, power, extensions }, i) => {
      const parts = Object.entries(extensions).map(([module, extension]) => {
        if (known.includes(module)) return { module, extension };
        throw new TypeError(`votes[${i}].extensions.${module}: no such module adds to votes`);
      });
      return { validator, power, parts: parts.filter(({ extension }) => extension.length > 0) };
    });
    deliverExtensions(this.#set, frame, committed);
  }

  /** @throws Error naming the first broken invariant. */
  checkInvariants(): void {
    const frame = this.#frame();
    for (const module of this.#set.modules) {
      const broken = brokenInvariant(this.#set, module, frame);
      if (broken !== undefined) throw new Error(`invariant of ${module.name} broken: ${broken}`);
    }
  }

  /** The genesis that the module would export now. */
  export(module: Module): unknown {
    return module.definition.genesis.export(this.#set.view(module, this.#frame()));
  }

  #frame(): Frame {
    const archive: Archive = {
      get: (key) => this.#archived.get(key.join()),
      put: (key, value) => void this.#archived.set(key.join(), value),
    };
    const block = {
      chainId: this.chainId,
      height: this.height,
      timeNs: this.timeNs,
      proposerAddress: new Uint8Array(20),
    };
    return rootFrame({
      environment: this.environment,
      block,
      archive,
      stores: (name) => this.#store(name),
    });
  }

  #store(name: string): BufferedStore {
    let store = this.#stores.get(name);
    if (store === undefined) {
      store = new WatchedStore(name, this.#lent);
      this.#stores.set(name, store);
    }
    return store;
  }
}
