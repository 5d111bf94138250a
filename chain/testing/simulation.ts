/**
 * What a module may add to the simulator, in `modules/<name>/<name>.sim.ts`. None of it is needed: messages are
 * generated from the `.proto` texts and from what stands in state. A module helps where a value cannot be guessed,
 * such as a signature of a device.
 */
import type { JsonObject, JsonValue } from '../descriptors/index.ts';

/** Random numbers that follow from the seed of the run. */
export interface SimulationRandom {
  /** A whole number from `least` to `greatest`, both included. */
  integer(least: number, greatest: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the items, at least one. */
  pick<T>(items: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

/** What a generator sees: the state that was last looked at, and what it kept itself. */
export interface SimulationWorld {
  readonly random: SimulationRandom;
  readonly chainId: string;
  /** Time of the block that is being made, milliseconds since the Unix epoch. */
  readonly timeMs: bigint;
  /** Addresses of the accounts that sign. The first one is the chain's authority. */
  readonly accounts: readonly string[];
  /** Objects of a list in the exported state, such as `coverage.hotspots`; at most a few dozen of them. */
  records(collection: string): readonly JsonObject[];
  /** What the caller keeps under this name for the whole run, made when it is first asked for. */
  memory<T>(name: string, make: () => T): T;
}

/** A message as JSON with its type URL under `@type`. */
export type SimulatedMessage = JsonObject & { readonly '@type': string };

/** Whole messages of one kind. */
export interface MessageMaker {
  /** Full names of the messages that it makes. */
  readonly makes: readonly string[];
  /** How often, where the generated messages of one type have 1. */
  readonly weight: number;
  /** Undefined when there is nothing to make it from yet. */
  make(world: SimulationWorld): SimulatedMessage | undefined;
}

export interface ModuleSimulation {
  /**
   * Values of fields, by `MsgName.field_name` or for all messages of the module by `field_name`; undefined leaves
   * the field to the simulator.
   */
  readonly fields?: Readonly<Record<string, (world: SimulationWorld) => JsonValue | undefined>>;
  readonly makers?: readonly MessageMaker[];
  /** Queries, by method name, about state that an export leaves out: they may answer otherwise after an import. */
  readonly forgets?: readonly string[];
}
