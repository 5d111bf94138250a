/** Which methods the chain's modules serve, as they declare it: what the build writes down for `served.ts`. */
import type { ServiceDefinition } from '../../chain/module/defineModule.ts';
import { MODULES } from '../../modules/app.ts';
import type { Served } from './served.ts';

/** Of every module in their order the paths of its messages and queries. */
export function servedByModules(): readonly Served[] {
  return MODULES.map(({ name, definition }) => ({
    module: name,
    msg: pathsOf(definition.msg),
    query: pathsOf(definition.query),
  }));
}

function pathsOf(service: ServiceDefinition | undefined): string[] {
  if (service === undefined) return [];
  return Object.values(service.methods).map(({ name }) => `/${service.fullName}/${name}`);
}
