/** The modules of an application in their order, and the contexts in which their code runs. */
import type { Item } from '../state/collections.ts';
import { type Declaration, openState } from '../state/declarations.ts';
import { type AnyDefinition, type Module, tableError } from './defineModule.ts';
import { Bug, type ChainError } from './errors.ts';
import { makeEvent, typedEvent } from './events.ts';
import { attempt, type Frame } from './frame.ts';
import { lazyPrototype, type Makers } from './lazy.ts';
import { stepsFrom } from './migrations.ts';

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

  /** @throws TypeError when a name or store stands twice, or a module stands before one that it uses. */
  constructor(modules: readonly Module[]) {
    this.modules = modules;
    const names = new Set<string>();
    const stores = new Set<string>();
    for (const module of modules) {
      if (names.has(module.name)) throw new TypeError(`modules: ${module.name} stands twice`);
      if (stores.has(module.storeName)) {
        throw new TypeError(`modules: store ${module.storeName} of ${module.name} is taken`);
      }
      for (const used of Object.values(module.definition.uses ?? {})) {
        if (names.has(used.name)) continue;
        throw new TypeError(
          `modules: ${module.name} uses ${used.name}, which must stand before it`,
        );
      }
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
    const { api, views } = module.definition;
    return once(this.#apis, frame, module, () => ({
      ...views?.(this.view(module, frame)),
      ...api?.(this.context(module, frame)),
    })) as A & V;
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

  /**
   * Brings the state of a module from the version that the chain has to that of this program; a module that
   * the chain does not have starts with its default genesis.
   * @throws Bug when the chain has a version that this program does not know, or a new module names validators.
   */
  migrate(module: Module, from: bigint | undefined, frame: Frame): void {
    const { name, definition, storeName } = module;
    const context = this.context(module, frame) as object;
    if (from === undefined) {
      const updates = definition.genesis.init(
        context as never,
        definition.genesis.default as never,
      );
      if ((updates ?? []).length > 0) throw new Bug(`new module ${name} names validators`);
      return;
    }
    const open = (declaration: Declaration<unknown, unknown>): unknown =>
      declaration.open(frame.store(storeName));
    const migrating = Object.assign(Object.create(context) as object, { open });
    for (const version of stepsFrom(name, from, definition)) {
      definition.migrations[version]!(migrating as never);
    }
  }

  /**
   * The first invariant of a module that does not hold, its own or of an index of its state; undefined when all do.
   */
  brokenInvariant(module: Module, frame: Frame): string | undefined {
    const { definition, storeName } = module;
    const view = this.view(module, frame);
    for (const [name, holds] of Object.entries(definition.invariants ?? {})) {
      const verdict = holds(view);
      if (verdict !== true) return `${name}: ${verdict}`;
    }
    for (const [name, { invariant }] of Object.entries(definition.state)) {
      const verdict = invariant?.(frame.raw(storeName)) ?? true;
      if (verdict !== true) return `the indexes of ${name} agree with it: ${verdict}`;
    }
    return undefined;
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
      authority: ({ [FRAME]: frame }) => frame.environment.authority,
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
          void frame.events.push(makeEvent(type, attributes)),
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

function failuresOf(name: string, definition: AnyDefinition): object {
  return Object.fromEntries(
    Object.entries(definition.errors ?? {}).map(([key, entry]) => [
      key,
      (detail?: string) => tableError(name, entry, detail),
    ]),
  );
}

function emittersOf(definition: AnyDefinition, frame: Frame): object {
  return Object.fromEntries(
    Object.entries(definition.events ?? {}).map(([name, type]) => [
      name,
      (event: unknown) =>
        void frame.events.push(
          Array.isArray(type)
            ? makeEvent(
                name.replace(/[A-Z]/g, (l) => `_${l.toLowerCase()}`),
                event as never,
              )
            : typedEvent(type, event),
        ),
    ]),
  );
}
