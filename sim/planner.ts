/** Makes the blocks of a simulation, each from what is known of the state before it. */
import { type Descriptors, type JsonObject, toJson } from '../chain/descriptors/index.ts';
import type {
  MessageMaker,
  SimulatedMessage,
  SimulationWorld,
} from '../chain/testing/simulation.ts';
import type { Random } from '../localnet/fleet/random.ts';
import { fromUtf8 } from '../wire/bytes.ts';
import { TxMsgData } from '../wire/gen/cosmos/base/abci/v1beta1/abci.ts';
import type { Any } from '../wire/gen/google/protobuf/any.ts';
import type { ExecutedBlock, SimulatedChain } from './chain.ts';
import { Generator } from './generator.ts';
import { Knowledge } from './knowledge.ts';
import { fieldValuesOf, makersFor, messageTypes } from './makers.ts';
import type { BlockPlan, Fault, Operation } from './operation.ts';
import { drawPayment, type PaymentParts } from './payments.ts';
import { encodeMessages, signersOfOperation } from './transaction.ts';

const SPOILT = 0.06;
const FAULTY = 0.05;
const SEVERAL_MESSAGES = 0.05;
/** Blocks between two looks at the whole state: often while it is small and everything waits for it, then seldom. */
const lookEvery = (height: bigint): bigint => (height < 50n ? 2n : 5n);
const FAULTS = [
  'badSignature',
  'wrongSequence',
  'otherChain',
  'noSignature',
  'noFee',
  'unknownField',
  'empty',
] as const;

export interface PlannerOptions {
  readonly random: Random;
  /** Mean number of operations in a block. */
  readonly operationsPerBlock: number;
  /** One operation in every other block, right after the one before, where time passes. */
  readonly single?: boolean;
  readonly only?: string;
}

interface Making {
  readonly operation: Operation;
  /** May fail before its sequence is counted. */
  readonly isFaulty: boolean;
}

export class Planner {
  readonly #chain: SimulatedChain;
  readonly #options: PlannerOptions;
  readonly #knowledge = new Knowledge();
  readonly #generator: Generator;
  readonly #makers: readonly MessageMaker[];
  readonly #memory = new Map<string, unknown>();
  readonly #addresses: ReadonlySet<string>;
  /** Undefined where all transactions are paid for in one way. */
  readonly #payments: PaymentParts | undefined;

  constructor(chain: SimulatedChain, options: PlannerOptions) {
    this.#chain = chain;
    this.#options = options;
    const { composition, app } = chain;
    const { descriptors } = app;
    const types = messageTypes(composition.modules, descriptors);
    this.#generator = new Generator({
      descriptors,
      knowledge: this.#knowledge,
      prefix: composition.prefix,
      denom: composition.denom,
      fieldValues: fieldValuesOf(composition, types),
      messageNames: types.map(({ name }) => name),
    });
    const { only } = options;
    const parts = { types, generator: this.#generator, descriptors };
    this.#makers = makersFor(composition, only === undefined ? parts : { ...parts, only });
    this.#payments = chain.paymentKinds ? chain.paymentParts : undefined;
    this.#addresses = new Set(chain.accounts.map(({ address }) => address));
  }

  /** The next block. */
  plan(): BlockPlan {
    const { random, operationsPerBlock, single } = this.#options;
    if (this.#chain.height % lookEvery(this.#chain.height) === 0n) this.#look();
    // Before the first block there is no state in which an account could be looked up.
    if (this.#chain.height === 0n) return { afterMs: 1000, operations: [] };
    if (single && this.#chain.height % 2n === 0n) return { afterMs: pace(random), operations: [] };
    // An estimate is for the state and time that it was made at.
    const afterMs = single ? 1 : pace(random);
    const world = this.#world(afterMs);
    const count = single ? 1 : random.integer(0, 2 * operationsPerBlock);
    const made = Array.from({ length: count }, () => this.#operation(world));
    const given = made.filter((each) => each !== undefined);
    const clean = given.filter(({ isFaulty }) => !isFaulty);
    const faulty = given.filter(({ isFaulty }) => isFaulty);
    return { afterMs, operations: [...clean, ...faulty].map(({ operation }) => operation) };
  }

  /** Takes in what the messages of a block answered. */
  learn({ results }: ExecutedBlock, { operations }: BlockPlan): void {
    for (const [i, result] of results.entries()) {
      if (result.code !== 0) continue;
      const responses = TxMsgData.decode(result.data).msgResponses;
      for (const [at, message] of operations[i]!.messages.entries()) {
        const answer = responses[at] && answered(this.#chain.app.descriptors, responses[at]);
        const { '@type': type, ...request } = message;
        const [, module = ''] = /([^.]+)\.v\d\w*\.\w+$/.exec(type) ?? [];
        const name = type.slice(type.lastIndexOf('.') + 1);
        this.#knowledge.learnRecord(`${module}.answers.${name}`, { ...request, ...answer });
      }
    }
  }

  #look(): void {
    const { app, height, initRequest } = this.#chain;
    const state =
      height === 0n
        ? (JSON.parse(fromUtf8(initRequest.appStateBytes)) as JsonObject)
        : app.exportGenesis();
    for (const [module, section] of Object.entries(state)) {
      this.#knowledge.learnSection(module, section as JsonObject);
    }
  }

  #world(afterMs: number): SimulationWorld {
    return {
      random: this.#options.random,
      chainId: this.#chain.initRequest.chainId,
      timeMs: this.#chain.nextTimeMs(afterMs),
      accounts: [...this.#addresses],
      records: (collection) => this.#knowledge.objects(collection),
      memory: <T>(name: string, make: () => T): T => {
        if (!this.#memory.has(name)) this.#memory.set(name, make());
        return this.#memory.get(name) as T;
      },
    };
  }

  #operation(world: SimulationWorld): Making | undefined {
    const { random } = this.#options;
    const maker = random.pickWeighted(this.#makers, ({ weight }) => weight);
    const first = maker.make(world);
    if (first === undefined) return undefined;
    const messages = [first];
    if (random.chance(SEVERAL_MESSAGES)) {
      const more = Array.from({ length: random.integer(1, 2) }, () => maker.make(world));
      messages.push(...more.filter((each) => each !== undefined));
    }
    const isSpoilt = random.chance(SPOILT);
    const fault = random.chance(FAULTY) ? faultOf(random) : undefined;
    const sent = isSpoilt ? this.#spoil(world, messages) : messages;
    const operation: Operation = {
      messages: sent,
      ...(fault === undefined ? {} : { fault }),
      ...(this.#payments === undefined ? {} : { payment: drawPayment(random, this.#payments) }),
    };
    if (!this.#isEncodable(operation)) return undefined;
    const signers = signersOfOperation(this.#chain.app.descriptors, operation);
    const isOurs = signers.length > 0 && signers.every((each) => this.#addresses.has(each));
    return { operation, isFaulty: isSpoilt || fault !== undefined || !isOurs };
  }

  #spoil(world: SimulationWorld, messages: readonly SimulatedMessage[]): SimulatedMessage[] {
    const [first, ...rest] = messages as [SimulatedMessage, ...SimulatedMessage[]];
    return [this.#generator.spoilt(world, first), ...rest];
  }

  /** Some hostile values, such as a number of 300 bits, have no encoding. */
  #isEncodable(operation: Operation): boolean {
    try {
      encodeMessages(this.#chain.app.descriptors, operation);
      return true;
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  }
}

/** Mostly a second, sometimes minutes, rarely hours: epochs, timeouts and unbondings pass. */
function pace(random: Random): number {
  if (random.chance(0.7)) return random.integer(500, 3000);
  if (random.chance(0.85)) return random.integer(5_000, 120_000);
  return random.integer(600_000, 86_400_000);
}

function faultOf(random: Random): Fault {
  if (random.chance(0.25)) return { kind: 'gasLimit', gas: random.integer(0, 200_000) };
  const at = random.integer(0, 100_000);
  if (random.chance(0.4)) return { kind: random.pick(['flippedByte', 'truncated'] as const), at };
  return { kind: random.pick(FAULTS) };
}

function answered(descriptors: Descriptors, response: Any): JsonObject {
  return toJson(descriptors, response.typeUrl.slice(1), response.value) as JsonObject;
}
