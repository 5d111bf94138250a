import { strict as assert } from 'node:assert';
import type { LightClient } from './lightClient.ts';
import { DivergenceError } from './lightClientError.ts';
import { ProviderError } from './provider.ts';
import { makeBlock, SECOND, START } from './testing/chain.ts';
import {
  blockAt,
  blocks,
  failure,
  forkAfter,
  four,
  openClient,
  TestNode,
  withStranger,
} from './testing/nodes.ts';

const heightOf = async (client: LightClient) => (await client.status()).height;

describe('LightClient with witnesses', () => {
  it('trusts nothing that none confirms', async () => {
    const witness = new TestNode();
    const client = await openClient({ witnesses: [witness] });
    witness.failure = 'unreachable';
    const error = await failure(client.verifyToHeight(9n));
    assert.equal(error.reason, 'noWitness');
    assert.match(error.message, /^height 9: no witness confirms: witness 1: no answer$/);
    assert.equal(await heightOf(client), 3n);
    witness.failure = undefined;
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
  });

  it('does not start when none confirms the trusted header', async () => {
    const witness = new TestNode();
    witness.failure = 'timeout';
    assert.equal((await failure(openClient({ witnesses: [witness] }))).reason, 'noWitness');
  });

  it('is content when one of several confirms', async () => {
    const silent = new TestNode();
    silent.failure = 'unreachable';
    const client = await openClient({ witnesses: [silent, new TestNode()] });
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
  });

  describe('of which one gave no answer the last time', () => {
    const never = () => new Promise<never>(() => undefined);
    const open = async (silent: TestNode) => {
      silent.failure = 'timeout';
      const waits: number[] = [];
      const wait = async (ms: number) => {
        waits.push(ms);
      };
      const client = await openClient({ witnesses: [silent, new TestNode()], wait });
      silent.failure = undefined;
      return { client, waits };
    };

    it('waits for it only a little once another confirms', async () => {
      const silent = new TestNode();
      const { client, waits } = await open(silent);
      silent.signedHeader = never;
      assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
      assert.deepEqual(await client.verifyToHeight(10n), blockAt(10));
      assert.deepEqual(waits, [1_000, 1_000]);
    });

    it('hears it all the same, and waits for it again once it has answered', async () => {
      const silent = new TestNode(forkAfter(5));
      const { client } = await open(silent);
      assert.deepEqual(await client.verifyToHeight(4n), blockAt(4));
      let tell = () => {};
      const told = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const signedHeader = silent.signedHeader.bind(silent);
      silent.signedHeader = async (height) => {
        await told;
        return signedHeader(height);
      };
      const work = failure(client.verifyToHeight(9n));
      setImmediate(tell);
      assert.ok((await work) instanceof DivergenceError);
    });
  });

  it('asks one that is behind again, and waits in between', async () => {
    const behind = new TestNode(blocks.slice(0, 8));
    const ahead = new TestNode();
    const waits: number[] = [];
    const wait = async (ms: number) => {
      waits.push(ms);
      if (waits.length === 2) behind.signedHeader = ahead.signedHeader.bind(ahead);
    };
    const client = await openClient({ witnesses: [behind], wait, witnessWaitMs: 70 });
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
    assert.deepEqual(waits, [70, 70]);
  });

  it('gives up on one that stays behind', async () => {
    let waits = 0;
    const wait = async () => {
      waits += 1;
    };
    const witnesses = [new TestNode(blocks.slice(0, 8))];
    const client = await openClient({ witnesses, wait, witnessAsks: 3 });
    const error = await failure(client.verifyToHeight(9n));
    assert.match(error.message, /witness 1: it is only at height 8$/);
    assert.equal(waits, 2);
  });

  it('halts at two chains, with both headers', async () => {
    const other = forkAfter(5);
    const client = await openClient({ witnesses: [new TestNode(), new TestNode(other)] });
    assert.deepEqual(await client.verifyToHeight(5n), blockAt(5));
    const error = await failure(client.verifyToHeight(9n));
    assert.ok(error instanceof DivergenceError);
    assert.equal(error.witness, 'witness 2');
    assert.deepEqual(error.trusted, blockAt(9).signedHeader);
    assert.deepEqual(error.conflicting, other[8]!.signedHeader);
    assert.equal((await client.status()).halted, error);
    assert.equal(await heightOf(client), 5n);
    for (const work of [client.verifyToHeight(4n), client.update(), client.verifyToHeight(5n)]) {
      assert.equal(await failure(work), error);
    }
  });

  it('halts at a lower header of a later time', async () => {
    const time = START + 20n * SECOND;
    const odd = makeBlock({ height: 8n, signers: four, header: { time } });
    const witnesses = [new TestNode([...blocks.slice(0, 7), odd])];
    const error = await failure((await openClient({ witnesses })).verifyToHeight(9n));
    assert.equal(error.reason, 'diverged');
  });

  it('removes one that cannot show its chain to be signed', async () => {
    const liar = new TestNode(withStranger(9));
    const client = await openClient({ witnesses: [liar, new TestNode()] });
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
    const { removed, halted } = await client.status();
    assert.deepEqual([removed.map(({ name }) => name), halted], [['witness 1'], undefined]);
    assert.match(removed[0]!.why, /^it cannot show its header at height 9 to be signed: /);
  });

  it('does not take who served a header for a witness of it, though it has changed places', async () => {
    const attacker = new TestNode(forkAfter(5));
    const client = await openClient({ primary: attacker });
    const serve = attacker.validators.bind(attacker);
    const isSlow = async (node: unknown) => {
      if (node === attacker) throw new ProviderError('timeout', 'no answer');
    };
    attacker.validators = async (height) => {
      await client.withPrimary(isSlow);
      return serve(height);
    };
    const error = await failure(client.verifyToHeight(9n));
    assert.equal(error.reason, 'diverged');
    assert.equal((await client.status()).primary, 'witness 1');
  });

  it('fails closed when the only one is removed', async () => {
    const client = await openClient({ witnesses: [new TestNode(withStranger(9))] });
    assert.equal((await failure(client.verifyToHeight(9n))).reason, 'noWitness');
    assert.match((await failure(client.verifyToHeight(9n))).message, /there is none left/);
  });

  it('trusts nothing where one shows other priorities of the same validators', async () => {
    const validators = four.map(({ validator }) => ({ ...validator, proposerPriority: 7n }));
    const other = blocks.map((block, index) => (index < 8 ? block : { ...block, validators }));
    const witness = new TestNode(other);
    witness.validators = async () => validators;
    const client = await openClient({ witnesses: [new TestNode(), witness] }).then(
      () => assert.fail('it began'),
      (error: unknown) => error,
    );
    assert.match(String(client), /witness 2: height 3: priorities with hash/);
  });

  it('does not start where one shows another trusted header, signed or not', async () => {
    for (const other of [forkAfter(2), withStranger(3)]) {
      const witnesses = [new TestNode(), new TestNode(other)];
      const error = await failure(openClient({ witnesses }));
      assert.equal(error.reason, 'diverged');
    }
  });

  it('compares on the way back too', async () => {
    const witnesses = [new TestNode(withStranger(2)), new TestNode()];
    const liar = await openClient({ witnesses });
    assert.deepEqual(await liar.verifyToHeight(2n), blockAt(2));
    assert.equal((await liar.status()).removed.length, 1);
    const signed = makeBlock({ height: 2n, signers: four });
    const attack = blocks.map((block, index) => (index === 1 ? signed : block));
    const attacked = await openClient({ witnesses: [new TestNode(attack), new TestNode()] });
    assert.equal((await failure(attacked.verifyToHeight(2n))).reason, 'diverged');
  });

  it('goes without only when told to, and says so', async () => {
    const client = await openClient({ witnesses: [], withoutWitnesses: true });
    assert.deepEqual(await client.verifyToHeight(9n), blockAt(9));
    assert.equal((await client.status()).withoutWitnesses, true);
  });
});
