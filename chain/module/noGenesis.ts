/** The genesis of a module that brings nothing into a new chain: `{}` in the file. */
import type { MessageCodec } from '../state/values.ts';

// biome-ignore lint/complexity/noBannedTypes: google.protobuf.Empty has no fields.
type Empty = {};

const NO_BYTES = new Uint8Array(0);

const empty: MessageCodec<Empty> = {
  $type: 'google.protobuf.Empty',
  encode: () => ({ finish: () => NO_BYTES }),
  decode(input) {
    if (input.length > 0) throw new TypeError(`Empty: expected no bytes, got ${input.length}`);
    return {};
  },
  fromPartial: () => ({}),
};

export const NO_GENESIS = {
  type: empty,
  default: {},
  init: (): undefined => undefined,
  export: (): Empty => ({}),
} as const;
