import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TxResult } from '../../chain/abci/types.ts';
import { createNodeVerifier } from '../../chain/app/nodeVerifier.ts';
import { Pool } from '../support/pool.ts';

const RUNS = Number(process.env.REPLACEMENT_RUNS ?? 10);

/** Of 10^12 that each account has: what is left of it decides as often as the sequences do. */
const FEES = ['', '100', '100', '2000000', '100000000000', '200000000000', '300000000000'];
const GAS = [100_000n, 120_000n];
const SIGNERS = [[0], [0], [0], [0, 1], [0, 1], [1, 0], [1], [0, 2]];

const submissions = fc.record({
  kind: fc.constant('submit' as const),
  signers: fc.constantFrom(...SIGNERS),
  /** Before, at or behind the next sequence of the first signer. */
  offset: fc.constantFrom(-3, -2, -2, -1, -1, -1, 0, 0, 0, 1),
  fee: fc.constantFrom(...FEES),
  gas: fc.constantFrom(...GAS),
});
/** One that waits, with another fee. */
const changes = fc.record({
  kind: fc.constant('change' as const),
  which: fc.nat(),
  percent: fc.constantFrom(109n, 110n, 130n, 200n, 300n),
  gas: fc.constantFrom(...GAS),
});
/** What this validator proposes in so many bytes, or what another one proposes: some of the pool as they came. */
const blocks = fc.record({
  kind: fc.constantFrom('propose' as const, 'propose' as const, 'foreign' as const),
  room: fc.constantFrom(0, 0, 400, 900, 100_000),
});
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: submissions },
    { weight: 3, arbitrary: changes },
    { weight: 2, arbitrary: blocks },
  ),
  {
    minLength: 25,
    maxLength: 50,
  },
);
type Step =
  typeof steps extends fc.Arbitrary<infer S> ? (S extends (infer E)[] ? E : never) : never;
type Change = Extract<Step, { kind: 'change' }>;
type Submission = Extract<Step, { kind: 'submit' }>;

interface Use {
  readonly signer: number;
  readonly sequence: number;
}

interface Content {
  readonly uses: readonly Use[];
  readonly fee: string;
  readonly gas: bigint;
}

/** Signing takes longest, and the same is signed in many runs. */
const signed = new Map<string, Promise<Uint8Array>>();
const contentOf = new Map<string, Content>();
const textOf = (tx: Uint8Array): string => Buffer.from(tx).toString('base64');

async function sign(pool: Pool, content: Content): Promise<Uint8Array> {
  const { uses, fee, gas } = content;
  const name = JSON.stringify([uses, fee, String(gas)]);
  let signing = signed.get(name);
  if (signing === undefined) {
    const accounts = uses.map(({ signer }) => pool.chain.accounts[signer]!);
    for (const [i, account] of accounts.entries()) account.sequence = uses[i]!.sequence;
    signing = pool.tx(accounts, { fee: fee === '0' ? '' : fee, gas });
    signed.set(name, signing);
  }
  const tx = await signing;
  contentOf.set(textOf(tx), content);
  return tx;
}

class World {
  readonly #pool: Pool;
  /** By signer. */
  readonly #committed = new Map<number, number>();
  replacements = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'submit') await this.#submit(step);
    else if (step.kind === 'change') await this.#change(step);
    else if (step.kind === 'propose') await this.propose(BigInt(step.room));
    else {
      const maxBytes = BigInt(step.room);
      await this.#block(this.#pool.mempool.reap({ maxBytes, maxGas: -1n }));
    }
  }

  async #submit({ signers, offset, fee, gas }: Submission): Promise<void> {
    const uses = signers.map((signer) => ({ signer, sequence: this.#next(signer) + offset }));
    if (uses.some(({ sequence }) => sequence < 0)) return;
    const outcome = await this.#check({ uses, fee, gas });
    if (offset > 0) assert.notEqual(outcome, 'waits');
  }

  async #change({ which, percent, gas }: Change): Promise<void> {
    const waiting = this.#pool.mempool.first(1000);
    const chosen = waiting[which % waiting.length];
    if (chosen === undefined) return;
    const { uses, fee } = contentOf.get(textOf(chosen))!;
    const other = ((BigInt(fee || 0) * percent) / 100n).toString();
    const outcome = await this.#check({ uses, fee: other, gas });
    if (outcome === 'waits') this.replacements += 1;
  }

  async #check(content: Content): Promise<string> {
    const tx = await sign(this.#pool, content);
    return this.#pool.check(tx).catch((error: Error) => error.message);
  }

  /** Every transaction of what this validator proposes passes its checks in the block. */
  async propose(room: bigint): Promise<void> {
    const txs = await this.#pool.propose(room);
    for (const { events, log } of await this.#block(txs)) assert.ok(events.length > 0, log);
  }

  get waiting(): number {
    return this.#pool.mempool.size;
  }

  async #block(txs: readonly Uint8Array[]): Promise<readonly TxResult[]> {
    const results = await this.#pool.block(txs);
    for (const [i, { events }] of results.entries()) {
      if (events.length === 0) continue;
      for (const { signer, sequence } of contentOf.get(textOf(txs[i]!))!.uses) {
        this.#committed.set(signer, sequence + 1);
      }
    }
    return results;
  }

  /** The next sequence of a signer, behind all that wait. */
  #next(wanted: number): number {
    const waiting = this.#pool.mempool
      .first(1000)
      .flatMap((tx) => contentOf.get(textOf(tx))!.uses)
      .filter(({ signer }) => signer === wanted)
      .map(({ sequence }) => sequence + 1);
    return Math.max(this.#committed.get(wanted) ?? 0, ...waiting);
  }
}

describe('whatever is checked in whichever order', () => {
  it('what a validator proposes passes its checks in the block, and all that waits can be proposed', async () => {
    const { verifier, close } = await createNodeVerifier();
    let replacements = 0;
    const run = async (maxGas: bigint, taken: readonly Step[]): Promise<void> => {
      const world = new World(await Pool.start({ verifier, maxGas, invariantsEvery: 0n }));
      for (const step of taken) await world.take(step);
      for (let left = world.waiting + 1; world.waiting > 0 && world.waiting < left; ) {
        left = world.waiting;
        await world.propose(100_000n);
      }
      assert.equal(world.waiting, 0, 'every block takes some');
      replacements += world.replacements;
    };
    await fc.assert(fc.asyncProperty(fc.constantFrom(-1n, 350_000n), steps, run), {
      numRuns: RUNS,
    });
    await close();
    assert.ok(replacements >= RUNS, `${replacements} replacements in ${RUNS} runs`);
  });
});
