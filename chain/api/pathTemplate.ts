/** Path templates of `google.api.http` as patterns of the router. */

export interface PathPattern {
  /** With `:p0`, `:p1` … for one segment and a final `*` for all that is left. */
  readonly pattern: string;
  /** The field that each captured part fills, such as `pagination.limit`. */
  readonly captures: readonly { readonly key: string; readonly field: string }[];
}

const LITERAL = /^[A-Za-z0-9_.~-]+$/;
const CAPTURE = /^\{([a-z_][a-z0-9_.]*)(?:=(\*\*?))?\}$/;

/**
 * Understands literals, `{field}`, `{field=*}` and, at the end, `{field=**}` which takes slashes too.
 * @throws Error naming the template for anything else.
 */
export function parsePathTemplate(template: string): PathPattern {
  if (!template.startsWith('/'))
    throw new Error(`path template ${template}: expected a leading "/"`);
  const segments = template.slice(1).split('/');
  const captures: { key: string; field: string }[] = [];
  const parts = segments.map((segment, index) => {
    if (LITERAL.test(segment)) return segment;
    const [, field, wildcard] = CAPTURE.exec(segment) ?? [];
    const last = index === segments.length - 1;
    if (field === undefined || (wildcard === '**' && !last)) {
      throw new Error(`path template ${template}: segment ${segment} is not supported`);
    }
    const key = wildcard === '**' ? '*' : `p${index}`;
    captures.push({ key, field });
    return key === '*' ? '*' : `:${key}`;
  });
  return { pattern: `/${parts.join('/')}`, captures };
}
