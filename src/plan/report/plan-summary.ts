import type { RepositoryPath } from '../../graph/tree.js';
import type { Label } from '../../graph/label.js';
import type { AffectedTarget, Plan, PlanContext } from '../file/plan.js';
import { boundedSummary, code, details, link, table, text } from '../../text/markdown.js';
import { drawing } from './drawing.js';
import { plural } from '../../text/plural.js';
import { waitInWords } from '../legs/waits.js';
import { planHeadline } from './plan-headline.js';

/** The most rows of a table; the others are only counted. */
const MOST_TABLE_ROWS = 200;

/** The summary of a plan, which explains to a person why CI runs what it runs. Markdown, at most 1 MiB. */
export function planSummary(plan: Plan, context: PlanContext): string {
  if (plan.nothingToDo !== null) {
    return boundedSummary([
      `## Plan: ${text(planHeadline(plan))}`,
      'So nothing is compared, tested or released.',
    ]);
  }
  return boundedSummary([
    `## Plan: ${text(planHeadline(plan))}`,
    facts(plan, context),
    ...plan.problems.map((problem) => `> [!CAUTION]\n> ${text(problem)}`),
    ...context.notices.map((notice) => `> [!WARNING]\n> ${text(notice)}`),
    ...modeTable('Tested', plan.test, plan),
    ...modeTable('Built', plan.build, plan),
    ...modeTable('Released', plan.release, plan, (label) => waitOf(label, context)),
    ...drawing(plan),
    ...reasons(plan),
    ...leftOut(plan, context),
    ...timings(plan),
  ]);
}

function facts(plan: Plan, context: PlanContext): string {
  const milliseconds = Object.values(plan.timings.steps).reduce((sum, time) => sum + time, 0);
  // If there is no base, the reason for that is also the reason why everything is affected.
  const isSaidBefore = plan.everything?.reason === context.whyBase;
  const base = plan.base === null ? 'none' : code(plan.base.commit.slice(0, 12));
  const head = code(plan.head.commit.slice(0, 12)) + (plan.head.workingTree ? ' with uncommitted files' : '');
  const share = `**${plan.affected.length}** of ${context.targetCount} targets`;
  return table(
    ['', ''],
    [
      [
        'Affected',
        plan.everything === null
          ? share
          : `${share}: **everything**, because ${text(plan.everything.reason)}`,
      ],
      ['Changes', plan.base === null ? 'not compared' : plural(plan.changes.length, 'file')],
      ['Base', isSaidBefore ? base : `${base}: ${text(context.whyBase)}`],
      ['Head', head],
      ['Mode', text(context.mode)],
      ...(context.testedBy.length === 0
        ? []
        : [
            [
              'Tested before',
              context.testedBy.map((run) => `by the ${link('run for a merge group', run)}`).join(', '),
            ],
          ]),
      ['Planned in', `${(milliseconds / 1000).toFixed(1)} s`],
      ...Object.entries(plan.timings.graphs).map(([side, way]) => [`Graph of the ${text(side)}`, text(way)]),
    ],
  );
}

/** What a release waits for, in words. */
function waitOf(label: Label, { waits }: PlanContext): string {
  const wait = waits.get(label);
  return (wait === undefined ? '' : waitInWords(wait)) || 'at once';
}

/** @param whenOf when a target runs; null if the table has no such column */
function modeTable(
  title: string,
  labels: readonly Label[],
  plan: Plan,
  whenOf: ((label: Label) => string) | null = null,
): string[] {
  if (labels.length === 0) return [];
  const reasons = new Map([
    ...plan.always.map(({ label, why }) => [label, text(why)] as const),
    ...plan.affected.map((target) => [target.label, shortReason(target)] as const),
  ]);
  const when = (label: Label): string[] => (whenOf === null ? [] : [text(whenOf(label))]);
  const rows = labels
    .slice(0, MOST_TABLE_ROWS)
    .map((label) => [code(label), reasons.get(label) ?? '', ...when(label)]);
  const more =
    labels.length > MOST_TABLE_ROWS
      ? [`… and ${labels.length - MOST_TABLE_ROWS} more, all in the plan file.`]
      : [];
  const columns = ['target', 'because', ...(whenOf === null ? [] : ['when'])];
  const body = [table(columns, rows), ...more].join('\n\n');
  const heading = `${title}: ${plural(labels.length, 'target')}`;
  return [labels.length <= 20 ? `### ${heading}\n\n${body}` : details(`<b>${heading}</b>`, body)];
}

function shortReason({ reason }: AffectedTarget): string {
  const seed = reason.path.at(-1);
  const what = reason.change === null ? '' : code(reason.change);
  if (reason.kind === 'everything') return 'everything is affected';
  const kind = text(reason.kind);
  const through = reason.path.length > 1 && seed !== undefined ? ` through ${code(seed)}` : '';
  return `${what} ${kind}${through}`.trim();
}

/**
 * The affected targets, grouped by the changed file that affects them. The longest group comes first, and the groups
 * are folded.
 */
function reasons(plan: Plan): string[] {
  if (plan.everything !== null || plan.affected.length === 0) return [];
  const byChange = new Map<RepositoryPath | null, AffectedTarget[]>();
  for (const target of plan.affected) {
    const list = byChange.get(target.reason.change) ?? [];
    list.push(target);
    byChange.set(target.reason.change, list);
  }
  const groups = [...byChange].sort(([, one], [, other]) => other.length - one.length);
  const folded = groups.map(([change, targets]) => {
    const rows = targets
      .slice(0, MOST_TABLE_ROWS)
      .map((target) => [
        code(target.label),
        text(target.ruleClass ?? 'source file'),
        text(target.reason.kind),
        target.reason.path.map(code).join(' → '),
      ]);
    const more =
      targets.length > MOST_TABLE_ROWS ? `\n\n… and ${targets.length - MOST_TABLE_ROWS} more.` : '';
    const name = change === null ? 'no single file' : code(change);
    return details(
      `${name}: ${plural(targets.length, 'target')}`,
      table(['target', 'kind', 'what changed', 'way to the change'], rows) + more,
    );
  });
  return ['### Why, by changed file', ...folded];
}

function leftOut(plan: Plan, context: PlanContext): string[] {
  const sections: string[] = [];
  if (plan.excluded.length > 0) {
    const rows = plan.excluded.slice(0, MOST_TABLE_ROWS).map(({ label, why }) => [code(label), text(why)]);
    const more =
      plan.excluded.length > MOST_TABLE_ROWS
        ? `\n\n… and ${plan.excluded.length - MOST_TABLE_ROWS} more.`
        : '';
    sections.push(
      details(
        `Affected and left out: ${plural(plan.excluded.length, 'target')}`,
        table(['target', 'left out by'], rows) + more,
      ),
    );
  }
  if (context.ignored.length > 0) {
    const rows = context.ignored.slice(0, MOST_TABLE_ROWS).map((path) => [code(path)]);
    sections.push(
      details(
        `Changes left out by the input ignore: ${plural(context.ignored.length, 'file')}`,
        table(['file'], rows),
      ),
    );
  }
  return sections;
}

function timings(plan: Plan): string[] {
  const rows = Object.entries(plan.timings.steps).map(([step, time]) => [
    text(step),
    `${(time / 1000).toFixed(2)} s`,
  ]);
  return rows.length === 0 ? [] : [details('Time by step', table(['step', 'time'], rows))];
}
