/** Transactions per second of `bank send` through four validators, with native signatures and without. */
import { createNodeVerifier } from '../chain/app/nodeVerifier.ts';
import { rememberingVerifier } from '../lightclient/rememberingVerifier.ts';
import { MsgSend } from '../wire/gen/cosmos/bank/v1beta1/tx.ts';
import { nobleVerifier, type SignatureVerifier } from '../wire/signature.ts';
import type { BenchAccount } from './support/account.ts';
import { type Bench, type BenchOptions, type Figure, figureOf } from './support/figure.ts';
import { startBenchNetwork } from './support/network.ts';
import { sendAll } from './support/throughput.ts';

const SENDERS = 200;
const GAS = 200_000n;

interface Variant {
  readonly name: string;
  makeVerifier(): SignatureVerifier | Promise<SignatureVerifier>;
  /** Transactions of each sender; more where they are faster. */
  readonly each: number;
}

/** The rivals verify in JavaScript: once for each of eight looks, or once for all. */
const VARIANTS: readonly Variant[] = [
  { name: 'native', makeVerifier: async () => (await createNodeVerifier()).verifier, each: 10 },
  {
    name: 'noble, remembered',
    makeVerifier: () => rememberingVerifier(nobleVerifier),
    each: 4,
  },
  { name: 'noble', makeVerifier: () => nobleVerifier, each: 2 },
];

/** Figures are from the first request to the last commit: CheckTx, blocks and disk of all four. */
export const bankSends: Bench = {
  name: 'bankSends',
  async run(options) {
    const figures: Figure[] = [];
    for (const variant of VARIANTS) figures.push(await measure(variant, options));
    const [native, , noble] = figures;
    return [
      ...figures,
      {
        name: 'bank send, native over noble',
        value: native!.value / noble!.value,
        unit: 'times',
        better: 'higher',
      },
    ];
  },
};

async function measure(variant: Variant, { quick, progress }: BenchOptions): Promise<Figure> {
  const rates: number[] = [];
  const each = quick ? Math.ceil(variant.each / 2) : variant.each;
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    const verifier = await variant.makeVerifier();
    const network = await startBenchNetwork({ accounts: SENDERS, verifier });
    try {
      const txs = signSends(network.accounts, each);
      const { seconds, blocks } = await sendAll(network.localnet, txs);
      rates.push(txs.length / seconds);
      progress(
        `bank send, ${variant.name}: ${txs.length} in ${blocks} blocks, ${seconds.toFixed(2)} s`,
      );
    } finally {
      await network.stop();
    }
  }
  const name = `bank send, ${variant.name} signatures`;
  return figureOf({ name, unit: 'tx/s', better: 'higher' }, rates);
}

/** Round by round, so that no two transactions of a sender are under way together. */
function signSends(accounts: readonly BenchAccount[], each: number): Uint8Array[] {
  return Array.from({ length: each }, () =>
    accounts.map((from, index) => {
      const to = accounts[(index + 1) % accounts.length]!;
      const amount = [{ denom: 'udepin', amount: '1' }];
      const value = MsgSend.encode({
        fromAddress: from.address,
        toAddress: to.address,
        amount,
      }).finish();
      return from.sign([{ typeUrl: '/cosmos.bank.v1beta1.MsgSend', value }], GAS);
    }),
  ).flat();
}
