import { problemSentences } from './problem.js';
import type { JudgedTarget, Standing } from './judged-leg.js';
import type { PlannedLegs } from '../plan/file/planned-legs.js';
import type { Verdict } from './verdict.js';
import { durationOf, logsOf, outcomeMessage } from '../leg/result/outcome.js';
import { plainLines, tail } from '../text/plain-text.js';
import { describeOutcome, formatDuration, OUTCOME_SIGN } from '../leg/report/outcome-words.js';

const LOG_LINES = 30;
const LOG_BYTES = 8_000;

/**
 * The verdict as plain text for a terminal. The conclusion is the last line, because that is what the user sees first.
 */
export function verdictText(verdict: Verdict, planned: PlannedLegs): string {
  const standing = (wanted: Standing) => verdict.targets.filter((target) => target.standing === wanted);
  const failed = standing('failed');
  const withheld = standing('withheld');
  // The line of a failed target above already describes its problem.
  const problems = problemSentences(verdict.problems.filter(({ kind }) => kind !== 'target'));
  return plainLines([
    ...(planned.everythingReason === null ? [] : [`Everything is affected: ${planned.everythingReason}`, '']),
    ...standing('passed').map(targetLine),
    ...failed.flatMap((target) => [targetLine(target), ...failureDetails(target)]),
    ...(verdict.targets.length === 0 ? [] : ['']),
    ...problems.map((problem) => `- ${problem}`),
    ...verdict.legs.flatMap(({ result }) =>
      result === null || result.status === 'succeeded' || result.bazel.message === null
        ? []
        : indented(result.bazel.message),
    ),
    ...verdict.notes.map((note) => `note: ${note}`),
    ...withheld.map(targetLine),
    ...new Set(withheld.flatMap(({ outcome }) => outcomeMessage(outcome) ?? [])),
    `${verdict.conclusion === 'success' ? '✅' : '❌'} ${verdict.headline}`,
  ]);
}

function targetLine({ label, mode, outcome }: JudgedTarget): string {
  const time = formatDuration(durationOf(outcome));
  return `${OUTCOME_SIGN[outcome.kind]} ${mode} ${label}: ${describeOutcome(outcome)}${time === '–' ? '' : `, ${time}`}`;
}

function failureDetails({ outcome, location }: JudgedTarget): string[] {
  const message = outcomeMessage(outcome);
  return [
    ...(location === null
      ? []
      : [`    ${location.file}${location.line === null ? '' : `:${location.line}`}`]),
    ...(message === null ? [] : indented(message)),
    ...logsOf(outcome).flatMap((log) => [
      `    ${log.name} ${log.uri}`.trimEnd(),
      ...(log.tail === null ? [] : indented(log.tail)),
    ]),
  ];
}

function indented(text: string): string[] {
  return tail(text, LOG_LINES, LOG_BYTES)
    .split('\n')
    .map((line) => `    | ${line}`);
}
