import type { Label } from '../../graph/label.js';
import { code, details, fence } from '../../text/markdown.js';
import type { Outcome } from '../result/outcome.js';

/** How many releases are shown at most. */
const MOST_SHOWN = 50;

/**
 * What releases would do that were only built, as far as they say it, as Markdown.
 *
 * @returns nothing if none says it
 */
export function dryRuns(targets: readonly { readonly label: Label; readonly outcome: Outcome }[]): string[] {
  const shown = targets.flatMap(({ label, outcome }) => {
    const said = outcome.kind === 'built' ? outcome.logs.flatMap(({ tail }) => tail ?? []) : [];
    return said.length === 0 ? [] : [details(code(label), fence(said.join('\n')))];
  });
  if (shown.length === 0) return [];
  const more = shown.length - MOST_SHOWN;
  return [
    '### What would be released',
    ...shown.slice(0, MOST_SHOWN),
    ...(more > 0 ? [`And ${more} more.`] : []),
  ];
}
