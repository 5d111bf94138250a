/** Parses every `.proto` text into one tree of descriptors. */
import type protobuf from 'protobufjs';
import { type Protobufjs, protobufjs } from './protobufjs.ts';
import { packageRoot, protoFiles, protoResolver } from './protoPath.ts';
import { SDK_050_ADDITIONS } from './sdk050.ts';
import { COSMOS_FILES, ownFolder } from './texts.ts';

const PARSE_OPTIONS = { keepCase: true, alternateCommentMode: true } as const;

/**
 * All messages, enums and services: depind's own, those of the core modules, transactions and CometBFT.
 * @throws Error naming the file that is missing or does not parse.
 */
export function loadRoot(addedFolders: readonly string[] = []): protobuf.Root {
  const library = protobufjs();
  const folders = [ownFolder(), ...addedFolders];
  const resolve = protoResolver(packageRoot(), folders);
  const root = new library.Root();
  root.resolvePath = (_origin, target) => resolve(target);
  root.loadSync([...folders.flatMap(protoFiles), ...COSMOS_FILES], PARSE_OPTIONS);
  for (const text of SDK_050_ADDITIONS) addText(library, root, text);
  root.resolveAll();
  return root;
}

function addText(library: Protobufjs, root: protobuf.Root, text: string): void {
  const parsed = library.parse(text, new library.Root(), PARSE_OPTIONS);
  const packageName = parsed.package ?? '';
  const additions = parsed.root.lookup(packageName);
  if (!(additions instanceof library.Namespace)) throw new Error(`${packageName}: no package`);
  const target = root.define(packageName);
  for (const addition of [...additions.nestedArray]) {
    const present = target.get(addition.name);
    if (addition instanceof library.Type && present instanceof library.Type) {
      extendType(present, addition);
    } else if (addition instanceof library.Service && present instanceof library.Service) {
      extendService(present, addition);
    } else if (present === null) {
      additions.remove(addition);
      target.add(addition);
    } else {
      throw new Error(`${packageName}.${addition.name}: cannot be extended`);
    }
  }
}

function extendType(present: protobuf.Type, addition: protobuf.Type): void {
  const added = [...addition.fieldsArray];
  const numbers = new Set(added.map((field) => field.id));
  const older = [...present.fieldsArray];
  for (const field of older) present.remove(field);
  for (const field of added) addition.remove(field);
  const kept = older.filter((field) => !numbers.has(field.id));
  // JSON follows the order in the type, which in all texts is that of the numbers.
  for (const field of [...kept, ...added].sort((a, b) => a.id - b.id)) present.add(field);
  if (addition.options && addition.parsedOptions) {
    present.options = addition.options;
    present.parsedOptions = addition.parsedOptions;
  }
}

function extendService(present: protobuf.Service, addition: protobuf.Service): void {
  for (const method of addition.methodsArray) {
    const older = present.methods[method.name];
    if (older !== undefined) present.remove(older);
    addition.remove(method);
    present.add(method);
  }
}
