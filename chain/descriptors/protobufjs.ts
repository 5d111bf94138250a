/** protobufjs, which parses texts; most processes read the tables made before, and do without it. */
import { createRequire } from 'node:module';
import type protobuf from 'protobufjs';

export type Protobufjs = typeof protobuf;

/** Loads it the first time, synchronously, in about 20 ms. */
export function protobufjs(): Protobufjs {
  return createRequire(import.meta.url)('protobufjs') as Protobufjs;
}
