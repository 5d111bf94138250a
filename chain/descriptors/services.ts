/** Services as the `.proto` texts declare them, with their REST routes and documentation. */
import type protobuf from 'protobufjs';
import { optionOf, propertyOf } from './options.ts';
import { protobufjs } from './protobufjs.ts';

const HTTP_METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One way to reach a method by HTTP, from `google.api.http`. */
export interface HttpBinding {
  readonly method: HttpMethod;
  /** Template such as `/cosmos/bank/v1beta1/balances/{address}`. */
  readonly path: string;
  /** `*` when the whole request is the body, or the field that is. Absent: no body. */
  readonly body?: string;
}

export interface HttpRule extends HttpBinding {
  readonly additional: readonly HttpBinding[];
}

export interface MethodDescription {
  readonly name: string;
  /** `/package.Service/Method`: the path of its ABCI query. */
  readonly path: string;
  /** Full names without a leading dot. */
  readonly requestType: string;
  readonly responseType: string;
  readonly http?: HttpRule;
  /** The comment above it in the `.proto` text, may be empty. */
  readonly comment: string;
}

export interface ServiceDescription {
  readonly fullName: string;
  readonly methods: readonly MethodDescription[];
}

/** All services below a namespace, ordered by full name. */
export function describeServices(root: protobuf.NamespaceBase): ServiceDescription[] {
  const { Namespace, Service } = protobufjs();
  const found: ServiceDescription[] = [];
  const visit = (namespace: protobuf.NamespaceBase): void => {
    for (const nested of namespace.nestedArray) {
      if (nested instanceof Service) found.push(describeService(nested));
      else if (nested instanceof Namespace) visit(nested);
    }
  };
  visit(root);
  return found.sort((a, b) => (a.fullName < b.fullName ? -1 : 1));
}

function describeService(service: protobuf.Service): ServiceDescription {
  const fullName = nameOf(service);
  return { fullName, methods: service.methodsArray.map((m) => describeMethod(fullName, m)) };
}

function describeMethod(service: string, method: protobuf.Method): MethodDescription {
  method.resolve();
  const { resolvedRequestType, resolvedResponseType } = method;
  if (!resolvedRequestType || !resolvedResponseType) {
    throw new Error(`${service}.${method.name}: request or response type is unknown`);
  }
  const rule = optionOf(method, 'google.api.http');
  return {
    name: method.name,
    path: `/${service}/${method.name}`,
    requestType: nameOf(resolvedRequestType),
    responseType: nameOf(resolvedResponseType),
    ...(rule === undefined ? {} : { http: httpRule(rule, `${service}.${method.name}`) }),
    comment: method.comment ?? '',
  };
}

function httpRule(rule: unknown, title: string): HttpRule {
  const more = propertyOf(rule, 'additional_bindings');
  const additional = more === undefined ? [] : Array.isArray(more) ? more : [more];
  return {
    ...httpBinding(rule, title),
    additional: additional.map((binding) => httpBinding(binding, title)),
  };
}

function httpBinding(rule: unknown, title: string): HttpBinding {
  const body = propertyOf(rule, 'body');
  for (const verb of HTTP_METHODS) {
    const path = propertyOf(rule, verb);
    if (typeof path !== 'string') continue;
    const method = verb.toUpperCase() as HttpMethod;
    return { method, path, ...(typeof body === 'string' && body !== '' ? { body } : {}) };
  }
  throw new Error(`${title}: google.api.http names no method and path`);
}

/** The full name without the dot that protobufjs puts before it. */
export function nameOf(object: protobuf.ReflectionObject): string {
  return object.fullName.replace(/^\./, '');
}
