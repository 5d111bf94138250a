/** Objects whose parts are made on first use. A transaction opens every module that it may touch and uses few of their parts. */

/** What makes each part, from the object that it belongs to. */
export type Makers<T extends object> = Readonly<Record<string, (self: T) => unknown>>;

/** A prototype with a getter for each part; what a getter made is kept in the object. */
export function lazyPrototype<T extends object>(makers: Makers<T>): object {
  const prototype = {};
  for (const [name, make] of Object.entries(makers)) {
    const kept = Symbol(name);
    Object.defineProperty(prototype, name, {
      get(this: T & { [kept]?: unknown }) {
        let part = this[kept];
        if (part === undefined) {
          part = make(this);
          this[kept] = part;
        }
        return part;
      },
    });
  }
  return prototype;
}
