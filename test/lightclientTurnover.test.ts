/** Proofs in one piece where the validators changed too much for one step of trust. */
import { strict as assert } from 'node:assert';
import { decodeBundle, encodeBundle, type ProofBundle } from '../lightclient/bundle/index.ts';
import {
  type DeviceVerification,
  LightClient,
  type Provider,
  ProviderError,
  verifyDevice,
  verifyProofBundle,
} from '../lightclient/index.ts';
import { rememberingVerifier } from '../lightclient/rememberingVerifier.ts';
import { flipped, SECOND, signersOf, withSignature } from '../lightclient/testing/chain.ts';
import { linkedChain } from '../lightclient/testing/linkedChain.ts';
import type { LightBlock, TrustedState } from '../lightclient/types.ts';
import { hashHeader } from '../wire/header.ts';
import { nobleVerifier } from '../wire/signature.ts';
import { devices, world } from './support/deviceQuestions.ts';
import { STATE_HEIGHT } from './support/deviceWorld.ts';

const TARGET = Number(STATE_HEIGHT) + 1;
const PERIOD = 3_600n * SECOND;
const verifier = rememberingVerifier(nobleVerifier);
const { chainId, now } = world.options;
const deviceId = devices.ed25519.id;

// One of four leaves with every block: trust reaches two blocks far.
const everyone = signersOf('turnover', new Array<bigint>(TARGET + 5).fill(10n));
const blocks = linkedChain({
  length: TARGET,
  signersAt: (height) => everyone.slice(height, height + 4),
  headerAt: (height) => (height === TARGET ? { appHash: world.appHash } : {}),
});
const at = (height: number | bigint): LightBlock => blocks[Number(height) - 1]!;
const trust = { height: 1n, hash: hashHeader(at(1).signedHeader.header) };
const settings = { chainId, now, trusted: trust, trustingPeriod: PERIOD, verifier };

/** A node that serves this chain, and of the devices what the world has. */
function node(change: Partial<Provider> = {}): Provider {
  return {
    abciQuery: (query) => world.abciQuery(query),
    status: async () => ({ ...(await world.status()), latestHeight: BigInt(TARGET) }),
    signedHeader: async (height = BigInt(TARGET)) => at(height).signedHeader,
    validators: async (height) =>
      height > TARGET ? at(TARGET).nextValidators : at(height).validators,
    ...change,
  };
}

const ask = (provider = node()) =>
  verifyDevice({ provider, chainId, trust, deviceId, now, trustingPeriod: PERIOD, verifier });

async function clientOf(provider: () => Provider = node): Promise<LightClient> {
  return LightClient.create({
    chainId,
    primary: provider(),
    witnesses: [provider()],
    trust: { ...trust, period: PERIOD },
    verifier,
    now: () => now,
  });
}

const outcome = ({ verified, steps }: DeviceVerification): string => {
  const { name, detail } = steps.at(-1)!;
  return verified ? 'verified' : `${name}: ${detail}`;
};

async function judge(bundle: Uint8Array, trusted: typeof trust | TrustedState = trust) {
  return outcome(await verifyProofBundle(bundle, { ...settings, trusted }));
}

function exported(result: DeviceVerification): Uint8Array {
  assert.ok(result.exportProof, outcome(result));
  return result.exportProof();
}

const heightsOf = ({ links }: ProofBundle): readonly bigint[] =>
  links.map(({ signedHeader }) => signedHeader.header.height);

describe('a proof in one piece over a turnover of validators', () => {
  let whole: Uint8Array;
  let bundle: ProofBundle;
  before(async () => {
    whole = exported(await ask());
    bundle = decodeBundle(whole);
  });

  it('holds the headers in between that one step does not reach', async () => {
    assert.ok(bundle.links.length >= 3, `${heightsOf(bundle)}`);
    assert.equal(await judge(whole), 'verified');
  });

  it('holds none where one step is enough', async () => {
    const near = verifyDevice({
      ...{ provider: node(), chainId, deviceId, now, trustingPeriod: PERIOD, verifier },
      trust: { height: 9n, hash: hashHeader(at(9).signedHeader.header) },
    });
    assert.deepEqual(decodeBundle(exported(await near)).links, []);
  });

  it('is the same of a light client that went there little by little', async () => {
    const client = await clientOf();
    for (let height = 2n; height <= TARGET; height++) await client.verifyToHeight(height);
    const bytes = exported(await client.verifyDevice(deviceId));
    assert.ok(decodeBundle(bytes).links.length >= 3);
    assert.equal(await judge(bytes), 'verified');
  });

  it('is verified from trusted blocks in between, by the headers above them', async () => {
    for (const height of [2, 5, 8, 9]) assert.equal(await judge(whole, at(height)), 'verified');
  });

  it('says where trust ends when it was exported without them', async () => {
    const bytes = (await ask()).exportProof!({ from: 'commit' });
    assert.equal(await judge(bytes, at(9)), 'verified');
    assert.match(await judge(bytes, at(1)), /^header at H\+1: height 10: notEnoughTrust: got/);
  });

  it('refuses every byte changed', async () => {
    for (let byte = 0; byte < whole.length; byte += 61) {
      assert.notEqual(await judge(flipped(whole, byte)), 'verified', `byte ${byte}`);
    }
  });

  it('refuses headers that are missing, out of order, twice, or wrongly signed', async () => {
    const { links } = bundle;
    const middle = links[2]!;
    const { height } = middle.signedHeader.header;
    const forged = withSignature(at(height), 3, { signature: new Uint8Array(64) });
    const { signedHeader } = forged;
    for (const [changed, expected] of [
      [links.slice(1), /notEnoughTrust/],
      [links.toSpliced(1, 2), /notEnoughTrust/],
      [[], /notEnoughTrust/],
      [links.toReversed(), /^header at H\+1: height \d+: /],
      [links.toSpliced(2, 0, middle), /height/],
      [links.with(2, { ...middle, signedHeader }), /signature: got/],
    ] as const) {
      assert.match(await judge(encodeBundle({ ...bundle, links: changed })), expected);
    }
  });

  it('refuses more than 32, and headers without signatures', async () => {
    const many = new Array(33).fill(bundle.links[0]);
    assert.match(
      await judge(encodeBundle({ ...bundle, links: many })),
      /links: expected at most 32/,
    );
    const bare = Uint8Array.of(...whole, 0x6a, 0);
    assert.match(await judge(bare), /bundle\.links\.header: expected the canonical encoding/);
  });

  const silent = (): Provider => {
    let isOver = false;
    return node({
      signedHeader: async (height = BigInt(TARGET)) => {
        if (isOver) throw new ProviderError('notFound', `height ${height} is pruned`);
        return at(height).signedHeader;
      },
      abciQuery: (query) => {
        isOver = true;
        return world.abciQuery(query);
      },
    });
  };
  const lying = (): Provider =>
    node({
      // Of the last of four: it is not needed to trust the header.
      signedHeader: async (height = BigInt(TARGET)) => {
        const block = at(height);
        const isBetween = height > 1n && height < TARGET;
        const zeros = { signature: new Uint8Array(64) };
        return (isBetween ? withSignature(block, 3, zeros) : block).signedHeader;
      },
    });
  for (const [what, provider] of [
    ['a node serves them no more', silent],
    ['a vote in them is wrong', lying],
  ] as const) {
    it(`is exported for whoever has followed the chain when ${what}`, async () => {
      const client = await clientOf(provider);
      const result = await client.verifyDevice(deviceId);
      assert.equal(outcome(result), 'verified');
      assert.throws(() => result.exportProof!({ from: 'root' }), /^RangeError: from: /);
      const bytes = exported(result);
      assert.deepEqual([decodeBundle(bytes).root, decodeBundle(bytes).links], [undefined, []]);
      assert.equal(await judge(bytes, at(9)), 'verified');
    });
  }
});
