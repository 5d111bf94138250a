/** Documentation pages derived from the same descriptors as the routes: an HTML index and OpenAPI. */
import type { Descriptors, FieldSchema } from '../descriptors/index.ts';
import type { RestRoute } from './routes.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}

/** A page with every route and the comment above it in the `.proto` text. */
export function indexPage(routes: readonly RestRoute[]): string {
  const rows = routes.map(
    ({ method, template, rpc }) =>
      `<tr><td>${method}</td><td><code>${escapeHtml(template)}</code></td>` +
      `<td>${escapeHtml(rpc.comment)}</td></tr>`,
  );
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>depind REST API</title>',
    '<style>body{font-family:sans-serif}td{padding:.2em .6em;vertical-align:top}</style>',
    '<h1>depind REST API</h1><p><a href="/openapi.json">OpenAPI description</a></p>',
    `<table>${rows.join('\n')}</table></html>`,
  ].join('\n');
}

/** OpenAPI 3.0: paths with their parameters; bodies and answers are described by message name. */
export function openApi(descriptors: Descriptors, routes: readonly RestRoute[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.template.replaceAll(/=\*\*?\}/g, '}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(descriptors, route) };
  }
  return { openapi: '3.0.3', info: { title: 'depind REST API', version: '1' }, paths };
}

function operation(descriptors: Descriptors, { path, body, rpc }: RestRoute): object {
  const inPath = path.captures.map(({ field }) => field);
  const required = inPath.map((name) => ({ name, in: 'path', required: true, schema: TEXT }));
  const optional = body === '*' ? [] : queryParameters(descriptors, rpc.requestType, inPath);
  const content = { 'application/json': { schema: { type: 'object' } } };
  return {
    operationId: rpc.path.slice(1).replace('/', '.'),
    description: rpc.comment,
    parameters: [...required, ...optional],
    ...(body === '' ? {} : { requestBody: { description: rpc.requestType, content } }),
    responses: { 200: { description: rpc.responseType, content } },
  };
}

const TEXT = { type: 'string' };

function queryParameters(
  descriptors: Descriptors,
  requestType: string,
  inPath: readonly string[],
): object[] {
  const parameters: object[] = [];
  for (const field of descriptors.schema(requestType).declared) {
    if (field.kind === 'message' && !field.repeated) {
      for (const inner of descriptors.schema(field.typeName).declared) {
        parameters.push(queryParameter(`${field.name}.${inner.name}`, inner));
      }
    } else if (!inPath.includes(field.name)) {
      parameters.push(queryParameter(field.name, field));
    }
  }
  return parameters;
}

function queryParameter(name: string, field: FieldSchema): object {
  const type = field.kind === 'bool' ? { type: 'boolean' } : TEXT;
  return { name, in: 'query', schema: field.repeated ? { type: 'array', items: type } : type };
}
