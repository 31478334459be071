import type { Plan, PlanContext } from '../plan/plan.js';
import { plainLines } from '../text/plain-text.js';
import { headline, plural } from './plan-summary.js';

/** Ignored files that are named before the rest is only counted. */
const MOST_IGNORED = 10;

/** The plan for a terminal: plain text. */
export function planText(plan: Plan, context: PlanContext): string {
  if (plan.nothingToDo !== null) return plainLines([headline(plan)]);
  const base = plan.base === null ? 'nothing' : plan.base.commit.slice(0, 12);
  const head = plan.head.workingTree ? 'the working tree' : plan.head.commit.slice(0, 12);
  // Where there is no base, why is also why everything is affected.
  const whyBase = plan.everything?.reason === context.whyBase ? '' : ` (${context.whyBase})`;
  const lines = [
    `${plan.affected.length} of ${context.targetCount} targets are affected: ${headline(plan)}`,
    `  ${base} → ${head}${whyBase}, ${plural(plan.changes.length, 'changed file')}`,
    ...(plan.everything === null ? [] : [`  everything is affected: ${plan.everything.reason}`]),
    ...plan.problems.map((problem) => `  problem: ${problem}`),
    ...ignoredLines(context.ignored),
    ...context.notices.map((notice) => `  note: ${notice}`),
  ];
  const always = new Map(plan.always.map(({ label, why }) => [label, ` (${why})`]));
  for (const [title, labels] of [
    ['test', plan.test],
    ['build', plan.build],
    ['release', plan.release],
  ] as const) {
    if (labels.length > 0)
      lines.push('', `${title}:`, ...labels.map((label) => `  ${label}${always.get(label) ?? ''}`));
  }
  if (plan.excluded.length > 0) {
    lines.push('', 'left out:', ...plan.excluded.map(({ label, why }) => `  ${label} (${why})`));
  }
  return plainLines(lines);
}

function ignoredLines(ignored: readonly string[]): string[] {
  const more = ignored.length - MOST_IGNORED;
  return [
    ...ignored.slice(0, MOST_IGNORED).map((path) => `  ignored: ${path}`),
    ...(more > 0 ? [`  ignored: ${more} more`] : []),
  ];
}
