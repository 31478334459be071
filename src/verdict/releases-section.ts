import { OUTCOME_SIGN } from '../leg/report/outcome-words.js';
import { outcomeMessage, publishedBy, type OutcomeKind } from '../leg/result/outcome.js';
import { code, link, table, text } from '../text/markdown.js';
import type { JudgedTarget } from './judged-leg.js';

const MOST_ROWS = 100;
/** How many of the things that one release published are named. */
const MOST_PUBLISHED = 10;

/** What releases came to, in Markdown. What else failed is among the failed targets. */
const SHOWN: readonly OutcomeKind[] = ['released', 'unchanged', 'superseded', 'failed to release'];

/**
 * What the releases of a run published, or why they published nothing, as Markdown.
 *
 * @param repositoryUrl the address under which runs are linked that a message names; null to link none
 */
export function releasesSection(
  targets: readonly JudgedTarget[],
  jobUrlOf: (target: JudgedTarget) => string | null,
  repositoryUrl: string | null,
): string[] {
  const releases = targets.filter(({ mode, outcome }) => mode === 'release' && SHOWN.includes(outcome.kind));
  if (releases.length === 0) return [];
  const rows = releases.map((target) => {
    const { kind } = target.outcome;
    const result = link(`${OUTCOME_SIGN[kind]} ${kind}`, jobUrlOf(target));
    return [code(target.label), result, published(target) ?? why(target, repositoryUrl)];
  });
  const more = rows.length > MOST_ROWS ? `\n\nAnd ${rows.length - MOST_ROWS} more.` : '';
  return [
    `### Releases\n\n${table(['release', 'result', 'published, or why not'], rows.slice(0, MOST_ROWS))}${more}`,
  ];
}

/** Null if it says nothing about that. */
function published({ outcome }: JudgedTarget): string | null {
  const things = publishedBy(outcome);
  if (things.length === 0) return null;
  const named = things.slice(0, MOST_PUBLISHED).map(({ name, digest }) => code(`${name}@${digest}`));
  const more = things.length > MOST_PUBLISHED ? [`${things.length - MOST_PUBLISHED} more`] : [];
  return [...named, ...more].join('<br>');
}

function why({ outcome }: JudgedTarget, repositoryUrl: string | null): string {
  // The message of a failed release is among the failed targets. A release without a receipt says nothing.
  if (outcome.kind === 'failed to release' || outcome.kind === 'released') return 'nothing that it told';
  const message = outcomeMessage(outcome) ?? '';
  return repositoryUrl === null ? text(message) : withRunLinks(message, `${repositoryUrl}/actions/runs/`);
}

/** A message in which the addresses of runs of this repository are links. */
function withRunLinks(message: string, prefix: string): string {
  const shownPrefix = RegExp.escape(text(prefix));
  return text(message).replace(new RegExp(`${shownPrefix}(\\d+)`, 'g'), (_, id: string) =>
    link(`run ${id}`, prefix + id),
  );
}
