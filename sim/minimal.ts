/** Delta debugging (Zeller, Hildebrandt 2002): the part of a list that it takes for something to happen. */

/** The least part of a list that the classic algorithm finds for which `fails` holds; it holds for the whole list. */
export async function minimal<T>(
  items: readonly T[],
  fails: (some: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  if (await fails([])) return [];
  let kept = items;
  let parts = 2;
  while (kept.length >= 2) {
    const reduced = await withoutOnePart(kept, parts, fails);
    if (reduced !== undefined) {
      kept = reduced;
      parts = Math.max(2, parts - 1);
    } else if (parts < kept.length) parts = Math.min(kept.length, parts * 2);
    else break;
  }
  return kept;
}

async function withoutOnePart<T>(
  items: readonly T[],
  parts: number,
  fails: (some: readonly T[]) => Promise<boolean>,
): Promise<readonly T[] | undefined> {
  const size = Math.ceil(items.length / parts);
  // What matters stands mostly at the end, so the early parts are left out first.
  for (let start = 0; start < items.length; start += size) {
    const rest = [...items.slice(0, start), ...items.slice(start + size)];
    if (rest.length < items.length && (await fails(rest))) return rest;
  }
  return undefined;
}
