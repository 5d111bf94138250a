/** Cuts one operation down: messages and what stands in them, faults, ways to pay, as far as a failure does not take it. */
import { minimal } from './minimal.ts';
import type { Operation, Payment } from './operation.ts';
import { smallerObject } from './shrinkValue.ts';

/** The same operation, when nothing can be left out. */
export async function smallerOperation(
  operation: Operation,
  fails: (operation: Operation) => Promise<boolean>,
): Promise<Operation> {
  const messages = await minimal(operation.messages, (some) =>
    fails({ ...operation, messages: some }),
  );
  let smaller = await without({ ...operation, messages }, ['fault', 'payment'], fails);
  const { payment } = smaller;
  if (payment !== undefined) {
    const withPayment = (other: Payment): Operation => ({ ...smaller, payment: other });
    smaller = withPayment(await smallerPayment(payment, (other) => fails(withPayment(other))));
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

async function smallerPayment(
  payment: Payment,
  fails: (payment: Payment) => Promise<boolean>,
): Promise<Payment> {
  const smaller = await without(payment, ['granter', 'unordered'], fails);
  const denoms = await minimal(smaller.denoms, (some) => fails({ ...smaller, denoms: some }));
  return { ...smaller, denoms };
}

/** The object without those of the properties that can be left out. */
async function without<T extends object>(
  object: T,
  names: readonly (keyof T)[],
  fails: (object: T) => Promise<boolean>,
): Promise<T> {
  let smaller = object;
  for (const name of names) {
    if (smaller[name] === undefined) continue;
    const other = { ...smaller };
    delete other[name];
    if (await fails(other)) smaller = other;
  }
  return smaller;
}
