/**
 * The position of a text in a list that is sorted by a text of each item (in code units).
 *
 * @returns the index of the first item whose text is not less than it; the number of items if there is none
 */
export function lowerBound<Item>(
  items: readonly Item[],
  text: string,
  textOf: (item: Item) => string,
): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && textOf(item) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The items sorted by a text of each, in code units. If they are already sorted, the same list is returned. */
export function sortedBy<Item>(items: readonly Item[], textOf: (item: Item) => string): readonly Item[] {
  const isSorted = items.every((item, index) => {
    const before = items[index - 1];
    return before === undefined || textOf(before) <= textOf(item);
  });
  if (isSorted) return items;
  return [...items].sort((one, other) => compareTexts(textOf(one), textOf(other)));
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
