/** The little of Node that the examples use. */
declare module 'node:fs' {
  export function readFileSync(path: URL | string, encoding: 'utf8'): string;
}
declare const process: { readonly argv: readonly string[]; exitCode: number };
