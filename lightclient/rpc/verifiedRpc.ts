/** The RPC of a CometBFT node, answered from verified headers and proofs. */
import type { ProvenQueries } from '../../wire/provenQuery.ts';
import { readStrictly } from '../jsonRpc.ts';
import type { LightClient } from '../lightClient.ts';
import type { CallOptions } from '../lightClientOptions.ts';
import { unlessAborted } from '../orAborted.ts';
import { ProviderError } from '../provider.ts';
import { sdkQueries } from '../queries/index.ts';
import {
  type Handled,
  type Verification,
  type VerifiedAnswer,
  verificationText,
  verifiedHeader,
} from './answer.ts';
import { Arguments } from './arguments.ts';
import { chainMethods } from './chainMethods.ts';
import { nodeMethods } from './nodeMethods.ts';
import { isMarked, type UnprovenPolicy } from './policy.ts';
import { queryMethods } from './queryMethods.ts';
import { resultMethods } from './resultMethods.ts';
import type { Methods, Scope } from './scope.ts';

const METHODS: Methods = { ...chainMethods, ...queryMethods, ...resultMethods, ...nodeMethods };

/** How a verifying RPC works. */
export interface VerifiedRpcOptions {
  /** Its nodes have to pass on calls: HttpProvider does. */
  readonly client: LightClient;
  readonly unproven: UnprovenPolicy;
  /** @default sdkQueries: those of any SDK chain */
  readonly queries?: ProvenQueries | undefined;
}

/** There is no such method. */
export class UnknownMethodError extends Error {
  override readonly name = 'UnknownMethodError';
}

/**
 * Answers calls as a node would, but only with what is proven, or marked as not proven.
 *
 * @example
 * const rpc = new VerifiedRpc({ client, unproven: 'refuse' });
 * const { result, verification } = await rpc.call('block', { height: '5' });
 */
export class VerifiedRpc {
  readonly #client: LightClient;
  readonly #scope: Omit<Scope, 'chainId'>;

  constructor({ client, unproven, queries = sdkQueries }: VerifiedRpcOptions) {
    this.#client = client;
    this.#scope = {
      client,
      queries,
      ask: (method, params, read) => ask(client, { method, params }, read),
      keeps: (subject) => isMarked(unproven, subject),
    };
  }

  /** The methods that are served. */
  static get methods(): readonly string[] {
    return Object.keys(METHODS);
  }

  /** A method's parameters in their order, or undefined for an unknown one. */
  static paramsOf(method: string): readonly string[] | undefined {
    return Object.hasOwn(METHODS, method) ? METHODS[method]!.params : undefined;
  }

  /**
   * The answer of a method, in the JSON of CometBFT 0.38.
   * @throws UnknownMethodError; TypeError for wrong parameters; UnprovenError where the policy refuses.
   * @throws LightClientError and ProviderError as `LightClient.verifyToHeight`.
   */
  call(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
    { signal }: CallOptions = {},
  ): Promise<VerifiedAnswer> {
    return unlessAborted(() => this.#answer(method, params), signal);
  }

  async #answer(method: string, params: Readonly<Record<string, unknown>>) {
    if (!Object.hasOwn(METHODS, method)) {
      throw new UnknownMethodError(`method: ${method.slice(0, 60)} is not served`);
    }
    const { chainId } = await this.#client.status();
    const args = new Arguments(params);
    const handled = await METHODS[method]!.handle({ ...this.#scope, chainId }, args);
    const isQuery = method === 'abci_query';
    const verification = await this.#verification(isQuery ? args.text('path') : method, handled);
    return {
      result: isQuery ? withInfo(handled.result, verification) : handled.result,
      verification,
    };
  }

  async #verification(subject: string, handled: Handled): Promise<Verification> {
    const { witnesses, withoutWitnesses, expiresAt } = await this.#client.status();
    const { proven, unproven = [], height, header } = handled;
    return {
      subject,
      proven,
      unproven,
      height,
      header: header && verifiedHeader(header),
      trust: { witnesses, withoutWitnesses, expiresAt },
    };
  }
}

/** Answers of queries have room to say themselves how far they are proven: their `info`. */
function withInfo(result: unknown, verification: Verification): object {
  const { response } = result as { response?: object };
  return { response: { ...response, info: verificationText(verification) } };
}

/** What a node refuses is no reason to take another one: only what it fails to answer is. */
async function ask<T>(
  client: LightClient,
  { method, params }: { readonly method: string; readonly params: Arguments['values'] },
  read: (served: unknown) => T,
): Promise<T> {
  const answer = await client.withPrimary(async (node) => {
    if (node.call === undefined) {
      throw new ProviderError('notFound', 'this node passes on no calls');
    }
    try {
      const served = await node.call(method, params);
      return { result: readStrictly(() => read(served)) };
    } catch (error) {
      if (error instanceof ProviderError && error.isAnswer) return { error };
      throw error;
    }
  });
  if ('error' in answer) throw answer.error;
  return answer.result;
}
