/** Cuts one operation down: messages and entries of lists that a failure does not take. */
import type { SimulatedMessage } from '../chain/testing/simulation.ts';
import { minimal } from './minimal.ts';
import type { Operation } from './operation.ts';

/** The same operation, when nothing can be left out. */
export async function smallerOperation(
  operation: Operation,
  fails: (operation: Operation) => Promise<boolean>,
): Promise<Operation> {
  let smaller = operation;
  const messages = await minimal(operation.messages, (some) =>
    fails({ ...operation, messages: some }),
  );
  if (messages.length < operation.messages.length) smaller = { ...operation, messages };
  for (const [at, message] of smaller.messages.entries()) {
    for (const [field, entries] of Object.entries(message)) {
      if (!Array.isArray(entries)) continue;
      const withEntries = (some: readonly unknown[]): Operation => {
        const other = { ...smaller.messages[at], [field]: some } as SimulatedMessage;
        return { ...smaller, messages: smaller.messages.with(at, other) };
      };
      const kept = await minimal<unknown>(entries, (some) => fails(withEntries(some)));
      if (kept.length < entries.length) smaller = withEntries(kept);
    }
  }
  return smaller;
}
