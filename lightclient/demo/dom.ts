/** Finding and making elements. Texts of nodes are only ever set as text. */

/** The element with an id. @throws Error when the page has none of this class. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`#${id}: expected ${type.name}`);
}

/** Sets a text, unless it stands there already: screen readers repeat what is set anew. */
export function setText(id: string, text: string): void {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}

/** An element with a text. */
export function make(tag: string, text = '', className = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

/** Makes a badge say how something stands. */
export function setBadge(id: string, text: string, tone: 'good' | 'bad' | 'waiting'): void {
  setText(id, text);
  byId(id, HTMLElement).className = `badge ${tone}`;
}

/** Names with values, as the children of a description list. */
export function factRows(facts: readonly (readonly [string, string])[]): HTMLElement[] {
  return facts.map(([name, value]) => {
    const row = make('div');
    row.append(make('dt', name), make('dd', value));
    return row;
  });
}
