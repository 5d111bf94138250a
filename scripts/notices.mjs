// The licenses of packages that a bundle holds: they ask to be told of wherever their code goes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lightclient-options.mjs';

/** One text with name, version and license of each package in a bundle. @throws Error for one without a license. */
export function noticesOf({ inputs }) {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  );
  return [...new Set(folders)].sort().map(noticeOf).join('\n\n');
}

function noticeOf(folder) {
  const path = join(ROOT, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const file = readdirSync(path).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined && license === undefined) throw new Error(`${folder} has no license`);
  const text = file === undefined ? license : readFileSync(join(path, file), 'utf8').trim();
  return `==== ${name} ${version}\n\n${text}\n`;
}
