/**
 * What is derived from the `.proto` texts, on the server only: descriptors of messages and services,
 * strict checks of bytes, the signers of a message, and proto3 JSON both ways.
 * @module
 */
export { Descriptors, messageNameOf } from './descriptors.ts';
export { fromJson } from './fromJson.ts';
export { PlainReader } from './plainReader.ts';
export type { EnumSchema, FieldSchema, MessageSchema, ScalarKind } from './schema.ts';
export type {
  HttpBinding,
  HttpMethod,
  HttpRule,
  MethodDescription,
  ServiceDescription,
} from './services.ts';
export { signersOf } from './signers.ts';
export {
  MAX_MESSAGE_COUNT,
  MAX_MESSAGE_DEPTH,
  rejectUnknownFields,
  type StrictOptions,
  type StrictResult,
} from './strict.ts';
export { type JsonObject, type JsonValue, toJson } from './toJson.ts';
export { checkCanonicalTxRaw, checkTxEncoding, type TxRawParts } from './txRaw.ts';
