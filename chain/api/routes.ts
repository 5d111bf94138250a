/** The REST routes, derived from the annotations in the `.proto` texts. */
import type { Descriptors, HttpMethod, MethodDescription } from '../descriptors/index.ts';
import { type PathPattern, parsePathTemplate } from './pathTemplate.ts';

export interface RestRoute {
  readonly method: HttpMethod;
  /** The template of the `.proto` text. */
  readonly template: string;
  readonly path: PathPattern;
  /** `*`, a field, or empty for a request without body. */
  readonly body: string;
  readonly rpc: MethodDescription;
}

/**
 * One route for every HTTP binding of the methods that are served, ordered by template. When two bindings share a
 * pattern the later one is kept, as grpc-gateway does (auth's `bech32/{…}` is declared twice).
 * @param served paths such as `/cosmos.bank.v1beta1.Query/Balance`
 * @throws Error naming a served path that no service declares.
 */
export function restRoutes(descriptors: Descriptors, served: ReadonlySet<string>): RestRoute[] {
  const routes = new Map<string, RestRoute>();
  const unknown = new Set(served);
  for (const service of descriptors.services()) {
    for (const rpc of service.methods) {
      unknown.delete(rpc.path);
      if (!served.has(rpc.path) || rpc.http === undefined) continue;
      for (const { method, path, body } of [rpc.http, ...rpc.http.additional]) {
        const pattern = parsePathTemplate(path);
        const route = { method, template: path, path: pattern, body: body ?? '', rpc };
        routes.set(`${method} ${pattern.pattern}`, route);
      }
    }
  }
  for (const path of unknown) throw new Error(`${path}: no service declares this method`);
  return [...routes.values()].sort((a, b) => (a.template < b.template ? -1 : 1));
}
