/** What emits the events of a module's `.proto`. */
import type { AnyDefinition } from './defineModule.ts';
import { typedEvent } from './events.ts';
import type { Frame } from './frame.ts';

/** A function for each event type that a module declares, which emits into the frame. */
export function emittersOf(definition: AnyDefinition, frame: Frame): object {
  return Object.fromEntries(
    Object.entries(definition.events ?? {}).map(([name, type]) => [
      name,
      (event: unknown) => void frame.events.push(typedEvent(type, event, frame.messageIndex)),
    ]),
  );
}
