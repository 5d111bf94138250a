/** The descriptors of everything that the chain speaks, read from the `.proto` texts when a process starts. */
import protobuf from 'protobufjs';
import { loadRoot } from './root.ts';
import { compileMessage, type MessageSchema } from './schema.ts';
import { describeServices, type ServiceDescription } from './services.ts';

/** The texts do not change while a program runs. */
let loaded: Descriptors | undefined;

/** Folders with `.proto` texts beside those of this installation. */
const addedFolders: string[] = [];

/** Names are full names without a leading dot: `cosmos.bank.v1beta1.MsgSend`. */
export class Descriptors {
  readonly #root: protobuf.Root;
  readonly #types = new Map<string, protobuf.Type | null>();
  readonly #schemas = new Map<string, MessageSchema>();
  #services: readonly ServiceDescription[] | undefined;
  #requests: ReadonlySet<string> | undefined;

  constructor(root: protobuf.Root) {
    this.#root = root;
  }

  /**
   * The descriptors of this installation. Reads and parses all texts the first time, synchronously, in about 90 ms.
   * @throws Error naming a text that is missing or wrong.
   */
  static load(): Descriptors {
    loaded ??= new Descriptors(loadRoot(addedFolders));
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
    return this.#find(fullName) !== null;
  }

  /** The descriptor of a message. @throws TypeError naming a message that is unknown. */
  message(fullName: string): protobuf.Type {
    const type = this.#find(fullName);
    if (type === null) throw new TypeError(`message "${fullName}" is unknown`);
    return type;
  }

  /** The compiled form of a message. @throws TypeError naming a message that is unknown. */
  schema(fullName: string): MessageSchema {
    let schema = this.#schemas.get(fullName);
    if (schema === undefined) {
      schema = compileMessage(this.message(fullName));
      this.#schemas.set(fullName, schema);
    }
    return schema;
  }

  /** All services, ordered by full name. */
  services(): readonly ServiceDescription[] {
    this.#services ??= describeServices(this.#root);
    return this.#services;
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

  // Unknown names come from transactions, so only known ones are remembered.
  #find(fullName: string): protobuf.Type | null {
    const known = this.#types.get(fullName);
    if (known !== undefined) return known;
    if (!/^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$/.test(fullName)) return null;
    const found = this.#root.lookup(`.${fullName}`, [protobuf.Type]);
    if (!(found instanceof protobuf.Type)) return null;
    this.#types.set(fullName, found);
    return found;
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
