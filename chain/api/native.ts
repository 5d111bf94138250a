/** Methods that are answered from CometBFT rather than by a query of the application. */
import type { Descriptors, JsonObject, JsonValue } from '../descriptors/index.ts';
import { fromJson, toJson } from '../descriptors/index.ts';
import type { Addresses } from '../module/addresses.ts';
import type { RestBackend } from './backend.ts';

/** What the node says of its program under `node_info`. */
export interface ApplicationVersion {
  readonly name: string;
  readonly appName: string;
  readonly version: string;
  readonly gitCommit?: string;
}

export interface NativeContext {
  readonly descriptors: Descriptors;
  readonly backend: RestBackend;
  readonly addresses: Pick<Addresses, 'format'>;
  readonly application: ApplicationVersion;
}

/** Takes the request and gives the response as proto3 JSON with every field. @throws RestError */
export type NativeHandler = (context: NativeContext, request: JsonObject) => Promise<JsonValue>;

/** Adds every field that is left out, as the SDK prints it. */
export function complete(
  descriptors: Descriptors,
  fullName: string,
  partial: JsonObject,
): JsonObject {
  return toObject(toJson(descriptors, fullName, fromJson(descriptors, fullName, partial)));
}

/** An object, where the schema promises one. */
export function toObject(json: JsonValue | undefined): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return {};
  return json;
}

/** A text field of a request; empty when it is absent. */
export function textField(json: JsonObject, name: string): string {
  const value = json[name];
  return typeof value === 'string' ? value : '';
}

/** Page and page size of an offset and a limit, as CometBFT counts: pages from 1, at most 100 items. */
export function pageOf(pagination: JsonObject): { readonly page: bigint; readonly limit: bigint } {
  const asked = BigInt(textField(pagination, 'limit') || '0');
  const limit = asked === 0n || asked > 100n ? 100n : asked;
  return { page: BigInt(textField(pagination, 'offset') || '0') / limit + 1n, limit };
}
