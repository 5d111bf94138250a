/** The application under simulation, driven through ABCI as consensus would, with every request kept. */
import type {
  FinalizeBlockRequest,
  InitChainRequest,
  TxResult,
  ValidatorUpdate,
  VoteInfo,
} from '../chain/abci/types.ts';
import type { ChainApplication } from '../chain/app/application.ts';
import { addressOfEd25519 } from '../wire/address.ts';
import { toBigEndian, toUtf8 } from '../wire/bytes.ts';
import { BaseAccount } from '../wire/gen/cosmos/auth/v1beta1/auth.ts';
import {
  QueryAccountRequest,
  QueryAccountResponse,
} from '../wire/gen/cosmos/auth/v1beta1/query.ts';
import { sha256 } from '../wire/hash.ts';
import type { ConsensusParams } from '../wire/types.ts';
import { accountAt, type SimulatedAccount } from './accounts.ts';
import type { Composition } from './composition.ts';
import { messageTypes } from './makers.ts';
import { type MultisigSize, multisigAt } from './multisigAccount.ts';
import type { BlockPlan, Operation } from './operation.ts';
import { type PaymentParts, withPayments } from './payments.ts';
import {
  type SigningContext,
  type SigningState,
  signersOfOperation,
  transactionOf,
} from './transaction.ts';

export const SIMULATION_CHAIN_ID = 'depind-simulation-1';
const START_NS = 1_700_000_000_000_000_000n;
const NS_PER_MS = 1_000_000n;
/** Of 256 votes so many are missing. */
const ABSENT = 12;
const PARAMS: ConsensusParams = {
  block: { maxBytes: 4_194_304n, maxGas: -1n },
  evidence: {
    maxAgeNumBlocks: 100_000n,
    maxAgeDurationNs: 172_800_000_000_000n,
    maxBytes: 1_048_576n,
  },
  validator: { pubKeyTypes: ['ed25519'] },
  version: { app: 0n },
  abci: { voteExtensionsEnableHeight: 0n },
};

/** An executed block: what was asked, and what came of it. */
export interface ExecutedBlock {
  readonly request: FinalizeBlockRequest;
  readonly results: readonly TxResult[];
  readonly appHash: Uint8Array;
}

export interface TransactionOptions extends Pick<SigningContext, 'gasLimit' | 'unsigned'> {
  /** When the block that it is for comes after the last one, milliseconds. @default 1 */
  readonly afterMs?: number;
}

/** Accounts of which several keys sign, by their number, where transactions are paid for in several ways. */
const MULTISIG: Readonly<Record<number, MultisigSize>> = {
  4: { keys: 3, signers: 2 },
  5: { keys: 7, signers: 7 },
};

export class SimulatedChain {
  readonly app: ChainApplication;
  readonly composition: Composition;
  readonly accounts: readonly SimulatedAccount[];
  /** Whether transactions can be paid for in several ways. */
  readonly paymentKinds: boolean;
  readonly initRequest: InitChainRequest;
  readonly blocks: ExecutedBlock[] = [];
  readonly #byAddress: ReadonlyMap<string, SimulatedAccount>;
  readonly #validators = new Map<string, { address: Uint8Array; power: bigint }>();
  #height = 0n;
  #timeNs = START_NS;

  private constructor(
    app: ChainApplication,
    composition: Composition,
    { accounts, paymentKinds }: Pick<SimulatedChain, 'accounts' | 'paymentKinds'>,
  ) {
    this.app = app;
    this.composition = composition;
    this.accounts = accounts;
    this.paymentKinds = paymentKinds;
    this.#byAddress = new Map(accounts.map((account) => [account.address, account]));
    const plain = composition.appState(accounts.map(({ addressBytes }) => addressBytes));
    const genesis = paymentKinds ? withPayments(plain, this.paymentParts) : plain;
    this.initRequest = {
      time: START_NS,
      chainId: SIMULATION_CHAIN_ID,
      consensusParams: PARAMS,
      validators: [],
      appStateBytes: toUtf8(JSON.stringify(genesis)),
      initialHeight: 1n,
    };
  }

  /**
   * A new chain; invariants are checked after every block.
   * @param paymentKinds whether there are multisig accounts, coins of several denominations and fee allowances
   */
  static async start(
    composition: Composition,
    accountCount: number,
    paymentKinds = false,
  ): Promise<SimulatedChain> {
    const app = await composition.open({ invariantsEvery: 1n, pruning: 'everything' });
    const accounts = Array.from({ length: accountCount }, (_, i) => {
      const size = paymentKinds ? MULTISIG[i] : undefined;
      if (size === undefined) return accountAt(i, composition.prefix);
      return multisigAt(i, composition.prefix, size);
    });
    const chain = new SimulatedChain(app, composition, { accounts, paymentKinds });
    const { validators } = await app.initChain(chain.initRequest);
    chain.#updateValidators(validators);
    return chain;
  }

  get paymentParts(): PaymentParts {
    const { app, accounts, composition } = this;
    const types = messageTypes(composition.modules, app.descriptors);
    return {
      denom: composition.denom,
      accounts,
      messages: types.map(({ name }) => `/${name}`),
    };
  }

  /** Time of the block that comes next when it comes so much later, milliseconds. */
  nextTimeMs(afterMs: number): bigint {
    return this.#timeNs / NS_PER_MS + BigInt(afterMs);
  }

  get height(): bigint {
    return this.#height;
  }

  /** Runs a block. @throws whatever the application throws: a broken invariant, or a bug. */
  async execute(plan: BlockPlan, gasLimit?: bigint): Promise<ExecutedBlock> {
    return this.finalize(await this.requestOf(plan, gasLimit));
  }

  /** What the application is asked about a block of this plan; the block comes next. */
  async requestOf(
    { afterMs, operations }: BlockPlan,
    gasLimit?: bigint,
  ): Promise<FinalizeBlockRequest> {
    const limit = gasLimit === undefined ? {} : { gasLimit };
    const txs = await this.#sign(operations, { ...limit, afterMs });
    this.#height += 1n;
    this.#timeNs += BigInt(afterMs) * NS_PER_MS;
    const votes = this.#votes();
    return {
      txs,
      height: this.#height,
      time: this.#timeNs,
      hash: sha256(toBigEndian(this.#height, 8)),
      nextValidatorsHash: new Uint8Array(32),
      proposerAddress: votes[Number(this.#height) % votes.length]!.validator.address,
      misbehavior: [],
      decidedLastCommit: { round: 0, votes: this.#height === 1n ? [] : votes },
    };
  }

  /** Executes and commits the block of a request. */
  async finalize(request: FinalizeBlockRequest): Promise<ExecutedBlock> {
    const response = await this.app.finalizeBlock(request);
    await this.app.commit();
    this.#updateValidators(response.validatorUpdates);
    const block = { request, results: response.txResults, appHash: response.appHash };
    this.blocks.push(block);
    return block;
  }

  /** The transaction of an operation on the state after the last block. */
  async transaction(operation: Operation, options: TransactionOptions = {}): Promise<Uint8Array> {
    const [tx] = await this.#sign([operation], options);
    return tx!;
  }

  async #sign(
    operations: readonly Operation[],
    { afterMs = 1, ...options }: TransactionOptions,
  ): Promise<Uint8Array[]> {
    const { descriptors } = this.app;
    const { denom } = this.composition;
    const timeNs = this.#timeNs + BigInt(afterMs) * NS_PER_MS;
    const context = { descriptors, chainId: SIMULATION_CHAIN_ID, denom, timeNs, ...options };
    const states = new Map<string, SigningState>();
    const txs: Uint8Array[] = [];
    for (const operation of operations) {
      txs.push(transactionOf(context, operation, await this.#signers(operation, states)));
    }
    return txs;
  }

  /** Signers that are none of ours are stood in for by the first account. */
  async #signers(operation: Operation, states: Map<string, SigningState>): Promise<SigningState[]> {
    const named = signersOfOperation(this.app.descriptors, operation);
    const signers: SigningState[] = [];
    for (const address of named.length === 0 ? [''] : named) {
      const account = this.#byAddress.get(address) ?? this.accounts[0]!;
      const state = states.get(account.address) ?? (await this.#stateOf(account));
      signers.push(state);
      // What fails before its sequence is counted stands last in its block.
      states.set(account.address, { ...state, sequence: state.sequence + 1n });
    }
    return signers;
  }

  async #stateOf(account: SimulatedAccount): Promise<SigningState> {
    const { value } = await this.app.query({
      path: '/cosmos.auth.v1beta1.Query/Account',
      data: QueryAccountRequest.encode({ address: account.address }).finish(),
      height: 0n,
      prove: false,
    });
    const any = QueryAccountResponse.decode(value).account;
    const base = any?.typeUrl.endsWith('.BaseAccount') ? BaseAccount.decode(any.value) : undefined;
    const { accountNumber = 0n, sequence = 0n } = base ?? {};
    return { account, accountNumber, sequence };
  }

  #updateValidators(updates: readonly ValidatorUpdate[]): void {
    for (const { publicKey, power } of updates) {
      const address = addressOfEd25519(publicKey.bytes);
      const key = address.join();
      if (power === 0n) this.#validators.delete(key);
      else this.#validators.set(key, { address, power });
    }
  }

  /** Who was absent follows from the height, so that it is the same in every run of a plan. */
  #votes(): VoteInfo[] {
    return [...this.#validators.values()].map((validator, i) => {
      const draw = sha256(toUtf8(`${this.#height}/${i}`))[0]!;
      return { validator, blockIdFlag: draw < ABSENT ? 1 : 2 };
    });
  }
}
