/** The modules of an application in their order, and the contexts in which their code runs. */
import type { Item } from '../state/collections.ts';
import { openState } from '../state/declarations.ts';
import { checkSynchronous } from './checkSynchronous.ts';
import type { Module } from './defineModule.ts';
import { emittersOf } from './emitters.ts';
import { Bug, type ChainError } from './errors.ts';
import { failuresOf } from './failures.ts';
import { attempt, type Frame } from './frame.ts';
import { lazyPrototype, type Makers } from './lazy.ts';

type AnyFunction = (...parameters: unknown[]) => unknown;

interface Call {
  readonly frame: Frame;
  readonly request: unknown;
}

/** A name that nothing in a context has. */
const FRAME = Symbol('frame');

/** What a context or view is made of: its frame; all else hangs on the prototype of its module. */
interface Scope {
  readonly [FRAME]: Frame;
}

/** The prototypes of one module, made once. */
interface Prototypes {
  readonly context: object;
  readonly view: object;
}

type PerFrame = WeakMap<Frame, Map<string, object>>;

/** Code of modules is called through here; the engine holds their types only as `never`. */
export class ModuleSet {
  readonly modules: readonly Module[];
  readonly #prototypes: ReadonlyMap<Module, Prototypes>;
  readonly #contexts: PerFrame = new WeakMap();
  readonly #views: PerFrame = new WeakMap();
  readonly #apis: PerFrame = new WeakMap();
  /** Modules whose offers were looked at: they are the same functions in every frame. */
  readonly #synchronous = new Set<Module>();

  /** @throws TypeError when a name or store stands twice, or a module does not stand behind the ones that it uses. */
  constructor(modules: readonly Module[]) {
    this.modules = modules;
    const names = new Set<string>();
    const stores = new Set<string>();
    const before = new Set<Module>();
    for (const module of modules) {
      if (names.has(module.name)) throw new TypeError(`modules: ${module.name} stands twice`);
      if (stores.has(module.storeName)) {
        throw new TypeError(`modules: store ${module.storeName} of ${module.name} is taken`);
      }
      for (const used of Object.values(module.definition.uses ?? {})) {
        if (before.has(used)) continue;
        const wrong = names.has(used.name)
          ? `another ${used.name} than the one that stands here`
          : `${used.name}, which must stand before it`;
        throw new TypeError(`modules: ${module.name} uses ${wrong}`);
      }
      before.add(module);
      names.add(module.name);
      stores.add(module.storeName);
    }
    this.#prototypes = new Map(modules.map((module) => [module, this.#prototypesOf(module)]));
  }

  get storeNames(): readonly string[] {
    return this.modules.map((module) => module.storeName);
  }

  /** What messages and hooks of the module see in this frame. */
  context(module: Module, frame: Frame): never {
    return once(this.#contexts, frame, module, () =>
      this.#scope(module, 'context', frame),
    ) as never;
  }

  /** What queries of the module see in this frame. */
  view(module: Module, frame: Frame): never {
    return once(this.#views, frame, module, () => this.#scope(module, 'view', frame)) as never;
  }

  /** What the module offers to messages of others, in this frame. */
  api<A, V>(module: Module<A, V>, frame: Frame): A & V {
    return once(this.#apis, frame, module, () => this.#offersOf(module, frame)) as A & V;
  }

  /** @throws TypeError when one of the functions is async: what follows an `await` would run when the block is over. */
  #offersOf(module: Module, frame: Frame): object {
    const { api, views } = module.definition;
    // Made by spreading, that of each frame has a hidden class of its own, for which V8 compiles the hot path again.
    const offers: object = Object.assign(
      {},
      views?.(this.view(module, frame)),
      api?.(this.context(module, frame)),
    );
    if (!this.#synchronous.has(module)) checkSynchronous(`${module.name}.api`, offers);
    this.#synchronous.add(module);
    return offers;
  }

  /** Runs a handler; its declared gas is paid first. */
  send(module: Module, method: string, { frame, request }: Call): unknown {
    const { gas, messages } = module.definition;
    const surcharge = gas?.[method];
    if (surcharge !== undefined) frame.gas.consume(surcharge, `${module.name}.${method}`);
    const handler = messages?.[method] as AnyFunction | undefined;
    if (handler === undefined) throw new Bug(`${module.name} has no message ${method}`);
    return handler(this.context(module, frame), request);
  }

  #scope(module: Module, kind: keyof Prototypes, frame: Frame): object {
    const prototypes = this.#prototypes.get(module);
    if (prototypes === undefined) throw new Bug(`module ${module.name} is not of this application`);
    return Object.assign(Object.create(prototypes[kind]) as object, {
      [FRAME]: frame,
    } satisfies Scope);
  }

  #prototypesOf(module: Module): Prototypes {
    const shared = this.#sharedMakers(module);
    const offers = (of: (used: Module, frame: Frame) => object): Makers<Scope> =>
      Object.fromEntries(
        Object.entries(module.definition.uses ?? {}).map(([name, used]) => [
          name,
          ({ [FRAME]: frame }: Scope) => of(used, frame),
        ]),
      );
    const views = offers((used, frame) => used.definition.views?.(this.view(used, frame)) ?? {});
    const apis = offers((used, frame) => this.api(used, frame) as object);
    return {
      view: withParams(module, {
        ...shared,
        ...views,
        archived:
          ({ [FRAME]: frame }) =>
          (key: Uint8Array) =>
            frame.archive.get(key),
      }),
      context: withParams(module, { ...shared, ...apis, ...this.#contextMakers(module) }),
    };
  }

  #sharedMakers({ name, storeName, definition }: Module): Makers<Scope> {
    const failures = failuresOf(name, definition);
    return {
      chainId: ({ [FRAME]: frame }) => frame.block.chainId,
      height: ({ [FRAME]: frame }) => frame.block.height,
      timeNs: ({ [FRAME]: frame }) => frame.block.timeNs,
      proposerAddress: ({ [FRAME]: frame }) => frame.block.proposerAddress,
      addresses: ({ [FRAME]: frame }) => frame.environment.addresses,
      verifier: ({ [FRAME]: frame }) => frame.environment.verifier,
      denom: ({ [FRAME]: frame }) => frame.environment.denom,
      state: ({ [FRAME]: frame }) => openState(definition.state, frame.store(storeName)),
      fail: () => failures,
    };
  }

  #contextMakers(module: Module): Makers<Scope> {
    const { definition, storeName } = module;
    return {
      emit: ({ [FRAME]: frame }) => emittersOf(definition, frame),
      hooks: ({ [FRAME]: frame }) => this.#hooksOf(module, frame),
      setParams:
        ({ [FRAME]: frame }) =>
        (params: unknown) => {
          definition.params?.check?.(params as never);
          definition.paramsItem?.open(frame.store(storeName) as never).set(params);
        },
      consumeGas:
        ({ [FRAME]: frame }) =>
        (amount: bigint, operation: string) =>
          frame.gas.consume(amount, operation),
      attempt:
        ({ [FRAME]: frame }) =>
        (action: (context: unknown) => void): ChainError | undefined =>
          attempt(frame, () => action(this.context(module, frame))),
      archive:
        ({ [FRAME]: frame }) =>
        (key: Uint8Array, value: Uint8Array) =>
          frame.archive.put(key, value),
      emitRaw:
        ({ [FRAME]: frame }) =>
        (type: string, attributes: Record<string, string>) =>
          frame.emit(type, attributes),
    };
  }

  /** For every hook of the module a function that calls its listeners in module order. */
  #hooksOf(module: Module, frame: Frame): object {
    return new Proxy(
      {},
      {
        get: (_target, name) => {
          if (typeof name !== 'string') throw new Bug('hooks are named by text');
          return (...parameters: unknown[]) =>
            this.modules.flatMap((listener) => {
              const answer = listenerOf(listener, module, name);
              return answer ? [answer(this.context(listener, frame), ...parameters)] : [];
            });
        },
      },
    );
  }
}

/** What was made for the module in this frame, or makes it. */
function once(cache: PerFrame, frame: Frame, module: Module, make: () => object): object {
  let made = cache.get(frame);
  if (made === undefined) {
    made = new Map();
    cache.set(frame, made);
  }
  let value = made.get(module.name);
  if (value === undefined) {
    value = make();
    made.set(module.name, value);
  }
  return value;
}

/** Parameters are read each time: the same code may have set them. */
function withParams({ storeName, definition }: Module, makers: Makers<Scope>): object {
  const opened = Symbol('params');
  return Object.defineProperty(lazyPrototype(makers), 'params', {
    get(this: Scope & { [opened]?: Item<unknown> | undefined }) {
      this[opened] ??= definition.paramsItem?.open(this[FRAME].store(storeName) as never);
      return this[opened]?.must();
    },
  });
}

function listenerOf(listener: Module, source: Module, hook: string): AnyFunction | undefined {
  const { on, uses } = listener.definition;
  for (const [name, answers] of Object.entries(on ?? {})) {
    if (uses?.[name]?.name === source.name) return answers[hook] as AnyFunction | undefined;
  }
  return undefined;
}
