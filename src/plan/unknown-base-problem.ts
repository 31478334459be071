import type { RuleTarget } from '../graph/target.js';
import type { BaseFrom } from './file/plan.js';

/** The most withheld releases that the problem names; the others are only counted. */
const MOST_NAMED_RELEASES = 20;

/**
 * The problem of a plan that withholds its releases. It makes the verdict a failure, so that a later plan includes them
 * again.
 *
 * @param releases the releases that are only built; if there are none, there is no problem
 * @param why why the base is unknown
 */
export function unknownBaseProblem(
  releases: readonly RuleTarget[],
  why: string,
  baseFrom: BaseFrom,
): string[] {
  if (releases.length === 0) return [];
  const more = releases.length - MOST_NAMED_RELEASES;
  const named = releases
    .slice(0, MOST_NAMED_RELEASES)
    .map(({ label }) => label)
    .join(', ');
  const when =
    baseFrom === 'last green run'
      ? 'The next run with a known base releases them, and so does this one if all its jobs are run again.'
      : 'No later run releases them by itself: run all jobs of this run again, or start the workflow by hand with the input base.';
  return [
    `Nothing is released, because the base is unknown (${why}): ` +
      `${named}${more > 0 ? ` and ${more} more` : ''} ${releases.length === 1 ? 'is' : 'are'} only built. ${when}`,
  ];
}
