/** Writes a module that works: proto, keys, scoring, declaration, tests, simulation and specification. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { joinModules, nextReportKind } from './checkout.ts';
import { checkModuleName, type ModuleNames, moduleNames } from './names.ts';
import { indexCode, keysCode, moduleCode, scoringCode, simulationCode } from './templates/code.ts';
import { eventsProto, genesisProto, queryProto, stateProto, txProto } from './templates/proto.ts';
import { readme } from './templates/readme.ts';
import { moduleTest, scoringTest } from './templates/tests.ts';

/** Generates codecs; without it no code compiles. */
const GENERATOR = 'scripts/gen.mjs';
const BUF = 'node_modules/@bufbuild/buf-linux-x64/bin/buf';
const BIOME = 'node_modules/@biomejs/cli-linux-x64/biome';

/** The files of a module by their path in the checkout. */
function filesOf(names: ModuleNames): Readonly<Record<string, string>> {
  const { name } = names;
  const proto = `proto/depin/${name}/v1`;
  const folder = `modules/${name}`;
  return {
    [`${proto}/${name}.proto`]: stateProto(names),
    [`${proto}/tx.proto`]: txProto(names),
    [`${proto}/query.proto`]: queryProto(names),
    [`${proto}/genesis.proto`]: genesisProto(names),
    [`${proto}/events.proto`]: eventsProto(names),
    [`${folder}/keys.ts`]: keysCode(names),
    [`${folder}/scoring.ts`]: scoringCode(names),
    [`${folder}/module.ts`]: moduleCode(names),
    [`${folder}/index.ts`]: indexCode(names),
    [`${folder}/scoring.test.ts`]: scoringTest(names),
    [`${folder}/${name}.test.ts`]: moduleTest(names),
    [`${folder}/${name}.sim.ts`]: simulationCode(names),
    [`${folder}/README.md`]: readme(names),
  };
}

/**
 * Writes the module, puts it into modules/app.ts and generates its codecs.
 * @returns the paths that were written, in the checkout
 * @throws TypeError for a name that cannot be, Error when something of that name is there already.
 */
export function newModule(root: string, name: string): readonly string[] {
  checkModuleName(name);
  for (const taken of [`modules/${name}`, `proto/depin/${name}`]) {
    if (existsSync(join(root, taken))) throw new Error(`${taken} is there already`);
  }
  if (!existsSync(join(root, BUF))) {
    throw new Error(`${BUF} is missing: code generation needs linux-x64 and \`npm ci\``);
  }
  const files = filesOf(moduleNames(name, nextReportKind(root)));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  joinModules(root, name);
  const run = (program: string, arguments_: readonly string[]): unknown =>
    execFileSync(program, arguments_, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  run(process.execPath, [GENERATOR]);
  // Names differ in length, so lines break at other places.
  if (existsSync(join(root, BIOME)))
    run(join(root, BIOME), ['check', '--write', '--linter-enabled=false', `modules/${name}`]);
  return [
    ...Object.keys(files),
    'modules/app.ts',
    'proto/descriptors.json',
    `wire/gen/depin/${name}`,
  ];
}
