/** The modules of an application in their order, and the contexts in which their code runs. */
import { openState } from '../state/declarations.ts';
import { type AnyDefinition, type Module, tableError } from './defineModule.ts';
import { Bug, type ChainError } from './errors.ts';
import { eventType, makeEvent } from './events.ts';
import { attempt, type Frame } from './frame.ts';

type AnyFunction = (...parameters: unknown[]) => unknown;

/** Code of modules is called through here; the engine holds their types only as `never`. */
export class ModuleSet {
  readonly modules: readonly Module[];
  /** What each module throws; the same in all frames. */
  readonly #failures: ReadonlyMap<Module, object>;
  readonly #contexts = new WeakMap<Frame, Map<string, object>>();
  readonly #views = new WeakMap<Frame, Map<string, object>>();

  /** @throws TypeError when a name or store stands twice, or a module stands before one that it uses. */
  constructor(modules: readonly Module[]) {
    this.modules = modules;
    this.#failures = new Map(
      modules.map((module) => [module, failuresOf(module.name, module.definition)]),
    );
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
  }

  get storeNames(): readonly string[] {
    return this.modules.map((module) => module.storeName);
  }

  /** What messages and hooks of the module see in this frame. */
  context(module: Module, frame: Frame): never {
    return this.#once(this.#contexts, frame, module, () =>
      this.#makeContext(module, frame),
    ) as never;
  }

  /** What queries of the module see in this frame. */
  view(module: Module, frame: Frame): never {
    return this.#once(this.#views, frame, module, () => this.#makeView(module, frame)) as never;
  }

  /** What the module offers to messages of others, in this frame. */
  api<A, V>(module: Module<A, V>, frame: Frame): A & V {
    const { api, views } = module.definition;
    return {
      ...views?.(this.view(module, frame)),
      ...api?.(this.context(module, frame)),
    } as A & V;
  }

  #once(
    cache: WeakMap<Frame, Map<string, object>>,
    frame: Frame,
    module: Module,
    make: () => object,
  ): object {
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

  #makeBase(module: Module, frame: Frame): object {
    const { definition } = module;
    const store = frame.store(module.storeName);
    const base = {
      ...frame.block,
      ...frame.environment,
      state: openState(definition.state, store),
      fail: this.#failures.get(module),
    };
    Object.defineProperty(base, 'params', {
      get: () => definition.paramsItem?.open(store as never).must(),
    });
    return base;
  }

  #makeView(module: Module, frame: Frame): object {
    const view = Object.assign(this.#makeBase(module, frame), {
      archived: (key: Uint8Array) => frame.archive.get(key),
    });
    this.#addUses(
      view,
      module.definition,
      (used) => (used.definition.views?.(this.view(used, frame)) ?? {}) as object,
    );
    return view;
  }

  #makeContext(module: Module, frame: Frame): object {
    const { definition } = module;
    const context = Object.assign(this.#makeBase(module, frame), {
      emit: emittersOf(definition, frame),
      hooks: this.#hooksOf(module, frame),
      setParams: (params: unknown) =>
        definition.paramsItem?.open(frame.store(module.storeName) as never).set(params),
      consumeGas: (amount: bigint, operation: string) => frame.gas.consume(amount, operation),
      attempt: (action: (context: unknown) => void): ChainError | undefined =>
        attempt(frame, (branch) => action(this.context(module, branch))),
      archive: (key: Uint8Array, value: Uint8Array) => frame.archive.put(key, value),
      emitRaw: (type: string, attributes: Record<string, string>) =>
        void frame.events.push(makeEvent(type, attributes)),
    });
    this.#addUses(context, definition, (used) => this.api(used, frame) as object);
    return context;
  }

  #addUses(target: object, definition: AnyDefinition, offer: (used: Module) => object): void {
    for (const [name, used] of Object.entries(definition.uses ?? {})) {
      let offered: object | undefined;
      Object.defineProperty(target, name, {
        get() {
          offered ??= offer(used);
          return offered;
        },
      });
    }
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
    Object.entries(definition.events ?? {}).map(([name, keys]) => [
      name,
      (attributes: Record<string, string>) => {
        const ordered = Object.fromEntries(keys.map((key) => [key, attributes[key] ?? '']));
        frame.events.push(makeEvent(eventType(name), ordered));
      },
    ]),
  );
}
