/** A node that lies in one thing. */
import type { NodeStatus, Provider, QueryAnswer, StateQuery } from '../../lightclient/provider.ts';
import type { LightBlock } from '../../lightclient/types.ts';
import type { SignedHeader, Validator } from '../../wire/types.ts';
import { type DeviceWorld, STATE_HEIGHT } from './deviceWorld.ts';

type AnswerEdit = (answer: QueryAnswer) => QueryAnswer;

/** What a lying node changes, by what was asked. An edit may also throw. */
export interface Lies {
  readonly block?: (block: LightBlock) => LightBlock;
  readonly status?: (status: NodeStatus) => NodeStatus;
  readonly record?: AnswerEdit;
  readonly batch?: AnswerEdit;
  readonly report?: AnswerEdit;
}

/** A node between the client and the honest one. */
export class Tampered implements Provider {
  readonly #world: DeviceWorld;
  readonly #lies: Lies;

  constructor(world: DeviceWorld, lies: Lies) {
    this.#world = world;
    this.#lies = lies;
  }

  #block(height = STATE_HEIGHT + 1n): LightBlock {
    const block = height === 1n ? this.#world.root : this.#world.target;
    return this.#lies.block?.(block) ?? block;
  }

  async signedHeader(height?: bigint): Promise<SignedHeader> {
    return this.#block(height).signedHeader;
  }

  async validators(height: bigint): Promise<readonly Validator[]> {
    const honest = height === 1n || height === STATE_HEIGHT + 1n;
    return honest ? this.#block(height).validators : this.#world.root.validators;
  }

  async status(): Promise<NodeStatus> {
    const status = await this.#world.status();
    return this.#lies.status?.(status) ?? status;
  }

  async abciQuery(query: StateQuery): Promise<QueryAnswer> {
    const answer = await this.#world.abciQuery(query);
    const { record, batch, report } = this.#lies;
    const isStore = query.path.startsWith('/store/');
    const edit = isStore ? (query.data[0] === 1 ? record : batch) : report;
    return edit?.(answer) ?? answer;
  }
}
