/** A count with its noun: `1 target`, `2 targets`. The plural of the noun has to end in an s. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
