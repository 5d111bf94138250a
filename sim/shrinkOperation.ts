/** Cuts one operation down: messages, faults, and what stands in the messages, as far as a failure does not take it. */
import { minimal } from './minimal.ts';
import type { Operation } from './operation.ts';
import { smallerObject } from './shrinkValue.ts';

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
  if (smaller.fault !== undefined) {
    const faultless: Operation = { messages: smaller.messages };
    if (await fails(faultless)) smaller = faultless;
  }
  for (const [at, message] of smaller.messages.entries()) {
    const withMessage = (other: typeof message): Operation => ({
      ...smaller,
      messages: smaller.messages.with(at, other),
    });
    const other = await smallerObject(message, (some) => fails(withMessage(some)));
    smaller = withMessage(other);
  }
  return smaller;
}
