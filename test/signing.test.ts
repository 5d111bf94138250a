import assert from 'node:assert/strict';
import { makeSignDoc, serializeSignDoc } from '@cosmjs/amino';
import { type EncodeObject, makeAuthInfoBytes } from '@cosmjs/proto-signing';
import { SignMode } from 'cosmjs-types/cosmos/tx/signing/v1beta1/signing';
import { AuthInfo, SignDoc, TxBody, TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import { formatAddress, parseAddress } from '../wire/address.ts';
import { concatBytes } from '../wire/bytes.ts';
import { PubKey } from '../wire/gen/cosmos/crypto/secp256r1/keys.ts';
import type { MsgRegisterDevice } from '../wire/gen/depin/devices/v1/tx.ts';
import { ProtoWriter } from '../wire/protobuf.ts';
import { encodeTimestamp, formatTime } from '../wire/time.ts';
import { TestDevice } from './support/devices.ts';
import {
  ACCOUNT_NUMBER,
  type AminoWallet,
  aminoTypes,
  ed25519Address,
  ed25519Key,
  FEE,
  halvesPaid,
  openWallet,
  outcome,
  p256Address,
  p256Key,
  registry,
  send,
  startChain,
} from './support/signingChain.ts';
import { TEST_CHAIN_ID as chainId } from './support/testChain.ts';

describe('signatures', function () {
  this.timeout(20_000);

  let wallet: AminoWallet;
  let addresses: readonly string[];

  before(async () => {
    wallet = await openWallet();
    ({ addresses } = wallet);
  });

  const signAmino = (
    messages: EncodeObject[],
    options: { sequence?: number; memo?: string; timeoutHeight?: bigint } = {},
  ): Promise<TxRaw> => {
    const { sequence = 0, memo = '', timeoutHeight } = options;
    const signer = { accountNumber: 0n, sequence, chainId };
    return wallet.client.sign(addresses[0]!, messages, FEE, memo, signer, timeoutHeight);
  };

  it('takes what a wallet that knows only amino JSON signs', async () => {
    const chain = await startChain(wallet);
    const [alice, bob] = addresses as [string, string];
    const validator = formatAddress('depinvaloper', parseAddress('depin', alice));
    const coin = { denom: 'udepin', amount: '7' };
    const device = new TestDevice({ seed: 'amino', type: 'p256', chainId });
    const stake = { delegatorAddress: alice, validatorAddress: validator };
    const register: MsgRegisterDevice = {
      owner: alice,
      keyType: device.protoType,
      publicKey: device.publicKey,
      signature: device.enrolment(parseAddress('depin', alice)),
    };
    const many = {
      inputs: [{ address: alice, coins: [coin] }],
      outputs: [{ address: bob, coins: [coin] }],
    };
    const messages: EncodeObject[] = [
      send(alice),
      { typeUrl: '/cosmos.bank.v1beta1.MsgMultiSend', value: many },
      { typeUrl: '/cosmos.staking.v1beta1.MsgDelegate', value: { ...stake, amount: coin } },
      { typeUrl: '/cosmos.staking.v1beta1.MsgUndelegate', value: { ...stake, amount: coin } },
      { typeUrl: '/depin.devices.v1.MsgRegisterDevice', value: register },
    ];
    const tx = await signAmino(messages, { memo: '<&> "é"' });
    assert.equal(await halvesPaid(chain, TxRaw.encode(tx).finish()), 2n);
    const next = await signAmino([send(alice)], { sequence: 1, timeoutHeight: 1000n });
    assert.equal(await outcome(chain, TxRaw.encode(next).finish()), '/0: ');
  });

  it('refuses amino JSON over another text, and fields that the text does not show', async () => {
    const chain = await startChain(wallet);
    const raw = await signAmino([send(addresses[0]!)]);
    const body = TxBody.decode(raw.bodyBytes);
    const option = { typeUrl: '/cosmos.bank.v1beta1.MsgSend', value: new Uint8Array(0) };
    const extended = { ...body, nonCriticalExtensionOptions: [option] };
    const info = AuthInfo.decode(raw.authInfoBytes);
    const direct = { single: { mode: SignMode.SIGN_MODE_DIRECT } };
    const textual = { single: { mode: SignMode.SIGN_MODE_TEXTUAL } };
    const withMode = (modeInfo: object) =>
      AuthInfo.encode(
        AuthInfo.fromPartial({ ...info, signerInfos: [{ ...info.signerInfos[0]!, modeInfo }] }),
      ).finish();
    const cases: [Partial<TxRaw>, RegExp][] = [
      [{ bodyBytes: TxBody.encode({ ...body, memo: 'b' }).finish() }, /^sdk\/4: .*verify account/],
      [{ bodyBytes: TxBody.encode({ ...body, timeoutHeight: 99n }).finish() }, /^sdk\/4: /],
      [{ bodyBytes: TxBody.encode(extended).finish() }, /^sdk\/2: .*extension_options\[0\]/],
      [
        { bodyBytes: concatBytes(raw.bodyBytes, Uint8Array.of(0x82, 0x40, 0)) },
        /^sdk\/4: .*field 1024 is unknown/,
      ],
      [{ authInfoBytes: withMode(direct) }, /^sdk\/4: .*verify account number/],
      [{ authInfoBytes: withMode(textual) }, /^sdk\/4: .*sign mode: .*got 2/],
      [{ authInfoBytes: withMode({}) }, /^sdk\/4: .*sign mode: .*got none/],
    ];
    for (const [change, expected] of cases) {
      assert.match(await outcome(chain, TxRaw.encode({ ...raw, ...change }).finish()), expected);
    }
    assert.equal(await outcome(chain, TxRaw.encode(raw).finish()), '/0: ');
  });

  describe('of other keys', () => {
    const signWith = (
      device: TestDevice,
      from: string,
      sequence: number,
      mode: SignMode,
      timeoutNs?: bigint,
    ) => {
      const typeUrl = `/cosmos.crypto.${device === p256Key ? 'secp256r1' : 'ed25519'}.PubKey`;
      const pubkey = { typeUrl, value: PubKey.encode({ key: device.publicKey }).finish() };
      const accountNumber = ACCOUNT_NUMBER[device === p256Key ? 'p256' : 'ed25519'];
      const messages = [send(from)];
      const later = new ProtoWriter();
      if (timeoutNs !== undefined) later.varint(4, 1).message(5, encodeTimestamp(timeoutNs));
      const body = registry.encodeTxBody({ messages, memo: '' });
      const bodyBytes = concatBytes(body, later.finish());
      const authInfoBytes = makeAuthInfoBytes(
        [{ pubkey, sequence }],
        FEE.amount,
        Number(FEE.gas),
        undefined,
        undefined,
        mode,
      );
      const amino = messages.map((message) => aminoTypes.toAmino(message));
      const document =
        mode === SignMode.SIGN_MODE_DIRECT
          ? SignDoc.encode({
              bodyBytes,
              authInfoBytes,
              chainId,
              accountNumber: BigInt(accountNumber),
            }).finish()
          : serializeSignDoc({
              ...makeSignDoc(amino, FEE, chainId, '', accountNumber, sequence),
              // As SDK v0.53 writes them.
              ...(timeoutNs === undefined
                ? {}
                : { timeout_timestamp: formatTime(timeoutNs), unordered: true }),
            });
      const signatures = [device.sign(document)];
      return TxRaw.encode({ bodyBytes, authInfoBytes, signatures }).finish();
    };

    it('takes P-256 at half the gas in both modes', async () => {
      const chain = await startChain(wallet);
      const modes = [SignMode.SIGN_MODE_DIRECT, SignMode.SIGN_MODE_LEGACY_AMINO_JSON];
      for (const [sequence, mode] of modes.entries()) {
        const tx = signWith(p256Key, p256Address, sequence, mode);
        assert.equal(await halvesPaid(chain, tx), 1n);
      }
      const twice = signWith(p256Key, p256Address, 0, SignMode.SIGN_MODE_DIRECT);
      assert.match(await outcome(chain, twice), /^sdk\/32: /);
      const other = signWith(p256Key, addresses[0]!, 0, SignMode.SIGN_MODE_DIRECT);
      assert.match(await outcome(chain, other), /^sdk\/8: pubKey does not match/);
    });

    it('takes an unordered transaction in both modes, over sequence 0 whatever the account has', async () => {
      const chain = await startChain(wallet);
      const { SIGN_MODE_DIRECT, SIGN_MODE_LEGACY_AMINO_JSON } = SignMode;
      const first = signWith(p256Key, p256Address, 0, SIGN_MODE_DIRECT);
      assert.equal(await halvesPaid(chain, first), 1n);
      const at = chain.timeNs + 60_500_000_000n;
      for (const [i, mode] of [SIGN_MODE_DIRECT, SIGN_MODE_LEGACY_AMINO_JSON].entries()) {
        const tx = signWith(p256Key, p256Address, 0, mode, at + BigInt(i));
        assert.equal(await outcome(chain, tx), '/0: ');
      }
    });

    it('refuses ed25519', async () => {
      const tx = signWith(ed25519Key, ed25519Address, 0, SignMode.SIGN_MODE_DIRECT);
      assert.match(await outcome(await startChain(wallet), tx), /^sdk\/8: ED25519 .* unsupported/);
    });
  });
});
