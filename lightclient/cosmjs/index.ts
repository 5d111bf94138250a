/**
 * Verified CosmJS: a CometClient that StargateClient and SigningStargateClient take as it is, and whose answers are
 * proven under headers that a light client has verified. Needs @cosmjs/tendermint-rpc.
 * @module
 * @example
 * const comet = await connectVerified({
 *   chainId, trust, unproven: 'refuse',
 *   primary: 'http://a.example:26657', witnesses: ['http://b.example:26657'],
 * });
 * const client = await StargateClient.create(comet);
 * const { value, verifications } = await comet.explain(() => client.getBalance(address, 'udepin'));
 */
import { Comet38Client, type RpcClient } from '@cosmjs/tendermint-rpc';
import type { ProvenQueries } from '../../wire/provenQuery.ts';
import { HttpProvider } from '../httpProvider.ts';
import type { Fetch } from '../jsonRpc.ts';
import { LightClient } from '../lightClient.ts';
import type { CallOptions, LightClientOptions } from '../lightClientOptions.ts';
import { unlessAborted } from '../orAborted.ts';
import type { Verification } from '../rpc/answer.ts';
import type { UnprovenPolicy } from '../rpc/policy.ts';
import { VerifiedRpc } from '../rpc/verifiedRpc.ts';

export { sdkQueries } from '../queries/index.ts';
export { UnprovenError, type UnprovenPolicy, type Verification } from '../rpc/index.ts';

/** As a LightClient, with nodes by their URLs, and a policy for what cannot be proven. */
export interface ConnectVerifiedOptions extends Omit<LightClientOptions, 'primary' | 'witnesses'> {
  /** RPC of the node that is asked first. */
  readonly primary: string;
  /** RPCs of other operators' nodes, which confirm headers. Empty only with `withoutWitnesses: true`. */
  readonly witnesses: readonly string[];
  readonly unproven: UnprovenPolicy;
  /** @default sdkQueries: accounts, balances, supply, validators and delegations of any SDK chain */
  readonly queries?: ProvenQueries | undefined;
  /** For one answer, in milliseconds. @default 5000 */
  readonly timeoutMs?: number | undefined;
  /** @default the global fetch */
  readonly fetch?: Fetch | undefined;
}

/** What was answered, and how far all that was asked meanwhile is proven. */
export interface Explained<T> {
  readonly value: T;
  /** In the order of the answers; of several calls at once, those of all of them. */
  readonly verifications: readonly Verification[];
}

/** A CometClient of CosmJS that verifies. */
export type VerifiedCometClient = Comet38Client & {
  /** What is trusted, and who is asked. */
  readonly lightClient: LightClient;
  /** Does work with clients over this one, and tells how far its answers are proven. */
  readonly explain: <T>(work: () => Promise<T>, options?: CallOptions) => Promise<Explained<T>>;
  /** Calls back for every answer from now on, until the function that it returns is called. */
  readonly onAnswer: (listener: (verification: Verification) => void) => () => void;
};

/**
 * Connects to a chain, trusting one header.
 * @throws TypeError for options that make no sense; LightClientError and ProviderError as LightClient.create.
 */
export async function connectVerified(
  options: ConnectVerifiedOptions,
  call: CallOptions = {},
): Promise<VerifiedCometClient> {
  const { chainId, unproven, queries, timeoutMs, fetch, primary, witnesses, ...rest } = options;
  const provider = (url: string) => new HttpProvider({ url, chainId, timeoutMs, fetch });
  const nodes = { primary: provider(primary), witnesses: witnesses.map(provider) };
  const lightClient = await LightClient.create({ ...rest, chainId, ...nodes }, call);
  const rpc = new VerifiedRpc({ client: lightClient, unproven, queries });
  const listeners = new Set<(verification: Verification) => void>();
  const comet = Comet38Client.create(rpcClientOf(rpc, listeners));
  const onAnswer: VerifiedCometClient['onAnswer'] = (listener) => {
    // One function may listen twice: each registration is its own.
    const own = (verification: Verification): void => listener(verification);
    listeners.add(own);
    return () => void listeners.delete(own);
  };
  const explain: VerifiedCometClient['explain'] = async (work, { signal } = {}) => {
    const verifications: Verification[] = [];
    const stop = onAnswer((verification) => void verifications.push(verification));
    try {
      return { value: await unlessAborted(work, signal), verifications };
    } finally {
      stop();
    }
  };
  return Object.assign(comet, { lightClient, onAnswer, explain });
}

/** CosmJS' own transport, over verified answers. */
function rpcClientOf(
  rpc: VerifiedRpc,
  listeners: ReadonlySet<(verification: Verification) => void>,
): RpcClient {
  return {
    async execute({ id, method, params }) {
      const { result, verification } = await rpc.call(method, params as Record<string, unknown>);
      for (const listener of listeners) listener(verification);
      return { jsonrpc: '2.0', id, result };
    },
    disconnect: () => undefined,
  };
}
