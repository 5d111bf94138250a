/** A chain whose accounts have keys of every kind, and a CosmJS wallet that signs amino JSON only. */
import {
  createMultisigThresholdPubkey,
  type MultisigThresholdPubkey,
  makeCosmoshubPath,
  pubkeyToAddress,
  Secp256k1HdWallet,
  type SinglePubkey,
} from '@cosmjs/amino';
import { type EncodeObject, Registry } from '@cosmjs/proto-signing';
import {
  AminoTypes,
  createBankAminoConverters,
  createStakingAminoConverters,
  defaultRegistryTypes,
  SigningStargateClient,
} from '@cosmjs/stargate';
import { localAppState, type ModuleParams } from '../../modules/genesis.ts';
import {
  addressOfEd25519,
  addressOfP256,
  formatAddress,
  parseAddress,
} from '../../wire/address.ts';
import { fromBase64, toBase64 } from '../../wire/bytes.ts';
import type { MsgRegisterDevice } from '../../wire/gen/depin/devices/v1/tx.ts';
import { TestDevice } from './devices.ts';
import { depindTypes } from './registry.ts';
import { MNEMONIC, TEST_CHAIN_ID, TestChain } from './testChain.ts';

export const FEE = { amount: [{ denom: 'udepin', amount: '5000' }], gas: '9000000' };
/** So dear that the gas of a transaction tells how many signatures were paid for. */
const VERIFY_COST = 1_000_000n;

export const p256Key = new TestDevice({ seed: 'account', type: 'p256', chainId: TEST_CHAIN_ID });
export const ed25519Key = new TestDevice({
  seed: 'account',
  type: 'ed25519',
  chainId: TEST_CHAIN_ID,
});
export const p256Address = formatAddress('depin', addressOfP256(p256Key.publicKey));
export const ed25519Address = formatAddress('depin', addressOfEd25519(ed25519Key.publicKey));

/** Place of an account in the genesis, which is its number; the wallet has 0, 1 and 2. */
export const ACCOUNT_NUMBER = { p256: 3, ed25519: 4, multisig: 5 } as const;

export const registry = new Registry([...defaultRegistryTypes, ...depindTypes()]);
export const aminoTypes = new AminoTypes({
  ...createBankAminoConverters(),
  ...createStakingAminoConverters(),
  '/depin.devices.v1.MsgRegisterDevice': {
    aminoType: 'depind/MsgRegisterDevice',
    toAmino: ({ owner, keyType, publicKey, signature }: MsgRegisterDevice) => ({
      owner,
      key_type: keyType,
      public_key: toBase64(publicKey),
      signature: toBase64(signature),
    }),
    fromAmino: (
      amino: Record<'owner' | 'public_key' | 'signature', string> & { key_type: number },
    ) => ({
      owner: amino.owner,
      keyType: amino.key_type,
      publicKey: fromBase64(amino.public_key, 'public_key'),
      signature: fromBase64(amino.signature, 'signature'),
    }),
  },
});

export interface AminoWallet {
  readonly client: SigningStargateClient;
  readonly keys: readonly SinglePubkey[];
  readonly addresses: readonly string[];
  /** Two of the three keys. */
  readonly multisig: MultisigThresholdPubkey;
  readonly multisigAddress: string;
}

/** Derived once: a mnemonic takes a third of a second. */
let opened: Promise<AminoWallet> | undefined;

/** Three keys of the test mnemonic, which sign in amino JSON as a hardware wallet does. */
export function openWallet(): Promise<AminoWallet> {
  opened ??= deriveWallet();
  return opened;
}

async function deriveWallet(): Promise<AminoWallet> {
  const wallet = await Secp256k1HdWallet.fromMnemonic(MNEMONIC, {
    prefix: 'depin',
    hdPaths: [0, 1, 2].map(makeCosmoshubPath),
  });
  const client = await SigningStargateClient.offline(wallet, { registry, aminoTypes });
  const accounts = await wallet.getAccounts();
  const keys = accounts.map(({ pubkey }) => ({
    type: 'tendermint/PubKeySecp256k1' as const,
    value: toBase64(pubkey),
  }));
  const multisig = createMultisigThresholdPubkey(keys, 2, true);
  return {
    client,
    keys,
    addresses: accounts.map(({ address }) => address),
    multisig,
    multisigAddress: pubkeyToAddress(multisig, 'depin'),
  };
}

/** The chain, with all accounts funded. */
export async function startChain(
  { addresses, multisigAddress }: AminoWallet,
  auth: ModuleParams[string] = {},
): Promise<TestChain> {
  const all = [...addresses, p256Address, ed25519Address, multisigAddress];
  const bytes = all.map((address) => parseAddress('depin', address));
  const validator = {
    moniker: 'node0',
    operator: bytes[0]!,
    consensusKey: new Uint8Array(32).fill(1),
    stake: 100_000_000n,
  };
  const appState = localAppState({
    accounts: bytes.map((address) => ({ address, balance: 1_000_000_000_000n })),
    validators: [validator],
    params: { auth: { sig_verify_cost_secp256k1: VERIFY_COST.toString(), ...auth } },
  });
  return TestChain.start({ appState });
}

/** Seven base units from an account to the P-256 one. */
export const send = (fromAddress: string): EncodeObject => ({
  typeUrl: '/cosmos.bank.v1beta1.MsgSend',
  value: { fromAddress, toAddress: p256Address, amount: [{ denom: 'udepin', amount: '7' }] },
});

/** `codespace/code: log`, with the same code in CheckTx and in a block. */
export async function outcome(chain: TestChain, tx: Uint8Array): Promise<string> {
  const checked = await chain.app.checkTx({ tx, type: 'new' });
  const [result] = await chain.block([tx]);
  if (checked.code !== result!.code) throw new Error(`${checked.log}, in a block: ${result!.log}`);
  return `${result!.codespace}/${result!.code}: ${result!.log}`;
}

/** How many secp256k1 verifications a transaction in a block of its own paid for, in halves. */
export async function halvesPaid(chain: TestChain, tx: Uint8Array): Promise<bigint> {
  const [result] = await chain.block([tx]);
  if (result!.code !== 0) throw new Error(result!.log);
  return (result!.gasUsed * 2n) / VERIFY_COST;
}
