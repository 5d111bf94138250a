/** Settings that come from the environment, and flags that are checked but kept as text. */
import { parseGasPrices } from '../chain/app/fees.ts';
import type { Terminal } from './terminal.ts';
import { checked } from './values.ts';

/** Whether errors show their stacks: DEBUG is set. */
export function isDebug({ env }: Terminal): boolean {
  return env.DEBUG !== undefined && env.DEBUG !== '' && env.DEBUG !== '0';
}

/** Gas prices in the form that applications read. */
export const checkGasPrices = checked((text: string): string => {
  parseGasPrices(text);
  return text;
});
