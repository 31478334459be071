import type { Label } from '../../graph/label.js';
import type { Plan, PlanContext } from '../file/plan.js';
import { plainLines } from '../../text/plain-text.js';
import { plural } from '../../text/plural.js';
import { waitInWords } from '../legs/waits.js';
import { planHeadline } from './plan-headline.js';

/** The most ignored files to name; the others are only counted. */
const MOST_IGNORED = 10;

/** The most targets of a list to name. A longer log would not be read, and the plan file contains all of them. */
const MOST_TARGETS = 10_000;

/** The plan for a terminal: plain text. */
export function planText(plan: Plan, context: PlanContext): string {
  if (plan.nothingToDo !== null) return plainLines([planHeadline(plan)]);
  const base = plan.base === null ? 'nothing' : plan.base.commit.slice(0, 12);
  const head = plan.head.workingTree ? 'the working tree' : plan.head.commit.slice(0, 12);
  // If there is no base, the reason for that is also the reason why everything is affected.
  const whyBase = plan.everything?.reason === context.whyBase ? '' : ` (${context.whyBase})`;
  const lines = [
    `${plan.affected.length} of ${context.targetCount} targets are affected: ${planHeadline(plan)}`,
    `  ${base} → ${head}${whyBase}, ${plural(plan.changes.length, 'changed file')}`,
    ...(plan.everything === null ? [] : [`  everything is affected: ${plan.everything.reason}`]),
    ...plan.problems.map((problem) => `  problem: ${problem}`),
    ...context.testedBy.map((run) => `  tested before, by the run for a merge group: ${run}`),
    ...ignoredLines(context.ignored),
    ...context.notices.map((notice) => `  note: ${notice}`),
  ];
  const always = new Map(plan.always.map(({ label, why }) => [label, ` (${why})`]));
  const named = (labels: readonly Label[]): string[] =>
    labels.map((label) => `${label}${always.get(label) ?? ''}`);
  const excluded = plan.excluded.map(({ label, why }) => `${label} (${why})`);
  return plainLines([
    ...lines,
    ...listed('test', named(plan.test)),
    ...listed('build', named(plan.build)),
    ...listed(
      'release',
      plan.release.map((label) => withWait(label, context)),
    ),
    ...listed('left out', excluded),
  ]);
}

/** A release with what it waits for. */
function withWait(label: Label, { waits }: PlanContext): string {
  const wait = waits.get(label);
  const words = wait === undefined ? '' : waitInWords(wait);
  return words === '' ? label : `${label} (${words})`;
}

function listed(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length - MOST_TARGETS;
  return [
    '',
    `${title}:`,
    ...items.slice(0, MOST_TARGETS).map((item) => `  ${item}`),
    ...(more > 0 ? [`  … and ${more} more, all in the plan file`] : []),
  ];
}

function ignoredLines(ignored: readonly string[]): string[] {
  const more = ignored.length - MOST_IGNORED;
  return [
    ...ignored.slice(0, MOST_IGNORED).map((path) => `  ignored: ${path}`),
    ...(more > 0 ? [`  ignored: ${more} more`] : []),
  ];
}
