/** The descriptors of everything that the chain speaks, as the `.proto` texts say. */
import { loadTables } from './loadTables.ts';
import type { EnumSchema, MessageSchema } from './schema.ts';
import type { ServiceDescription } from './services.ts';
import { enumOf, schemaOf, type Tables } from './tables.ts';

/** The texts do not change while a program runs. */
let loaded: Descriptors | undefined;

/** Folders with `.proto` texts beside those of this installation. */
const addedFolders: string[] = [];

/** Names are full names without a leading dot: `cosmos.bank.v1beta1.MsgSend`. */
export class Descriptors {
  readonly #tables: Tables;
  readonly #schemas = new Map<string, MessageSchema>();
  readonly #enums = new Map<string, EnumSchema>();
  #requests: ReadonlySet<string> | undefined;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /**
   * The descriptors of this installation. Reads them the first time, synchronously, in about 5 ms; in about 150 ms when
   * texts were changed or added since they were compiled, so that the texts have to be parsed.
   * @throws Error naming a text that is missing or wrong.
   */
  static load(): Descriptors {
    loaded ??= new Descriptors(loadTables(addedFolders));
    return loaded;
  }

  /**
   * Adds the `.proto` texts of a folder to those of this installation: the messages of modules that live elsewhere.
   * Import paths in them begin at the folder.
   * @throws Error when the descriptors are loaded already.
   */
  static addFolder(folder: string): void {
    if (loaded !== undefined) throw new Error(`${folder}: added after the descriptors were loaded`);
    addedFolders.push(folder);
  }

  has(fullName: string): boolean {
    return Object.hasOwn(this.#tables.messages, fullName);
  }

  /** Full names of all messages, in order. */
  names(): readonly string[] {
    return Object.keys(this.#tables.messages);
  }

  /** Interfaces that a message says it implements. */
  implemented(fullName: string): readonly string[] {
    return this.has(fullName) ? (this.#tables.messages[fullName]!.implemented ?? []) : [];
  }

  /**
   * What there is to know of a message.
   * @throws TypeError naming a message that is unknown, Error for one that can stand neither in state nor in a transaction.
   */
  schema(fullName: string): MessageSchema {
    let schema = this.#schemas.get(fullName);
    if (schema === undefined) {
      if (!this.has(fullName)) throw new TypeError(`message "${fullName}" is unknown`);
      const row = this.#tables.messages[fullName]!;
      schema = schemaOf(fullName, row, (name) => this.#enumNamed(name));
      this.#schemas.set(fullName, schema);
    }
    return schema;
  }

  #enumNamed(fullName: string): EnumSchema {
    let found = this.#enums.get(fullName);
    if (found === undefined) {
      found = enumOf(this.#tables.enums[fullName]!);
      this.#enums.set(fullName, found);
    }
    return found;
  }

  /** All services, ordered by full name. */
  services(): readonly ServiceDescription[] {
    return this.#tables.services;
  }

  /** Fields that name the signers of a message; empty when it needs none. */
  signerFields(messageName: string): readonly string[] {
    return this.schema(messageName).signers;
  }

  /** Whether a message is the request of a `Msg` service: only then can a transaction hold it. */
  isRequest(messageName: string): boolean {
    this.#requests ??= new Set(
      this.services()
        .filter(({ fullName }) => fullName.endsWith('.Msg'))
        .flatMap(({ methods }) => methods.map(({ requestType }) => requestType)),
    );
    return this.#requests.has(messageName);
  }
}

/**
 * The full name that the type URL of an Any stands for. Only the form `/package.Message` is taken, as the SDK does.
 * @throws TypeError naming `title` and what was given.
 */
export function messageNameOf(typeUrl: string, title: string): string {
  if (!typeUrl.startsWith('/') || typeUrl.length < 2) {
    const given = JSON.stringify(typeUrl.slice(0, 120));
    throw new TypeError(`${title}: expected a type URL such as "/package.Message", got ${given}`);
  }
  return typeUrl.slice(1);
}
