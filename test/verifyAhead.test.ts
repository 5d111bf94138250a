/** The signatures of a block are verified ahead in one batch, and nothing that the block gives depends on it. */
import assert from 'node:assert/strict';
import type { EncodeObject } from '@cosmjs/proto-signing';
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import type { ServerVerifier, SignatureJob } from '../chain/crypto/backend.ts';
import { CELL, WEATHER } from '../modules/sensors/testing/stations.ts';
import { parseAddress } from '../wire/address.ts';
import type { SignedReport } from '../wire/gen/depin/devices/v1/devices.ts';
import { REPORT_KIND, weatherPayload } from '../wire/reportPayload.ts';
import { nobleVerifier, type SignatureVerifier } from '../wire/signature.ts';
import { TestDevice } from './support/devices.ts';
import { TEST_CHAIN_ID, type TestAccount, TestChain } from './support/testChain.ts';

/** A verifier that tells what it was asked for, in batches and one by one. */
function listening(base: SignatureVerifier = nobleVerifier): {
  readonly verifier: ServerVerifier;
  readonly batches: (readonly SignatureJob[])[];
  readonly singles: Uint8Array[];
} {
  const batches: (readonly SignatureJob[])[] = [];
  const singles: Uint8Array[] = [];
  const verifier: ServerVerifier = {
    ...base,
    secp256k1(signature, message, publicKey) {
      singles.push(signature);
      return base.secp256k1(signature, message, publicKey);
    },
    startAll(jobs) {
      batches.push(jobs);
      return () =>
        jobs.map(({ type, ...job }) => base[type](job.signature, job.message, job.publicKey));
    },
  };
  return { verifier, batches, singles };
}

/** A block with a transfer, two of one sender, a broken signature, a wrong sequence, and garbage. */
async function hostileBlock(chain: TestChain): Promise<Uint8Array[]> {
  const [a, b, c, d] = chain.accounts;
  const send = (from: typeof a, to: typeof a) => [
    {
      typeUrl: '/cosmos.bank.v1beta1.MsgSend',
      value: {
        fromAddress: from!.address,
        toAddress: to!.address,
        amount: [{ denom: 'udepin', amount: '5' }],
      },
    },
  ];
  const broken = (await c!.sign(send(c, a))).slice();
  broken[broken.length - 1]! ^= 1;
  return [
    await a!.sign(send(a, b), { sequence: 0 }),
    await a!.sign(send(a, c), { sequence: 1 }),
    broken,
    await d!.sign(send(d, a), { sequence: 7 }),
    Uint8Array.of(1, 2, 3),
    await b!.sign(send(b, a), { sequence: 0 }),
  ];
}

describe('verifying a block ahead', () => {
  it('asks for every signature of the block in one batch, and for none of them again', async () => {
    const { verifier, batches, singles } = listening();
    const chain = await TestChain.start({ verifier });
    const txs = await hostileBlock(chain);
    batches.length = 0;
    await chain.block(txs);
    const [jobs] = batches;
    assert.equal(batches.length, 1);
    assert.equal(jobs!.length, 5);
    assert.equal(singles.length, 0);
    await chain.app.close();
  });

  it('gives the same results with native code on all cores, and without', async () => {
    const outcomes = [];
    for (const verifier of [nobleVerifier, (await createNodeVerifier()).verifier]) {
      const chain = await TestChain.start({ verifier });
      const results = await chain.block(await hostileBlock(chain));
      outcomes.push({ results, appHash: chain.app.store.appHash });
      await chain.app.close();
    }
    assert.deepEqual(
      outcomes[0]!.results.map(({ code }) => code),
      [0, 0, 4, 32, 2, 0],
    );
    assert.deepEqual(outcomes[1], outcomes[0]);
  });

  it('gives the same results for a full block of device reports, some forged, repeated or too early', async () => {
    const { secp256k1, p256, ed25519 } = (await createNodeVerifier()).verifier;
    const single = { secp256k1, p256, ed25519 };
    const { verifier, batches } = listening(single);
    const outcomes = [];
    let block: readonly (readonly Uint8Array[])[] | undefined;
    for (const each of [single, verifier]) {
      const chain = await TestChain.start({ verifier: each });
      block ??= await reportBlocks(chain);
      const [registered] = await chain.block(block[0]!);
      assert.equal(registered!.code, 0, registered!.log);
      batches.length = 0;
      // Other arrays: what was decoded of the same ones is remembered.
      const results = await chain.block(block[1]!.map((tx) => tx.slice()));
      outcomes.push({ results, appHash: chain.app.store.appHash });
      await chain.app.close();
    }
    checkBatches(batches);
    const codes = new Set(outcomes[0]!.results.map(({ code }) => code));
    assert.ok(outcomes[0]!.results.length > REPORT_TXS && codes.size > 2, [...codes].join());
    assert.deepEqual(outcomes[1], outcomes[0]);
  });

  it('looks at no more transactions at a time than have signatures enough', async () => {
    const { secp256k1, p256, ed25519 } = (await createNodeVerifier()).verifier;
    const { verifier, batches } = listening({ secp256k1, p256, ed25519 });
    const chain = await TestChain.start({ verifier });
    const [owner] = chain.accounts as [TestAccount];
    const station = deviceOf(0);
    await chain.block([await owner.sign(registration(owner.address, station))]);
    const reports = Array.from({ length: 100 }, (_, i) => weather(chain, station, BigInt(i + 1)));
    const value = { submitter: owner.address, reports };
    const message = { typeUrl: '/depin.devices.v1.MsgSubmitReports', value };
    const txs: Uint8Array[] = [];
    for (let i = 0; i < 8; i++) txs.push(await owner.sign([message], { gas: 100_000_000 }));
    batches.length = 0;
    await chain.block(txs);
    assert.deepEqual(
      batches.map(({ length }) => length),
      [606, 202],
    );
    await chain.app.close();
  });
});

/** More transactions than are verified in one step. */
const REPORT_TXS = 132;
const KEY_TYPES = ['ed25519', 'p256', 'secp256k1'] as const;

const deviceOf = (index: number): TestDevice =>
  new TestDevice({
    seed: `ahead ${index}`,
    type: KEY_TYPES[index % KEY_TYPES.length]!,
    chainId: TEST_CHAIN_ID,
  });

function registration(owner: string, device: TestDevice): EncodeObject[] {
  const { id, protoType: keyType, publicKey } = device;
  const signature = device.enrolment(parseAddress('depin', owner));
  return [
    {
      typeUrl: '/depin.devices.v1.MsgRegisterDevice',
      value: { owner, keyType, publicKey, signature },
    },
    {
      typeUrl: '/depin.sensors.v1.MsgRegisterStation',
      value: { owner, deviceId: id, model: 'WS2000', cell: CELL },
    },
  ];
}

/** A report of a station that is good in itself. */
function weather(chain: TestChain, device: TestDevice, sequence: bigint): SignedReport {
  const payload = weatherPayload.encode(WEATHER);
  const timeMs = chain.timeNs / 1_000_000n + sequence;
  return device.report({ sequence, timeMs, kind: REPORT_KIND.weather, payload });
}

/**
 * A block that registers devices, and one with reports of all of them in turn, in whose middle one more is registered,
 * which reports before and after.
 */
async function reportBlocks(chain: TestChain): Promise<readonly (readonly Uint8Array[])[]> {
  const owner = chain.accounts[0]!;
  const devices = Array.from({ length: 6 }, (_, i) => deviceOf(i));
  const messages = devices.flatMap((device) => registration(owner.address, device));
  const first = await owner.sign(messages, { gas: 20_000_000 });
  const newcomer = deviceOf(100);
  const submit = (reports: readonly SignedReport[], place: number): Promise<Uint8Array> => {
    const submitter = chain.accounts[place % 4]!;
    const value = { submitter: submitter.address, reports };
    const message = { typeUrl: '/depin.devices.v1.MsgSubmitReports', value };
    return submitter.sign([message], { gas: 2_000_000 });
  };
  const txs: Uint8Array[] = [];
  for (let i = 0; i < REPORT_TXS; i++) {
    const device = devices[i % devices.length]!;
    const report = weather(chain, device, BigInt(Math.floor(i / devices.length) + 1));
    const { signature } = report;
    const forged = { ...report, signature: signature.with(40, signature[40]! ^ 1) };
    const early = weather(chain, newcomer, BigInt(i + 1));
    if (i === REPORT_TXS / 2) {
      txs.push(await owner.sign(registration(owner.address, newcomer), { gas: 5_000_000 }));
    }
    txs.push(
      await submit(i % 11 === 3 ? [forged] : i % 7 === 2 ? [report, report, early] : [report], i),
    );
  }
  return [[first], txs];
}

/** All but those of a device that was not there yet, with the signatures of the transactions around them. */
function checkBatches(batches: readonly (readonly SignatureJob[])[]): void {
  assert.equal(batches.length, 3, 'three steps');
  const types = new Map<string, number>();
  for (const { type } of batches.flat()) types.set(type, (types.get(type) ?? 0) + 1);
  for (const type of KEY_TYPES)
    assert.ok(types.get(type)! >= REPORT_TXS / 3, `${type}: ${types.get(type)}`);
}
