import type { PlannedLegs } from '../plan/file/planned-legs.js';
import { HELD_BACK, type JudgedTarget, type Standing, type Verdict } from './verdict.js';
import { durationOf, logsOf, messageOf } from '../leg/result/outcome.js';
import { plainLines, tail } from '../text/plain-text.js';
import {
  describeOutcome,
  formatDuration,
  HELD_BACK_SIGN,
  OUTCOME_SIGN,
} from '../leg/report/outcome-words.js';

const LOG_LINES = 30;
const LOG_BYTES = 8_000;

/** The verdict for a terminal, plain text: the end last, where a person looks. */
export function verdictText(verdict: Verdict, planned: PlannedLegs): string {
  const standing = (wanted: Standing) => verdict.targets.filter((target) => target.standing === wanted);
  const bad = standing('bad');
  const heldBack = standing('held back');
  // What a bad target has said of it above needs no second line.
  const problems = verdict.problems.filter(
    (problem) => !bad.some(({ label }) => problem.startsWith(`${label} `)),
  );
  return plainLines([
    ...(planned.everythingReason === null ? [] : [`Everything is affected: ${planned.everythingReason}`, '']),
    ...standing('good').map(targetLine),
    ...bad.flatMap((target) => [targetLine(target), ...details(target)]),
    ...(verdict.targets.length === 0 ? [] : ['']),
    ...problems.map((problem) => `- ${problem}`),
    ...verdict.legs.flatMap(({ result }) =>
      result === null ||
      result.status === 'succeeded' ||
      result.bazel.message === null ||
      result.bazel.message === result.message
        ? []
        : indented(result.bazel.message),
    ),
    ...verdict.notes.map((note) => `note: ${note}`),
    ...heldBack.map(({ label, mode }) => `${HELD_BACK_SIGN} ${mode} ${label}: held back`),
    ...(heldBack.length === 0 ? [] : [HELD_BACK]),
    `${verdict.conclusion === 'success' ? '✅' : '❌'} ${verdict.headline}`,
  ]);
}

function targetLine({ label, mode, outcome }: JudgedTarget): string {
  const time = formatDuration(durationOf(outcome));
  return `${OUTCOME_SIGN[outcome.kind]} ${mode} ${label}: ${describeOutcome(outcome)}${time === '–' ? '' : `, ${time}`}`;
}

function details({ outcome, location }: JudgedTarget): string[] {
  const message = messageOf(outcome);
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
