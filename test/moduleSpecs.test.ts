import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Descriptors } from '../chain/descriptors/index.ts';
import type { AnyDefinition } from '../chain/module/defineModule.ts';
import { MODULES } from '../modules/app.ts';

const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const spec = (module: string): string =>
  readFileSync(new URL(`../modules/${module}/README.md`, import.meta.url), 'utf8');
/** The lines of a specification without the separators of thousands. */
const lines = (module: string): string[] =>
  spec(module)
    .replace(/(\d),(?=\d{3})/g, '$1')
    .split('\n');

/** Rows of a table whose first column holds the name. */
const rowsOf = (module: string, name: string): string[] =>
  lines(module).filter(
    (line) => line.startsWith('|') && line.split('|')[1]?.includes(`\`${name}\``),
  );

/** What the SDK fixes is told in words: its events, and parameters of times and lists. */
const TOLD_IN_WORDS: readonly string[] = ['bank', 'auth', 'staking'];

describe('the specification of a module', () => {
  for (const { name, definition } of MODULES) {
    it(`${name}: names its errors with their codes and words, and no others`, () => {
      const declared = Object.values((definition as AnyDefinition).errors ?? {});
      const rows = lines(name).flatMap((line) => {
        const [, code, words] = /^\| (?:\w+\/)?(\d+) +\| ([a-z][^|]*\S) +\|$/.exec(line) ?? [];
        const isOfAnother = line.includes('sdk/') || code === undefined;
        return isOfAnother || !inErrors(name, line) ? [] : [`${code} ${words}`];
      });
      assert.deepEqual(
        rows,
        declared.map(([code, words]) => `${code} ${words}`),
      );
    });

    it(`${name}: names its messages, and its typed events with their attributes`, () => {
      const { msg, events } = definition as AnyDefinition;
      for (const method of Object.values(msg?.methods ?? {})) {
        assert.ok(spec(name).includes(`Msg${method.name}`), `Msg${method.name}`);
      }
      for (const { $type } of Object.values(events ?? {})) {
        const event = $type.slice($type.lastIndexOf('.') + 1);
        const text = spec(name).slice(spec(name).indexOf(`\`${event}\``));
        assert.ok(spec(name).includes(`\`${event}\``), event);
        for (const attribute of Descriptors.load().schema($type).declared) {
          assert.ok(text.includes(`\`${attribute.name}\``), `${event}.${attribute.name}`);
        }
      }
    });

    if (TOLD_IN_WORDS.includes(name)) continue;
    it(`${name}: names its parameters with their defaults`, () => {
      const defaults = (definition as AnyDefinition).params?.default ?? {};
      for (const [field, value] of Object.entries(defaults as Record<string, unknown>)) {
        const [row] = rowsOf(name, snakeCase(field));
        assert.ok(row, `${field} has no row`);
        if (typeof value === 'object') continue;
        const told = row.split('|')[2]?.replaceAll('`', '').trim().split(':')[0];
        assert.equal(told, String(value), field);
      }
    });
  }
});

/** Whether the row stands under the heading Errors. */
function inErrors(module: string, row: string): boolean {
  const text = lines(module).join('\n');
  const begin = text.indexOf('## Errors');
  const end = text.indexOf('\n## ', begin + 1);
  const section = begin < 0 ? '' : text.slice(begin, end < 0 ? undefined : end);
  return section.split('\n').includes(row);
}
