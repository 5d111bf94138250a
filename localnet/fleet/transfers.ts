/** Data that hotspots carried and somebody pays for: credits are bought by burning tokens, and spent by the byte. */
import { QueryDefinition as CreditsQuery } from '../../wire/gen/depin/credits/v1/query.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import type { ChainClient } from './chainClient.ts';
import type { Hotspot } from './hotspots.ts';
import { pack } from './messages.ts';
import type { Random } from './random.ts';
import { type Sender, STOPPED } from './sender.ts';
import type { Tally } from './tally.ts';

export interface TransfersOptions {
  readonly client: ChainClient;
  readonly tally: Tally;
  readonly random: Random;
  readonly denom: string;
  readonly payer: Sender;
  readonly hotspots: () => readonly Hotspot[];
}

/** Credits are bought when fewer are left, for so many base units at a time: 5 tokens. */
const LOW_CREDITS = 20_000n;
const PURCHASE = 5_000_000n;
/** Hotspots that are paid in one message, and the bytes of each: sensors send a few dozen bytes at a time. */
const MAX_TRANSFERS = 20;
const BYTES = [12, 4_800] as const;

export class Transfers {
  readonly #options: TransfersOptions;
  #rounds = 0;

  constructor(options: TransfersOptions) {
    this.#options = options;
  }

  /** Pays for what some hotspots carried, and buys credits when they run low. @throws Error when the node is away. */
  async step(): Promise<void> {
    const { client, payer, denom, hotspots } = this.#options;
    const active = hotspots().filter(({ device }) => device.plan.cheat !== 'revoked');
    if (active.length === 0) return;
    const request = { address: payer.address };
    const { credits } = await client.query(CreditsQuery, CreditsQuery.methods.balance, request);
    const messages: Any[] = [];
    if (credits < LOW_CREDITS) {
      const amount = { denom, amount: PURCHASE.toString() };
      messages.push(pack.buyCredits({ buyer: payer.address, amount, minCredits: 0n }));
    }
    const transfers = this.#transfers(active);
    messages.push(pack.payData({ payer: payer.address, transfers }));
    await this.#send(messages);
  }

  #transfers(hotspots: readonly Hotspot[]): { deviceId: string; bytes: bigint }[] {
    const random = this.#options.random.fork(`round/${this.#rounds++}`);
    const first = random.integer(0, hotspots.length - 1);
    const count = Math.min(hotspots.length, random.integer(1, MAX_TRANSFERS));
    return Array.from({ length: count }, (_, i) => ({
      deviceId: hotspots[(first + i) % hotspots.length]!.device.id,
      bytes: BigInt(random.integer(...BYTES)),
    }));
  }

  async #send(messages: readonly Any[]): Promise<void> {
    const { payer, tally } = this.#options;
    const outcome = await payer.send(messages);
    if (outcome.tx !== undefined) tally.noteTx(outcome.tx, 0);
    if (!outcome.ok && outcome.reason !== STOPPED) tally.noteFailure(outcome.reason);
  }
}
