/** Ways to pay for transactions: fees of several denominations, fees that another account grants, no sequence. */
import type { JsonObject } from '../chain/descriptors/index.ts';
import type { SimulationRandom } from '../chain/testing/simulation.ts';
import type { SimulatedAccount } from './accounts.ts';
import type { Payment } from './operation.ts';

/** What every account has beside the chain's own token: a short name, and one as tokens of other chains have. */
const OTHER_DENOMS = [`ibc/${'27394FB092D2ECCD56123C74F36E4C1F'.repeat(2)}`, 'ugold'];
const BALANCE = 10n ** 15n;
/** What an allowance pays in all, of each denomination. */
const GRANTED = 10n ** 12n;
const YEAR_SECONDS = 31_536_000;

/** The denominations in which fees are paid, sorted. */
export const feeDenoms = (denom: string): readonly string[] => [...OTHER_DENOMS, denom].sort();

export interface PaymentParts {
  readonly denom: string;
  /** In the order of the simulation: the second to fourth grant fees to all others. */
  readonly accounts: readonly Pick<SimulatedAccount, 'address'>[];
  /** Type URLs of the messages that the application takes. */
  readonly messages: readonly string[];
}

const grantersOf = <T>(accounts: readonly T[]): readonly T[] => accounts.slice(1, 4);

/** How one transaction is paid for. */
export function drawPayment(random: SimulationRandom, parts: PaymentParts): Payment {
  const { denom, accounts } = parts;
  const count = random.integer(1, 3);
  const denoms = [...feeDenoms(denom)];
  while (denoms.length > count) denoms.splice(random.integer(0, denoms.length - 1), 1);
  return {
    denoms,
    ...(random.chance(0.3) ? { granter: random.pick(grantersOf(accounts)).address } : {}),
    ...(random.chance(0.2) ? { unordered: true } : {}),
  };
}

/** The genesis with several coins in all accounts, and with allowances of every kind where the chain has them. */
export function withPayments(appState: JsonObject, parts: PaymentParts): JsonObject {
  const own = new Set(parts.accounts.map(({ address }) => address));
  const bank = appState.bank as JsonObject;
  const balances = (bank.balances as JsonObject[]).map((balance) =>
    own.has(balance.address as string) ? withOtherCoins(balance) : balance,
  );
  const funded = { ...appState, bank: { ...bank, balances } };
  if (appState.feegrant === undefined) return funded;
  return { ...funded, feegrant: { allowances: allowancesOf(parts) } };
}

function withOtherCoins(balance: JsonObject): JsonObject {
  const others = OTHER_DENOMS.map((denom) => ({ denom, amount: `${BALANCE}` }));
  const coins = [...(balance.coins as { denom: string; amount: string }[]), ...others];
  return { ...balance, coins: coins.sort((a, b) => (a.denom < b.denom ? -1 : 1)) };
}

function allowancesOf({ denom, accounts, messages }: PaymentParts): JsonObject[] {
  const coins = feeDenoms(denom).map((each) => ({ denom: each, amount: `${GRANTED}` }));
  const basic = { spend_limit: coins };
  const periodic = {
    '@type': '/cosmos.feegrant.v1beta1.PeriodicAllowance',
    basic,
    period: `${YEAR_SECONDS}s`,
    period_spend_limit: coins,
    period_can_spend: coins,
    period_reset: '2030-01-01T00:00:00Z',
  };
  const kinds = [
    { '@type': '/cosmos.feegrant.v1beta1.BasicAllowance', ...basic },
    periodic,
    {
      '@type': '/cosmos.feegrant.v1beta1.AllowedMsgAllowance',
      allowance: periodic,
      allowed_messages: [...messages],
    },
  ];
  return grantersOf(accounts).flatMap(({ address: granter }, i) =>
    accounts
      .filter(({ address }) => address !== granter)
      .map(({ address: grantee }) => ({ granter, grantee, allowance: kinds[i]! })),
  );
}
