/** Which messages a simulation makes, and how often. */
import type { Descriptors } from '../chain/descriptors/index.ts';
import type { Module } from '../chain/module/defineModule.ts';
import type { MessageMaker } from '../chain/testing/simulation.ts';
import type { Composition } from './composition.ts';
import { AUTHORITY, type FieldValues, type Generator } from './generator.ts';

/** Share of messages that are made of the modules that the chosen one uses. */
const USED_WEIGHT = 0.3;
/** Share of those of modules that know how to make messages of the chosen one. */
const SERVING_WEIGHT = 0.3;
/** Share of messages by which the authority changes how the chain works. */
const GOVERNED = 0.1;
/** Share of generated messages of a type that a module makes itself. */
const BESIDE_MAKER = 0.1;

/** A message type of a module. */
export interface MessageType {
  readonly module: string;
  /** Full name. */
  readonly name: string;
}

/** The message types that the modules take, in module order. */
export function messageTypes(modules: readonly Module[], descriptors: Descriptors): MessageType[] {
  const services = new Map(descriptors.services().map((service) => [service.fullName, service]));
  return modules.flatMap(({ name: module, definition }) => {
    const described = services.get(definition.msg?.fullName ?? '')?.methods ?? [];
    const served = new Set(Object.values(definition.msg?.methods ?? {}).map(({ name }) => name));
    return described
      .filter((method) => served.has(method.name))
      .map(({ requestType }) => ({ module, name: requestType }));
  });
}

export interface MakerParts {
  readonly types: readonly MessageType[];
  readonly generator: Generator;
  readonly descriptors: Descriptors;
  /** Name of the module whose messages are wanted, with those of the modules that it uses. */
  readonly only?: string;
}

/**
 * The makers of messages of one module and of those that it uses, or of all modules.
 * @throws RangeError for a module that is not there.
 */
export function makersFor(
  composition: Composition,
  { types, generator, descriptors, only }: MakerParts,
): readonly MessageMaker[] {
  const weights = moduleWeights(composition, types, only);
  const makers: MessageMaker[] = [];
  const made = new Set<string>();
  for (const [module, weight] of weights) {
    for (const maker of composition.simulations.get(module)?.makers ?? []) {
      makers.push({ ...maker, weight: maker.weight * weight });
      for (const type of maker.makes) made.add(type);
    }
  }
  const shareOf = (name: string): number => {
    if (made.has(name)) return BESIDE_MAKER;
    return descriptors.signerFields(name).includes(AUTHORITY) ? GOVERNED : 1;
  };
  for (const { module, name } of types) {
    const weight = weights.get(module) ?? 0;
    if (weight === 0) continue;
    makers.push({
      makes: [name],
      weight: weight * shareOf(name),
      make: (world) => generator.message(world, name),
    });
  }
  return makers;
}

function moduleWeights(
  { modules, simulations }: Composition,
  types: readonly MessageType[],
  only?: string,
): ReadonlyMap<string, number> {
  if (only === undefined) return new Map(modules.map(({ name }) => [name, 1]));
  const chosen = modules.find(({ name }) => name === only);
  if (chosen === undefined) {
    const names = modules.map(({ name }) => name).join(', ');
    throw new RangeError(`--module: expected one of ${names}, got "${only}"`);
  }
  const weights = new Map<string, number>();
  const visit = (module: Module, weight: number): void => {
    if (weights.has(module.name)) return;
    weights.set(module.name, weight);
    for (const used of Object.values(module.definition.uses ?? {})) visit(used, USED_WEIGHT);
  };
  visit(chosen, 1);
  const own = new Set(types.filter(({ module }) => module === only).map(({ name }) => name));
  for (const module of modules) {
    const makers = simulations.get(module.name)?.makers ?? [];
    const serves = makers.some(({ makes }) => makes.some((name) => own.has(name)));
    if (serves) visit(module, SERVING_WEIGHT);
  }
  return weights;
}

/** What the modules know of fields, by the module of a message. */
export function fieldValuesOf(
  composition: Composition,
  types: readonly MessageType[],
): FieldValues {
  const moduleOf = new Map(
    types.map(({ module, name }) => [name.slice(name.lastIndexOf('.') + 1), module]),
  );
  return (message, field) => {
    const fields = composition.simulations.get(moduleOf.get(message) ?? '')?.fields;
    return fields?.[`${message}.${field}`] ?? fields?.[field];
  };
}
