import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { concatBytes, fromHex } from '../../wire/bytes.ts';
import { AuthInfo, TxBody, TxRaw } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import {
  checkCanonicalTxRaw,
  checkTxEncoding,
  Descriptors,
  fromJson,
  rejectUnknownFields,
  type TxRawParts,
} from '../descriptors/index.ts';
import { plainAuthInfoOf, plainBodyOf } from './plainTx.ts';
import { timeoutFields } from './timeouts.ts';

const descriptors = Descriptors.load();

const isPlain = (name: string, bytes: Uint8Array): boolean => {
  try {
    return rejectUnknownFields(descriptors, `cosmos.tx.v1beta1.${name}`, bytes).isPlain;
  } catch (error) {
    assert.ok(error instanceof TypeError || error instanceof RangeError);
    return false;
  }
};

/** Compares the decoders of plain parts with the general codec; counts the parts that were. */
function countSame(body: Uint8Array, authInfo: Uint8Array): number {
  let count = 0;
  if (isPlain('TxBody', body)) {
    const plain = plainBodyOf(body);
    assert.ok(plain !== undefined);
    assert.deepEqual(plain.body, TxBody.decode(body));
    const { unordered } = plain;
    assert.deepEqual({ unordered, timeoutNs: undefined }, timeoutFields(body));
    count += 1;
  }
  const plain = isPlain('AuthInfo', authInfo) ? plainAuthInfoOf(authInfo) : undefined;
  if (plain === undefined) return count;
  assert.deepEqual(plain, AuthInfo.decode(authInfo));
  return count + 1;
}

/** The parts of a transaction, which are those that the general codec reads; undefined when it is refused. */
function partsOf(bytes: Uint8Array): TxRawParts | undefined {
  try {
    const parts = checkCanonicalTxRaw(bytes);
    const { bodyBytes, authInfoBytes, signatures } = TxRaw.decode(bytes);
    assert.deepEqual(parts, { bodyBytes, authInfoBytes, signatures });
    const encoding = checkTxEncoding(descriptors, bytes);
    assert.deepEqual(encoding, {
      ...parts,
      hasUnknownNonCriticals: encoding.hasUnknownNonCriticals,
      isPlain: encoding.isPlain,
    });
    return parts;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

describe('a plain transaction', () => {
  it('is what the general codec reads, in whatever is left of changed transactions', () => {
    const { bases, cases } = JSON.parse(
      readFileSync(new URL('./vectors/transactions.json', import.meta.url), 'utf8'),
    ) as { bases: string[]; cases: [number, number, number, string][] };
    let same = 0;
    for (const [base, prefix, suffix, middle] of cases) {
      const from = fromHex(bases[base]!, 'base');
      const behind = from.subarray(from.length - suffix);
      const bytes = concatBytes(from.subarray(0, prefix), fromHex(middle, 'middle'), behind);
      const parts = partsOf(bytes);
      if (parts !== undefined) same += countSame(parts.bodyBytes, parts.authInfoBytes);
    }
    assert.ok(same > 300, `${same} parts of ${cases.length} transactions are plain`);
  });

  const text = fc.string({ maxLength: 12 });
  const number = fc
    .oneof({ weight: 20, arbitrary: fc.nat() }, fc.bigInt(0n, (1n << 64n) - 1n))
    .map(String);
  const coin = fc.record({ denom: text, amount: fc.nat().map(String) });
  const message = fc.oneof(
    fc.record({
      '@type': fc.constant('/cosmos.bank.v1beta1.MsgSend'),
      from_address: text,
      to_address: text,
      amount: fc.array(coin, { maxLength: 2 }),
    }),
    fc.record({ '@type': fc.constant('/cosmos.bank.v1beta1.MsgMultiSend') }),
  );
  const body = fc.record(
    {
      messages: fc.array(message, { maxLength: 3 }),
      memo: text,
      timeout_height: number,
      unordered: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const publicKey = fc.uint8Array({ minLength: 33, maxLength: 33 }).map((key) => ({
    '@type': '/cosmos.crypto.secp256k1.PubKey',
    key: Buffer.from(key).toString('base64'),
  }));
  const single = fc.record({ mode: fc.constantFrom(0, 1, 127) }, { requiredKeys: [] });
  const signerInfo = fc.record(
    {
      public_key: publicKey,
      mode_info: fc.oneof(
        fc.record({ single }, { requiredKeys: [] }),
        fc.constant({ multi: { mode_infos: [] } }),
      ),
      sequence: number,
    },
    { requiredKeys: [] },
  );
  const fee = fc.record(
    { amount: fc.array(coin, { maxLength: 2 }), gas_limit: number, payer: text, granter: text },
    { requiredKeys: [] },
  );
  const authInfo = fc.record(
    { signer_infos: fc.array(signerInfo, { maxLength: 3 }), fee },
    { requiredKeys: [] },
  );

  it('is what the general codec reads, whichever fields it has', () => {
    let same = 0;
    const encode = (name: string, value: object): Uint8Array =>
      fromJson(descriptors, `cosmos.tx.v1beta1.${name}`, JSON.parse(JSON.stringify(value)), name);
    fc.assert(
      fc.property(body, authInfo, (someBody, someInfo) => {
        same += countSame(encode('TxBody', someBody), encode('AuthInfo', someInfo));
      }),
      { numRuns: 300 },
    );
    assert.ok(same > 300, `${same} were plain`);
  });
});
