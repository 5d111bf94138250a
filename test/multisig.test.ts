import assert from 'node:assert/strict';
import { createMultisigThresholdPubkey } from '@cosmjs/amino';
import { encodePubkey } from '@cosmjs/proto-signing';
import type { CompactBitArray } from 'cosmjs-types/cosmos/crypto/multisig/v1beta1/multisig';
import { MultiSignature } from 'cosmjs-types/cosmos/crypto/multisig/v1beta1/multisig';
import { SignMode } from 'cosmjs-types/cosmos/tx/signing/v1beta1/signing';
import { AuthInfo, TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import { concatBytes } from '../wire/bytes.ts';
import { SimulateRequest, SimulateResponse } from '../wire/gen/cosmos/tx/v1beta1/service.ts';
import {
  ACCOUNT_NUMBER,
  type AminoWallet,
  FEE,
  halvesPaid,
  openWallet,
  outcome,
  send,
  startChain,
} from './support/signingChain.ts';
import { TEST_CHAIN_ID as chainId } from './support/testChain.ts';

const amino = { single: { mode: SignMode.SIGN_MODE_LEGACY_AMINO_JSON } };
const direct = { single: { mode: SignMode.SIGN_MODE_DIRECT } };

const bitsOf = (...bits: readonly number[]): CompactBitArray => ({
  extraBitsStored: bits.length % 8,
  elems: Uint8Array.of(bits.reduce((sum, bit, i) => sum | (bit << (7 - i)), 0)),
});

interface Form {
  readonly bits: CompactBitArray;
  readonly signatures: readonly Uint8Array[];
  readonly modes: readonly object[];
  readonly key?: object;
  readonly sequence?: number;
}

describe('a multisig account', function () {
  this.timeout(20_000);
  let wallet: AminoWallet;
  let bodyBytes: Uint8Array;
  let paid = FEE;

  before(async () => {
    wallet = await openWallet();
  });

  /** Signatures by these keys of the wallet over a transfer from the multisig account. */
  async function signed(signers: readonly number[], sequence = 0): Promise<Uint8Array[]> {
    const signatures: Uint8Array[] = [];
    for (const i of signers) {
      const signer = { accountNumber: BigInt(ACCOUNT_NUMBER.multisig), sequence, chainId };
      const messages = [send(wallet.multisigAddress)];
      const raw = await wallet.client.sign(wallet.addresses[i]!, messages, paid, '', signer);
      signatures.push(raw.signatures[0]!);
      bodyBytes = raw.bodyBytes;
    }
    return signatures;
  }

  function assemble({ bits, signatures, modes, key, sequence = 0 }: Form): TxRaw {
    const multi = { bitarray: bits, modeInfos: modes };
    const publicKey = encodePubkey((key ?? wallet.multisig) as never);
    const signer = { publicKey, modeInfo: { multi }, sequence: BigInt(sequence) };
    const fee = { amount: paid.amount, gasLimit: BigInt(paid.gas) };
    return {
      bodyBytes,
      authInfoBytes: AuthInfo.encode(
        AuthInfo.fromPartial({ signerInfos: [signer], fee } as never),
      ).finish(),
      signatures: [MultiSignature.encode({ signatures: [...signatures] }).finish()],
    };
  }

  async function multisigned(signers: readonly number[], sequence = 0, key?: object) {
    const signatures = await signed(signers, sequence);
    const bits = bitsOf(...[0, 1, 2].map((i) => (signers.includes(i) ? 1 : 0)));
    const modes = signatures.map(() => amino);
    return TxRaw.encode(
      assemble({ bits, signatures, modes, sequence, ...(key ? { key } : {}) }),
    ).finish();
  }

  it('takes two or three of three, and the gas of each', async () => {
    const chain = await startChain(wallet);
    assert.equal(await halvesPaid(chain, await multisigned([0, 2])), 4n);
    assert.equal(await halvesPaid(chain, await multisigned([1, 2], 1)), 4n);
    assert.equal(await halvesPaid(chain, await multisigned([0, 1, 2], 2)), 6n);
    const events = chain.lastBlock!.txResults[0]!.events.flatMap(({ attributes }) => attributes);
    assert.equal(events.filter(({ key }) => key === 'signature').length, 4);
  });

  it('replaces its waiting transaction by one that others of its keys signed and that pays more', async () => {
    const chain = await startChain(wallet);
    const first = await multisigned([0, 1]);
    const same = await multisigned([1, 2]);
    const amount = FEE.amount.map((coin) => ({ ...coin, amount: `${2 * Number(coin.amount)}` }));
    paid = { ...FEE, amount };
    const dearer = await multisigned([1, 2]);
    paid = FEE;
    const check = async (tx: Uint8Array) => (await chain.app.checkTx({ tx, type: 'new' })).log;
    assert.equal(await check(first), '');
    assert.match(await check(same), /replacement underpriced/);
    assert.equal(await check(dearer), '');
    const [result] = await chain.block([dearer]);
    assert.equal(result!.log, '');
  });

  it('is simulated without signatures, and the estimate is enough', async () => {
    for (const signers of [
      [0, 1],
      [0, 1, 2],
    ]) {
      const chain = await startChain(wallet, { sig_verify_cost_secp256k1: '1000' });
      const raw = TxRaw.decode(await multisigned(signers));
      const info = AuthInfo.decode(raw.authInfoBytes);
      const unsigned = AuthInfo.fromPartial({
        ...info,
        signerInfos: [{ ...info.signerInfos[0]!, modeInfo: { single: { mode: 0 } } }],
      });
      const authInfoBytes = AuthInfo.encode(unsigned).finish();
      const txBytes = TxRaw.encode({ ...raw, authInfoBytes, signatures: [new Uint8Array(0)] });
      const answer = await chain.query(
        '/cosmos.tx.v1beta1.Service/Simulate',
        SimulateRequest.encode(SimulateRequest.fromPartial({ txBytes: txBytes.finish() })).finish(),
      );
      assert.equal(answer.log, '');
      const estimate = SimulateResponse.decode(answer.value).gasInfo!.gasUsed;
      const [result] = await chain.block([TxRaw.encode(raw).finish()]);
      assert.equal(result!.log, '');
      assert.ok(estimate * 12n >= result!.gasUsed * 10n, `${estimate} for ${result!.gasUsed}`);
      assert.ok(estimate * 10n <= result!.gasUsed * 13n, `${estimate} for ${result!.gasUsed}`);
    }
  });

  it('is simulated with room for the signatures of all its keys', async () => {
    const chain = await startChain(wallet, { sig_verify_cost_secp256k1: '1000' });
    const raw = TxRaw.decode(await multisigned([0, 1, 2]));
    const simulated = async (signature: Uint8Array): Promise<bigint> => {
      const txBytes = TxRaw.encode({ ...raw, signatures: [signature] }).finish();
      const request = SimulateRequest.fromPartial({ txBytes });
      const path = '/cosmos.tx.v1beta1.Service/Simulate';
      const { value } = await chain.query(path, SimulateRequest.encode(request).finish());
      return SimulateResponse.decode(value).gasInfo!.gasUsed;
    };
    const [signed, unsigned] = [
      await simulated(raw.signatures[0]!),
      await simulated(new Uint8Array()),
    ];
    assert.ok(unsigned >= signed, `${unsigned} for ${signed}`);
  });

  it('counts every key for the limit', async () => {
    const chain = await startChain(wallet, { tx_sig_limit: '2' });
    assert.match(await outcome(chain, await multisigned([0, 1])), /^sdk\/14: signatures: 3, /);
  });

  it('refuses too few, an unsigned sequence and another key', async () => {
    const chain = await startChain(wallet);
    const another = createMultisigThresholdPubkey(wallet.keys, 1, true);
    const impossible = {
      ...wallet.multisig,
      value: { ...wallet.multisig.value, threshold: '4' },
    };
    const cases: [Uint8Array, RegExp][] = [
      [await multisigned([1]), /^sdk\/4: .*expected at least 2 signers, got 1/],
      [await multisigned([0, 1], 0, another), /^sdk\/8: pubKey does not match/],
      [await multisigned([0, 1], 0, impossible), /^sdk\/8: multisig threshold: .*got 4/],
      [await multisigned([0, 1], 1), /^sdk\/32: /],
    ];
    for (const [tx, expected] of cases) assert.match(await outcome(chain, tx), expected);
  });

  it('refuses every other form of the same signatures', async () => {
    const chain = await startChain(wallet);
    const signatures = (await signed([0, 2])) as [Uint8Array, Uint8Array];
    const [first, third] = signatures;
    const bits = bitsOf(1, 0, 1);
    const pair = [amino, amino];
    const good = { bits, signatures, modes: pair };
    const raw = assemble(good);
    const info = AuthInfo.decode(raw.authInfoBytes);
    const single = AuthInfo.fromPartial({
      ...info,
      signerInfos: [{ ...info.signerInfos[0]!, modeInfo: amino }],
    });
    const padding = { ...bits, elems: Uint8Array.of(bits.elems[0]! | 1) };
    const long = { ...bits, elems: concatBytes(bits.elems, Uint8Array.of(0)) };
    const unknown = concatBytes(raw.signatures[0]!, Uint8Array.of(0x12, 0));
    const three = { signatures: [first, third, third], modes: [...pair, amino] };
    const cases: [string, Partial<Form> | Partial<TxRaw>, RegExp][] = [
      ['swapped', { signatures: [third, first] }, /verify account number/],
      ['repeated', { signatures: [first, first] }, /verify account number/],
      ['extra', three, /expected 2 sig.* 3 and 3/],
      ['missing', { signatures: [first], modes: [amino] }, /got 1 and 1/],
      ['no modes', { modes: [] }, /got 2 and 0/],
      ['other bits', { bits: bitsOf(1, 1, 0) }, /verify account number/],
      ['all bits', { ...three, bits: bitsOf(1, 1, 1) }, /verify account number/],
      ['two bits', { bits: bitsOf(1, 1) }, /expected 3 bits/],
      ['padding set', { bits: padding }, /bit 7 is set/],
      ['a byte more', { bits: long }, /expected 3 bits, got 2 bytes/],
      ['DIRECT', { modes: [amino, direct] }, /multisig mode: .*got 1/],
      ['nested', { modes: [amino, { multi: {} }] }, /multisig mode: .*got none/],
      ['one mode', { authInfoBytes: AuthInfo.encode(single).finish() }, /expected multi/],
      ['unknown field', { ...raw, signatures: [unknown] }, /field 2 is unknown/],
      ['no signature', { ...raw, signatures: [new Uint8Array(0)] }, /got 0 and 2/],
    ];
    for (const [name, change, expected] of cases) {
      const isForm = !('authInfoBytes' in change);
      const tx = isForm ? assemble({ ...good, ...change } as Form) : { ...raw, ...change };
      const result = await outcome(chain, TxRaw.encode(tx).finish());
      assert.match(result, /^sdk\/4: /, name);
      assert.match(result, expected, name);
    }
    assert.equal(await outcome(chain, TxRaw.encode(raw).finish()), '/0: ');
  });
});
