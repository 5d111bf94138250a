/** Which messages and queries the chain's modules take, with what the `.proto` texts say of them. */
import type { Descriptors, MethodDescription } from '../../chain/descriptors/index.ts';
import { servedMethods } from './served.ts';

export interface ModuleMethods {
  readonly module: string;
  readonly methods: readonly MethodDescription[];
}

/** The methods of one kind of service, module by module in their order; modules without any are left out. */
export async function methodsOfModules(
  descriptors: Descriptors,
  kind: 'msg' | 'query',
): Promise<ModuleMethods[]> {
  const described = new Map(
    descriptors.services().flatMap(({ methods }) => methods.map((method) => [method.path, method])),
  );
  const served = await servedMethods();
  return served
    .map(({ module, [kind]: paths }) => ({
      module,
      methods: paths.map((path) => {
        const method = described.get(path);
        if (method === undefined) throw new Error(`${path}: no .proto text declares this method`);
        return method;
      }),
    }))
    .filter(({ methods }) => methods.length > 0);
}
