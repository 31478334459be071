import type { Mode } from '../../plan/legs/leg.js';
import type { LegResult, LegStatus, TargetResult } from '../result/leg-result.js';
import { durationOf, hasPassed, OUTCOME_KINDS, publishedBy } from '../result/outcome.js';
import { clip } from '../../text/plain-text.js';
import { dryRuns } from './dry-runs.js';
import { failureSection, withoutResult } from './failure-section.js';
import {
  boundedSummary,
  code,
  fence,
  firstOpen,
  SUMMARY_BYTES,
  table,
  text,
  type Block,
} from '../../text/markdown.js';
import { describeOutcome, formatDuration, OUTCOME_SIGN } from './outcome-words.js';

const MOST_ROWS = 200;

/** Space that stays free in the step's summary: if the result cannot be stored, that failure is added to it. */
const FAILURE_BYTES = 64 * 1024;
const MOST_FAILURE_UNITS = 10_000;

const STATUS_SIGN: Readonly<Record<LegStatus, string>> = { succeeded: '✅', failed: '❌', interrupted: '🛑' };

/**
 * The summary of one leg as Markdown: how it ended, its failed targets with the ends of their logs, then all targets.
 */
export function legSummary(result: LegResult, maxBytes: number = SUMMARY_BYTES - FAILURE_BYTES): string {
  const { mode } = result.leg;
  const failed = result.targets.filter(({ outcome }) => !hasPassed(mode, outcome));
  const ownTests = result.ownTests ?? [];
  const failedTests = ownTests.filter(({ outcome }) => !hasPassed('test', outcome));
  const bazelMessage =
    result.status !== 'succeeded' && result.bazel.message !== null
      ? [{ summary: 'What Bazel said', body: fence(result.bazel.message) }]
      : [];
  return boundedSummary(
    [
      `### ${STATUS_SIGN[result.status]} ${text(result.leg.name)}`,
      `${text(result.message)} (${mode}, ${formatDuration(result.durationMs)})`,
      ...firstOpen([
        ...failureSections(failedTests, 'test'),
        ...failureSections(failed, mode),
        ...bazelMessage,
      ]),
      ...withoutResult([...failedTests, ...failed], () => null),
      targetTable(result.targets),
      ...unchangedReasons(result.targets),
      ...(ownTests.length === 0 ? [] : ['### Own tests', targetTable(ownTests)]),
      ...publishedTable(result),
      ...dryRuns(result.targets),
    ],
    maxBytes,
  );
}

/** The message of a leg says enough of a withheld release. */
function failureSections(targets: readonly TargetResult[], mode: Mode): Block[] {
  return targets
    .filter(({ outcome }) => !['no status', 'withheld'].includes(outcome.kind))
    .map(({ label, outcome }) => failureSection(label, mode, outcome, null));
}

/**
 * The Markdown for the summary of a step whose leg failed before it had a result, or while storing it. It fits into the
 * space that {@link legSummary} leaves free.
 */
export function legFailure(message: string): string {
  return boundedSummary(
    ['### ❌ This leg has no result', fence(clip(message, MOST_FAILURE_UNITS))],
    FAILURE_BYTES,
  );
}

/** Why releases were left out, although they pass. */
function unchangedReasons(targets: readonly TargetResult[]): string[] {
  return targets
    .flatMap(({ label, outcome }) =>
      outcome.kind === 'unchanged' ? [`${code(label)}: ${text(outcome.message)}`] : [],
    )
    .slice(0, MOST_ROWS);
}

/** What releases say that they published. */
function publishedTable({ targets }: LegResult): string[] {
  const rows = targets.flatMap(({ label, outcome }) =>
    publishedBy(outcome).map(({ name, digest }) => [code(label), code(name), code(digest)]),
  );
  return rows.length === 0
    ? []
    : ['### Published', table(['release', 'what', 'digest'], rows.slice(0, MOST_ROWS))];
}

function targetTable(targets: readonly TargetResult[]): string {
  const worstFirst = [...targets].sort(
    (a, b) => OUTCOME_KINDS.indexOf(b.outcome.kind) - OUTCOME_KINDS.indexOf(a.outcome.kind),
  );
  const rows = worstFirst
    .slice(0, MOST_ROWS)
    .map(({ label, outcome }) => [
      OUTCOME_SIGN[outcome.kind],
      code(label),
      text(describeOutcome(outcome)),
      formatDuration(durationOf(outcome)),
    ]);
  const more = targets.length - rows.length;
  return (
    table(['', 'target', 'result', 'time'], rows) +
    (more > 0 ? `\n\nAnd ${more} more, with equal or better results.` : '')
  );
}
