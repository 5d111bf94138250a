/** What the generator needs to know of a message's fields, read from the descriptors once. */
import type { Descriptors, EnumSchema } from '../chain/descriptors/index.ts';

export interface MessageField {
  readonly name: string;
  readonly kind: string;
  readonly repeated: boolean;
  readonly typeName: string;
  readonly enumeration: EnumSchema | undefined;
  readonly oneof: string;
  /** `cosmos_proto.scalar`, such as `cosmos.AddressString`, or the kind of a custom Go type, or ''. */
  readonly scalar: string;
  /** `cosmos_proto.accepts_interface` of an Any, or ''. */
  readonly accepts: string;
  readonly isSigner: boolean;
}

/** Reads the fields of messages, and which messages implement an interface. */
export class MessageFields {
  readonly #descriptors: Descriptors;
  readonly #known = new Map<string, readonly MessageField[]>();
  #implementers: Map<string, string[]> | undefined;

  constructor(descriptors: Descriptors) {
    this.#descriptors = descriptors;
  }

  of(fullName: string): readonly MessageField[] {
    let fields = this.#known.get(fullName);
    if (fields === undefined) {
      const schema = this.#descriptors.schema(fullName);
      fields = schema.declared.map((field) => {
        const custom = field.custom === undefined ? '' : `cosmos.${field.custom}`;
        return {
          name: field.name,
          kind: field.kind,
          repeated: field.repeated,
          typeName: field.typeName,
          enumeration: field.enumeration,
          oneof: field.oneof,
          scalar: custom || field.scalar,
          accepts: field.accepts,
          isSigner: schema.signers.includes(field.name),
        };
      });
      this.#known.set(fullName, fields);
    }
    return fields;
  }

  /** Full names of the messages that say that they implement an interface; the last part of its name counts. */
  implementing(accepted: string): readonly string[] {
    this.#implementers ??= implementers(this.#descriptors);
    return this.#implementers.get(lastPart(accepted)) ?? [];
  }
}

function implementers(descriptors: Descriptors): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const fullName of descriptors.names()) {
    for (const name of descriptors.implemented(fullName)) {
      const types = found.get(lastPart(name)) ?? [];
      found.set(lastPart(name), [...types, fullName]);
    }
  }
  return found;
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
