/** What the generator needs to know of a message's fields, read from the descriptors once. */
import protobuf from 'protobufjs';
import type { Descriptors, EnumSchema } from '../chain/descriptors/index.ts';
import { optionOf, optionsOf } from '../chain/descriptors/options.ts';

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
      const type = this.#descriptors.message(fullName);
      const schema = this.#descriptors.schema(fullName);
      fields = schema.declared.map((field) => {
        const described = type.fields[field.name] as protobuf.Field;
        const scalar = textOption(described, 'cosmos_proto.scalar');
        const custom = field.custom === undefined ? '' : `cosmos.${field.custom}`;
        return {
          name: field.name,
          kind: field.kind,
          repeated: field.repeated,
          typeName: field.typeName,
          enumeration: field.enumeration,
          oneof: field.oneof,
          scalar: custom || scalar,
          accepts: textOption(described, 'cosmos_proto.accepts_interface'),
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
  const visit = (namespace: protobuf.NamespaceBase): void => {
    for (const nested of namespace.nestedArray) {
      if (nested instanceof protobuf.Type) {
        for (const name of optionsOf(nested, 'cosmos_proto.implements_interface')) {
          if (typeof name !== 'string') continue;
          const types = found.get(lastPart(name)) ?? [];
          found.set(lastPart(name), [...types, nested.fullName.replace(/^\./, '')]);
        }
      }
      if (nested instanceof protobuf.Namespace) visit(nested);
    }
  };
  visit(descriptors.message('google.protobuf.Any').root);
  return found;
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

function textOption(field: protobuf.Field, name: string): string {
  const value = optionOf(field, name);
  return typeof value === 'string' ? value : '';
}
