/** Which module answers which message and which query, derived from the declarations. */
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import type { SignatureJob } from '../crypto/backend.ts';
import type { Descriptors } from '../descriptors/index.ts';
import type { Module } from '../module/defineModule.ts';
import { Bug, sdkError } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import type { ModuleSet } from '../module/moduleSet.ts';
import type { MessageCodec } from '../state/values.ts';

type Handler = (contextOrView: never, request: unknown) => unknown;

interface MessageRoute {
  readonly module: Module;
  /** The name under which the module declares the handler. */
  readonly method: string;
  readonly request: MessageCodec<unknown>;
  readonly response: MessageCodec<unknown>;
  readonly responseTypeUrl: string;
}

interface QueryRoute {
  readonly module: Module;
  readonly handler: Handler;
  readonly request: MessageCodec<unknown>;
  readonly response: MessageCodec<unknown>;
}

export class Router {
  readonly #modules: ModuleSet;
  readonly #messages = new Map<string, MessageRoute>();
  readonly #queries = new Map<string, QueryRoute>();

  constructor(modules: ModuleSet, descriptors: Descriptors) {
    this.#modules = modules;
    const types = new Map<string, { requestType: string; responseType: string }>();
    for (const service of descriptors.services()) {
      for (const method of service.methods)
        types.set(`/${service.fullName}/${method.name}`, method);
    }
    for (const module of modules.modules) {
      const { msg, messages, query, queries } = module.definition;
      for (const [name, method] of Object.entries(msg?.methods ?? {})) {
        const described = types.get(`/${msg!.fullName}/${method.name}`)!;
        if (messages?.[name] === undefined) throw new Bug(`${module.name}: no handler of ${name}`);
        this.#messages.set(`/${described.requestType}`, {
          module,
          method: name,
          request: method.requestType,
          response: method.responseType,
          responseTypeUrl: `/${described.responseType}`,
        });
      }
      for (const [name, method] of Object.entries(query?.methods ?? {})) {
        const path = `/${query!.fullName}/${method.name}`;
        const handler = queries?.[name] as Handler;
        const { requestType: request, responseType: response } = method;
        this.#queries.set(path, { module, handler, request, response });
      }
    }
  }

  /** Full paths of the queries that the application serves. */
  get queryPaths(): readonly string[] {
    return [...this.#queries.keys()];
  }

  /** Type URLs of the messages that the application takes. */
  get messageTypeUrls(): readonly string[] {
    return [...this.#messages.keys()];
  }

  /** @throws ChainError sdk/6 for a message without a handler. */
  checkRoute(typeUrl: string): void {
    this.#route(typeUrl);
  }

  /** The name of the module that answers a message. @throws ChainError sdk/6 for a message without a handler. */
  moduleOf(typeUrl: string): string {
    return this.#route(typeUrl).module.name;
  }

  /** Runs a message; gives its response as an Any. @throws ChainError sdk/6 for a message without a handler. */
  execute(frame: Frame, typeUrl: string, value: Uint8Array): Any {
    const route = this.#route(typeUrl);
    const request = route.request.decode(value);
    const response = this.#modules.send(route.module, route.method, { frame, request });
    return {
      typeUrl: route.responseTypeUrl,
      value: isEmpty(response) ? NO_BYTES : route.response.encode(response).finish(),
    };
  }

  #route(typeUrl: string): MessageRoute {
    const route = this.#messages.get(typeUrl);
    if (route !== undefined) return route;
    throw sdkError('unknownRequest', `no message handler found for ${typeUrl}`);
  }

  /** The signatures that a message will verify, as its module tells; gas is the frame's. */
  signatures(
    frame: Frame,
    { typeUrl, value }: { readonly typeUrl: string; readonly value: Uint8Array },
  ): readonly SignatureJob[] {
    const route = this.#messages.get(typeUrl);
    const signatures = route?.module.definition.signatures?.[route.method] as
      | ((view: never, request: unknown) => readonly SignatureJob[])
      | undefined;
    if (route === undefined || signatures === undefined) return [];
    return signatures(this.#modules.view(route.module, frame), route.request.decode(value));
  }

  /** Answers a query; undefined for an unknown path. @throws ChainError of the module, sdk/18 for malformed data. */
  query(frame: Frame, path: string, data: Uint8Array): Uint8Array | undefined {
    const route = this.#queries.get(path);
    if (route === undefined) return undefined;
    const request = decodeRequest(route.request, data, path);
    return route.response
      .encode(route.handler(this.#modules.view(route.module, frame), request))
      .finish();
  }
}

const NO_BYTES = new Uint8Array(0);

/** Most messages answer with a message without fields. */
const isEmpty = (response: unknown): boolean =>
  typeof response === 'object' && response !== null && Object.keys(response).length === 0;

/** The request of a query. @throws ChainError sdk/18 for bytes that are none. */
export function decodeRequest<T>(codec: MessageCodec<T>, data: Uint8Array, path: string): T {
  try {
    return codec.decode(data);
  } catch (error) {
    throw sdkError('invalidRequest', `${path}: malformed request: ${(error as Error).message}`);
  }
}
