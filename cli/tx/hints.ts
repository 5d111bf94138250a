/** What to do about a transaction that failed, by the codes that people meet. The words of the chain stand above it. */

const NEW_TIMEOUT = 'send it again, with a later --timeout-height or a longer --timeout-duration';
const WAITING =
  'another transaction of the account waits for a block: send this one again when it is in, or pay what is needed with --fees to replace it';
const OTHER_GRANT = 'see what was granted with depind query feegrant allowances <grantee>';

const HINTS: ReadonlyMap<string, string> = new Map([
  [
    'sdk/4',
    'check that --from is the account that the message names, and that --chain-id, --account-number and --sequence are right; without these flags the node is asked',
  ],
  ['sdk/5', 'see what the account holds with depind query bank balances <address>'],
  ['sdk/7', 'addresses of this chain begin with depin1'],
  [
    'sdk/8',
    'the account has another key: sign with the key behind its address (see depind keys list)',
  ],
  [
    'sdk/9',
    'the account comes into being when it receives coins, or a fee allowance (depind tx feegrant grant-allowance)',
  ],
  ['sdk/11', 'give it more gas: --gas auto with a larger --gas-adjustment, or a larger --gas'],
  ['sdk/12', 'shorten --note'],
  ['sdk/13', 'pay at least what is required, with --gas-prices or --fees'],
  ['sdk/14', 'send fewer messages of different signers in one transaction'],
  ['sdk/20', 'wait until waiting transactions are in a block, and send it again'],
  ['sdk/21', 'split it into several transactions'],
  ['sdk/30', NEW_TIMEOUT],
  [
    'sdk/32',
    'another transaction of the account came in between: send it again without --sequence; for many at once use --unordered --timeout-duration 60s',
  ],
  ['sdk/41', 'ask for less --gas than a block has'],
  ['sdk/42', NEW_TIMEOUT],
  [
    'upgrade/6',
    'sign with the authority of the chain (depind query upgrade authority); a new localnet has another one with --authority',
  ],
  ['feegrant/2', `the allowance is used up: ${OTHER_GRANT}`],
  ['feegrant/3', `the allowance has ended: ${OTHER_GRANT}`],
  ['feegrant/7', `the allowance is for other messages: ${OTHER_GRANT}`],
]);

/** What may help, or undefined for a code that says all there is to say. */
export function hintFor(codespace: string, code: number, log: string): string | undefined {
  const key = `${codespace}/${code}`;
  if (key === 'sdk/32' && log.includes('replacement underpriced')) return WAITING;
  if (key === 'sdk/38' && log.includes('fee-grant')) return OTHER_GRANT;
  return HINTS.get(key);
}

/** The same for a text that ends in `(codespace/code)`, as failed queries and simulations do. */
export function hintIn(text: string): string | undefined {
  const match = /\(([a-z]+)\/(\d{1,9})\)$/.exec(text);
  return match === null ? undefined : hintFor(match[1]!, Number(match[2]), text);
}
