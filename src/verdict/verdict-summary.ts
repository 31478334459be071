import { problemSentences } from './problem.js';
import type { JudgedLeg, JudgedTarget } from './judged-leg.js';
import type { PlannedLegs } from '../plan/file/planned-legs.js';
import { durationOf, OUTCOME_KINDS, outcomeMessage } from '../leg/result/outcome.js';
import { releasesSection } from './releases-section.js';
import type { Verdict } from './verdict.js';
import { failureSection, withoutResult } from '../leg/report/failure-section.js';
import {
  boundedSummary,
  bulletList,
  code,
  details,
  fence,
  firstOpen,
  link,
  mermaidText,
  SUMMARY_BYTES,
  table,
  text,
  type Block,
} from '../text/markdown.js';
import { dryRuns } from '../leg/report/dry-runs.js';
import { describeOutcome, formatDuration, OUTCOME_SIGN } from '../leg/report/outcome-words.js';
import { plural } from '../text/plural.js';

const MOST_PROBLEMS = 50;
const MOST_NOTES = 50;
const MOST_WITHHELD = 50;
const SLOWEST = 10;
/** With more bars than this, the diagram is unreadable. */
const MOST_BARS = 30;

/** The content of the summary. */
export interface VerdictPage {
  readonly verdict: Verdict;
  /** Null if the plan cannot be read. */
  readonly planned: PlannedLegs | null;
  /** The address of each leg's job, by the leg's name, as far as known. */
  readonly jobUrls: ReadonlyMap<string, string>;
  /** The address of the repository; null if it is unknown. */
  readonly repositoryUrl: string | null;
}

/**
 * The run's summary as Markdown: first the verdict, then the failures with the ends of their logs, then everything
 * else.
 */
export function verdictSummary(page: VerdictPage, maxBytes: number = SUMMARY_BYTES): string {
  const { verdict, planned, jobUrls, repositoryUrl } = page;
  const notPassed = verdict.targets.filter(({ standing }) => standing === 'failed');
  const jobUrlOf = ({ leg }: JudgedTarget) => jobUrls.get(leg) ?? null;
  const section = (target: JudgedTarget) =>
    failureSection(target.label, target.mode, target.outcome, jobUrlOf(target));
  const failed = notPassed.filter(({ outcome }) => outcome.kind !== 'no status').map(section);
  const flaky = verdict.targets
    .filter(({ outcome, standing }) => outcome.kind === 'flaky' && standing === 'passed')
    .map(section);
  const bazelSaid = bazelMessages(verdict.legs);
  const sign = verdict.conclusion === 'success' ? '✅' : '❌';
  return boundedSummary(
    [
      `## ${sign} ${text(verdict.headline)}`,
      ...everything(planned),
      ...list('Problems', problemSentences(verdict.problems), MOST_PROBLEMS),
      ...(failed.length === 0 ? [] : ['### Failed targets', ...firstOpen(failed)]),
      ...withoutResult(notPassed, jobUrlOf),
      ...(failed.length === 0 ? firstOpen(bazelSaid) : bazelSaid.map(folded)),
      ...withheldSection(verdict.targets),
      ...(flaky.length === 0
        ? []
        : ['### Flaky tests', 'They failed and then passed, so they count as passed.', ...flaky.map(folded)]),
      ...releasesSection(verdict.targets, jobUrlOf, repositoryUrl),
      ...totals(verdict.targets),
      ...list('Notes', verdict.notes, MOST_NOTES),
      ...times(verdict.legs),
      ...slowest(verdict.targets),
      ...gantt(verdict.legs),
      ...legTable(page),
      ...dryRuns(verdict.targets),
    ],
    maxBytes,
  );
}

function folded({ summary, body }: Block): string {
  return details(summary, body);
}

function everything(planned: PlannedLegs | null): string[] {
  const reason = planned?.everythingReason ?? null;
  return reason === null ? [] : [`Everything is affected: ${text(reason)}`];
}

function list(title: string, lines: readonly string[], most: number): string[] {
  return lines.length === 0 ? [] : [`**${title}**`, bulletList(lines.map(text), most)];
}

function totals(targets: readonly JudgedTarget[]): string[] {
  if (targets.length === 0) return [];
  const worstFirst = [...OUTCOME_KINDS].reverse();
  const counts = Map.groupBy(targets, ({ outcome }) => outcome.kind);
  const rows = worstFirst.flatMap((kind) => {
    const count = counts.get(kind)?.length ?? 0;
    return count === 0 ? [] : [[`${OUTCOME_SIGN[kind]} ${kind}`, String(count)]];
  });
  return [table(['result', 'targets'], [...rows, ['all', String(targets.length)]])];
}

function withheldSection(targets: readonly JudgedTarget[]): string[] {
  const withheld = targets.filter(({ standing }) => standing === 'withheld');
  if (withheld.length === 0) return [];
  const byReason = Map.groupBy(withheld, ({ outcome }) => outcomeMessage(outcome) ?? '');
  const lists = [...byReason].flatMap(([reason, ofReason]) => [
    text(reason),
    bulletList(
      ofReason.map(({ label }) => code(label)),
      MOST_WITHHELD,
    ),
  ]);
  return ['### Withheld', ...lists];
}

/** Bazel's messages. A message that several legs have is shown once. */
function bazelMessages(legs: readonly JudgedLeg[]): Block[] {
  const said = legs.flatMap(({ name, result }) =>
    result === null || result.status === 'succeeded' || result.bazel.message === null
      ? []
      : [{ name, message: result.bazel.message }],
  );
  return [...Map.groupBy(said, ({ message }) => message)].map(([message, ofLegs]) => ({
    summary: `What Bazel said in ${text(ofLegs[0]?.name ?? '')}${ofLegs.length > 1 ? ` and ${ofLegs.length - 1} more` : ''}`,
    body: fence(message),
  }));
}

function times(legs: readonly JudgedLeg[]): string[] {
  const spans = legs.flatMap(({ result }) => (result === null ? [] : [spanOf(result)]));
  if (spans.length === 0) return [];
  const wall = Math.max(...spans.map(({ end }) => end)) - Math.min(...spans.map(({ start }) => start));
  const sum = spans.reduce((total, { start, end }) => total + end - start, 0);
  return [
    `${plural(spans.length, 'leg')} took ${formatDuration(wall)} from first to last, and ${formatDuration(sum)} one after the other.`,
  ];
}

function slowest(targets: readonly JudgedTarget[]): string[] {
  const timed = targets
    .filter(({ outcome }) => outcome.kind !== 'cached')
    .map((target) => ({ target, duration: durationOf(target.outcome) ?? 0 }))
    .filter(({ duration }) => duration > 0)
    .sort((a, b) => b.duration - a.duration)
    .slice(0, SLOWEST);
  if (timed.length < 2) return [];
  const rows = timed.map(({ target, duration }) => [
    code(target.label),
    text(describeOutcome(target.outcome)),
    formatDuration(duration),
  ]);
  return [`### Slowest targets\n\n${table(['target', 'result', 'time'], rows)}`];
}

function gantt(legs: readonly JudgedLeg[]): string[] {
  const reported = legs.flatMap(({ mode, name, result }) =>
    result === null ? [] : [{ mode, name, result }],
  );
  if (reported.length < 2 || reported.length > MOST_BARS) return [];
  const sections = [...Map.groupBy(reported, ({ mode }) => mode)].map(([mode, ofMode]) =>
    [
      `  section ${mode}`,
      ...ofMode.map(({ name, result }) => {
        const { start, end } = spanOf(result);
        const state = result.status === 'succeeded' ? 'done' : 'crit';
        return `  ${mermaidText(name)} :${state}, ${start}, ${Math.max(end, start + 1000)}`;
      }),
    ].join('\n'),
  );
  return [['```mermaid', 'gantt', '  dateFormat x', '  axisFormat %H:%M:%S', ...sections, '```'].join('\n')];
}

function legTable({ verdict, jobUrls }: VerdictPage): string[] {
  if (verdict.legs.length === 0) return [];
  const byLeg = Map.groupBy(verdict.targets, ({ mode, leg }) => JSON.stringify([mode, leg]));
  const rows = verdict.legs.map(({ name, mode, result }) => {
    const targets = byLeg.get(JSON.stringify([mode, name])) ?? [];
    return [
      link(name, jobUrls.get(name) ?? null),
      mode,
      legStatusCell(result, targets),
      `${targets.filter(({ standing }) => standing === 'passed').length} of ${targets.length}`,
      formatDuration(result?.durationMs ?? null),
    ];
  });
  const shown = table(['leg', 'mode', 'status', 'passed targets', 'time'], rows);
  return [rows.length > 10 ? details(`All ${rows.length} legs`, shown) : `### Legs\n\n${shown}`];
}

function legStatusCell(result: JudgedLeg['result'], targets: readonly JudgedTarget[]): string {
  if (targets.some(({ standing }) => standing === 'withheld')) return `${OUTCOME_SIGN.withheld} withheld`;
  if (result === null) return '❔ no result';
  return `${result.status === 'succeeded' ? '✅' : '❌'} ${result.status}`;
}

function spanOf(result: NonNullable<JudgedLeg['result']>): { start: number; end: number } {
  const start = Date.parse(result.startedAt);
  return { start, end: start + result.durationMs };
}
