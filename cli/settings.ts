/** Settings that come from the environment. */
import type { Terminal } from './terminal.ts';

/** Whether errors show their stacks: DEBUG is set. */
export function isDebug({ env }: Terminal): boolean {
  return env.DEBUG !== undefined && env.DEBUG !== '' && env.DEBUG !== '0';
}
