import type { Location } from '../../formats/locations.js';
import type { LegResult, TargetResult } from '../result/leg-result.js';
import { hasPassed, logsOf, outcomeMessage } from '../result/outcome.js';
import { clip, plainLine, plainText, tail } from '../../text/plain-text.js';
import { describeOutcome } from './outcome-words.js';

/** How many annotations of each level GitHub shows for a step. */
const ANNOTATIONS_PER_LEVEL = 10;
/** How many characters of a message GitHub shows. */
const MESSAGE_LENGTH = 4096;
const TITLE_LENGTH = 255;
const SHOWN_LOG_LINES = 30;

export type AnnotationLevel = 'error' | 'warning' | 'notice';

/** A message next to the code, as plain text. The code that prints it escapes it. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly title: string;
  readonly message: string;
  /** Null if the message belongs to no file. */
  readonly location: Location | null;
}

/**
 * The annotations of a leg, at most as many as GitHub shows for a step: an error for each failed target and a warning
 * for each flaky one, at its line in the BUILD file. All targets without a result share one error for the leg, which
 * has Bazel's message. So does a leg that failed without a failed target, and one whose own tests did not pass; each of these
 * tests has an error as well.
 */
export function legAnnotations(result: LegResult): Annotation[] {
  const failed = result.targets.filter(({ outcome }) => !hasPassed(result.leg.mode, outcome));
  const flaky = result.targets.filter(({ outcome }) => outcome.kind === 'flaky');
  const failedTests = (result.ownTests ?? []).filter(({ outcome }) => !hasPassed('test', outcome));
  const annotated = failed.filter(
    ({ outcome }) =>
      outcome.kind !== 'withheld' && (outcome.kind !== 'no status' || result.bazel.exitCode === 0),
  );
  const isLegs = result.status !== 'succeeded' && (failed.length === 0 || annotated.length < failed.length);
  const ofLeg = isLegs
    ? [annotation('error', result.leg.name, [result.message, result.bazel.message ?? ''], null)]
    : [];
  return limitAnnotations([
    ...ofLeg,
    ...failedTests.map((target) => ofTarget('error', target)),
    ...annotated.map((target) => ofTarget('error', target)),
    ...flaky.map((target) => ofTarget('warning', target)),
  ]);
}

/** Keeps as many annotations of each level as GitHub shows. The last one tells how many were left out. */
export function limitAnnotations(annotations: readonly Annotation[]): Annotation[] {
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const all = annotations.filter((one) => one.level === level);
    if (all.length <= ANNOTATIONS_PER_LEVEL) return all;
    const shown = all.slice(0, ANNOTATIONS_PER_LEVEL - 1);
    const more = all.slice(shown.length).map(({ title }) => title);
    const head = `${more.length} more, all of them in the summary:`;
    return [...shown, annotation(level, `${more.length} more`, [head, ...more], null)];
  });
}

function ofTarget(level: AnnotationLevel, { label, outcome, location }: TargetResult): Annotation {
  const log = logsOf(outcome).find((one) => one.tail !== null)?.tail ?? '';
  const message = outcomeMessage(outcome) ?? '';
  const room = MESSAGE_LENGTH - Math.min(message.length, MESSAGE_LENGTH / 2) - 100;
  const parts = [clip(message, MESSAGE_LENGTH / 2), log === '' ? '' : tail(log, SHOWN_LOG_LINES, room)];
  const title = `${label} ${describeOutcome(outcome)}`;
  return annotation(level, title, parts.join('') === '' ? [title] : parts, location);
}

function annotation(
  level: AnnotationLevel,
  title: string,
  parts: readonly string[],
  location: Location | null,
): Annotation {
  const message = parts.filter((part) => part !== '').join('\n');
  return {
    level,
    title: clip(plainLine(title), TITLE_LENGTH),
    message: clip(plainText(message), MESSAGE_LENGTH),
    location,
  };
}
