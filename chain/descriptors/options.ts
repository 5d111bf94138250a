/** Reading the options that annotate a descriptor. */
import type protobuf from 'protobufjs';

/** Every value given for an option, in the order of the text: `option (name) = …` may stand more than once. */
export function optionsOf(object: protobuf.ReflectionObject, name: string): unknown[] {
  const parsed: unknown = object.parsedOptions;
  if (!Array.isArray(parsed)) return [];
  const found: unknown[] = [];
  for (const option of parsed) {
    const value = propertyOf(option, `(${name})`);
    if (Array.isArray(value)) found.push(...value);
    else if (value !== undefined) found.push(value);
  }
  return found;
}

/** The last value given for an option, or undefined. */
export function optionOf(object: protobuf.ReflectionObject, name: string): unknown {
  return optionsOf(object, name).at(-1);
}

/** An own property of an unknown value, or undefined. */
export function propertyOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}
