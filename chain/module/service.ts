/** Services as generated from `.proto` texts, and the handlers that answer their methods. */
import type { MessageCodec } from '../state/values.ts';

// biome-ignore-start lint/suspicious/noExplicitAny: the bounds of inferred type parameters; every use is inferred.
/** A service as ts-proto generates it (outputServices=generic-definitions). */
export interface ServiceDefinition {
  readonly fullName: string;
  readonly methods: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly requestType: MessageCodec<any>;
        readonly responseType: MessageCodec<any>;
      }
    >
  >;
}

/** What a generated type decodes to. */
export type TypeOf<C> = C extends { decode(input: any, length?: number): infer T } ? T : never;
// biome-ignore-end lint/suspicious/noExplicitAny: as above.

/** One handler for every method of a service. */
export type Handlers<D extends ServiceDefinition, C> = {
  readonly [M in keyof D['methods']]: (
    context: C,
    request: TypeOf<D['methods'][M]['requestType']>,
  ) => TypeOf<D['methods'][M]['responseType']> & NotAwaited;
};

/** No promise: without it a response that has no fields would take one. */
interface NotAwaited {
  readonly then?: never;
}

/** A module that declares neither messages nor queries uses a service without methods. */
export const NO_SERVICE = { fullName: '', methods: {} } as const satisfies ServiceDefinition;

/** The named methods of a service: what a module serves when it does not serve all of it. */
export function only<D extends ServiceDefinition, N extends keyof D['methods']>(
  service: D,
  ...names: readonly N[]
): { readonly fullName: string; readonly methods: Pick<D['methods'], N> } {
  const methods = Object.fromEntries(names.map((name) => [name, service.methods[name as string]]));
  return { fullName: service.fullName, methods: methods as unknown as Pick<D['methods'], N> };
}
