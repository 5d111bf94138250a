/** What validators of the kvstore chain would sign if they attacked light clients: their keys are known here. */
import {
  type EvidenceReceiver,
  fetchLightBlock,
  type HttpProvider,
  type LightBlock,
  type LightClient,
  type Provider,
} from '../lightclient/index.ts';
import { VerifiedRpc } from '../lightclient/rpc/index.ts';
import { inOrder, type Signer, signCommit, signersOf } from '../lightclient/testing/chain.ts';
import { sha256 } from '../wire/hash.ts';
import type { Header } from '../wire/types.ts';

/** What stands in the header instead of the truth. */
export const ATTACKS = {
  lunatic: { appHash: new Uint8Array(8).fill(7) },
  equivocation: { dataHash: sha256(new Uint8Array(1)) },
} as const satisfies Record<string, Partial<Header>>;

/** As keyOf of interop/kvchain makes them: the secret is the hash of the name and the number. */
function signersOfBlock({ validators }: LightBlock): Signer[] {
  const powers = validators.map(({ votingPower }) => votingPower);
  return inOrder(signersOf('kvchain validator', powers));
}

/** A block like that of the chain at a height, signed by the same validators, whose header says something else. */
export async function forge(node: Provider, height: bigint, lie: Partial<Header>) {
  const block = await fetchLightBlock(node, height);
  const header = { ...block.signedHeader.header, ...lie };
  const commit = signCommit(header, signersOfBlock(block));
  return { ...block, signedHeader: { header, commit } };
}

/** Shows the chain of an honest node, but for one block. It takes what it is told. */
export class AttackingNode implements Provider, EvidenceReceiver {
  readonly #honest: HttpProvider;
  readonly #forged: LightBlock;

  constructor(honest: HttpProvider, forged: LightBlock) {
    this.#honest = honest;
    this.#forged = forged;
  }

  async signedHeader(height?: bigint) {
    const { signedHeader } = this.#forged;
    return height === signedHeader.header.height ? signedHeader : this.#honest.signedHeader(height);
  }

  validators(height: bigint) {
    return this.#honest.validators(height);
  }

  abciQuery(query: Parameters<Provider['abciQuery']>[0]) {
    return this.#honest.abciQuery(query);
  }

  status() {
    return this.#honest.status();
  }

  async reportEvidence(): Promise<void> {}
}

/** What the RPC says of a block's evidence. */
export interface ServedBlock {
  readonly block: { readonly evidence: { readonly evidence: readonly unknown[] } };
}

/** The first block above a height that has evidence, verified, in the JSON of the RPC. */
export async function untilTaken(client: LightClient, above: bigint) {
  const rpc = new VerifiedRpc({ client, unproven: 'refuse' });
  for (let height = above + 1n; height < above + 60n; ) {
    const { header } = (await client.update()).signedHeader;
    for (; height <= header.height; height++) {
      const { block } = (await rpc.call('block', { height: `${height}` })).result as ServedBlock;
      const { evidence } = block.evidence;
      if (evidence.length > 0) return { height: `${height}`, block, evidence };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no block has evidence in 60 above height ${above}`);
}
