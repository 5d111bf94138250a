import { deepEqual, equal, throws } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { concatBytes, fromHex, fromUtf8 } from '../../../wire/bytes.ts';
import { AuthInfo, TxBody } from '../../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { Descriptors, fromJson } from '../../descriptors/index.ts';
import { anyToAmino, jsonText } from './aminoJson.ts';
import { aminoSignBytes } from './signBytes.ts';

/** Printed by interop/aminovectors. */
const { documents } = JSON.parse(
  readFileSync(new URL('./vectors/amino.json', import.meta.url), 'utf8'),
) as {
  documents: {
    name: string;
    body: string;
    authInfo: string;
    chainId: string;
    signBytes: string;
  }[];
};

const descriptors = Descriptors.load();
const signer = { chainId: 'depin-test-1', accountNumber: 7n, sequence: 3n };

const partsOf = (bodyBytes: Uint8Array, authInfo: Uint8Array) => ({
  bodyBytes,
  body: TxBody.decode(bodyBytes),
  authInfo: AuthInfo.decode(authInfo),
});
const bodyOf = (body: Partial<TxBody>) => TxBody.encode(TxBody.fromPartial(body)).finish();
const FEE = AuthInfo.encode(AuthInfo.fromPartial({ fee: { gasLimit: 1n } })).finish();

describe('aminoSignBytes', () => {
  for (const { name, body, authInfo, chainId, signBytes } of documents) {
    it(`gives what the SDK signs: ${name}`, () => {
      const parts = partsOf(fromHex(body, 'body'), fromHex(authInfo, 'authInfo'));
      const { account_number, sequence } = JSON.parse(signBytes) as Record<string, string>;
      const signed = aminoSignBytes(descriptors, parts, {
        chainId,
        accountNumber: BigInt(account_number!),
        sequence: BigInt(sequence!),
      });
      equal(fromUtf8(signed, 'signed'), signBytes);
    });
  }

  it('refuses what the text would not show', () => {
    const option = { typeUrl: '/cosmos.bank.v1beta1.MsgSend', value: new Uint8Array(0) };
    const nonCritical = concatBytes(bodyOf({ memo: 'a' }), Uint8Array.of(0x82, 0x40, 0));
    const cases: [Uint8Array, RegExp][] = [
      [bodyOf({ extensionOptions: [option] }), /extension_options\[0\]/],
      [bodyOf({ nonCriticalExtensionOptions: [option] }), /extension_options\[0\]/],
      [nonCritical, /field 1024 is unknown/],
    ];
    for (const [body, expected] of cases) {
      throws(() => aminoSignBytes(descriptors, partsOf(body, FEE), signer), expected);
    }
    const noFee = partsOf(bodyOf({ memo: 'a' }), new Uint8Array(0));
    throws(() => aminoSignBytes(descriptors, noFee, signer), /auth_info\.fee: missing/);
  });

  it('refuses a message without one that it must hold, and a type that is unknown', () => {
    const delegate = { typeUrl: '/cosmos.staking.v1beta1.MsgDelegate', value: new Uint8Array(0) };
    throws(() => anyToAmino(descriptors, delegate, 'm'), /m\.amount: message is missing/);
    const unknown = { typeUrl: '/a.B', value: new Uint8Array(0) };
    throws(() => anyToAmino(descriptors, unknown, 'm'), /"a\.B" is unknown/);
    throws(() => anyToAmino(descriptors, { ...unknown, typeUrl: 'a.B' }, 'm'), /type URL/);
  });

  it('names every message of depind within the 39 characters of a Ledger', () => {
    const names = new Set<string>();
    const services = descriptors
      .services()
      .filter(({ fullName }) => /^depin\..*\.Msg$/.test(fullName));
    for (const { requestType } of services.flatMap(({ methods }) => methods)) {
      const schema = descriptors.schema(requestType);
      const json = Object.fromEntries(schema.signers.map((name) => [name, 'a']));
      const value = fromJson(descriptors, requestType, json);
      const text = anyToAmino(descriptors, { typeUrl: `/${requestType}`, value }, 'm');
      const { type } = JSON.parse(text) as { type: string };
      equal(type, `depind/${requestType.split('.').at(-1)}`);
      equal(names.has(type) || type.length > 39, false, type);
      names.add(type);
    }
    equal(names.size > 15, true);
  });

  it('writes times and durations as Go does', () => {
    const aminoOf = (name: string, json: unknown) => {
      const typeUrl = `/cosmos.staking.v1beta1.${name}`;
      const value = fromJson(descriptors, typeUrl.slice(1), json);
      return (JSON.parse(anyToAmino(descriptors, { typeUrl, value }, 'm')) as { value: object })
        .value;
    };
    deepEqual(aminoOf('Params', { unbonding_time: '1814400.000000001s', max_entries: 7 }), {
      unbonding_time: '1814400000000001',
      max_entries: 7,
      min_commission_rate: '0.000000000000000000',
    });
    const entry = { completion_time: '2026-01-31T12:30:45.120Z', balance: '3' };
    const { completion_time } = aminoOf('UnbondingDelegationEntry', entry) as typeof entry;
    equal(completion_time, '2026-01-31T12:30:45.12Z');
  });

  it('escapes as Go does', () => {
    equal(jsonText('<&>\u2028'), String.raw`"\u003c\u0026\u003e\u2028"`);
    equal(jsonText('\u007fé'), '"\u007fé"');
  });
});
