/** Which messages and queries the chain's modules take, with what the `.proto` texts say of them. */
import type { Descriptors, MethodDescription } from '../../chain/descriptors/index.ts';
import type { ServiceDefinition } from '../../chain/module/defineModule.ts';
import { MODULES } from '../../modules/app.ts';

export interface ModuleMethods {
  readonly module: string;
  readonly methods: readonly MethodDescription[];
}

/** The methods of one kind of service, module by module in their order; modules without any are left out. */
export function methodsOfModules(descriptors: Descriptors, kind: 'msg' | 'query'): ModuleMethods[] {
  const described = new Map(
    descriptors.services().flatMap(({ methods }) => methods.map((method) => [method.path, method])),
  );
  return MODULES.map(({ name, definition }) => ({
    module: name,
    methods: pathsOf(definition[kind]).map((path) => {
      const method = described.get(path);
      if (method === undefined) throw new Error(`${path}: no .proto text declares this method`);
      return method;
    }),
  })).filter(({ methods }) => methods.length > 0);
}

function pathsOf(service: ServiceDefinition | undefined): string[] {
  if (service === undefined) return [];
  return Object.values(service.methods).map(({ name }) => `/${service.fullName}/${name}`);
}
