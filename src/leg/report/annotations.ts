import type { Location } from '../../formats/locations.js';
import type { LegResult, TargetResult } from '../result/leg-result.js';
import { hasPassed, logsOf, outcomeMessage } from '../result/outcome.js';
import { clip, plainLine, plainText, tail } from '../../text/plain-text.js';
import { describeOutcome } from './outcome-words.js';

/** What GitHub shows of a step at most, a level. */
const ANNOTATIONS_PER_LEVEL = 10;
/** What GitHub shows of a message at most, in characters. */
const MESSAGE_LENGTH = 4096;
const TITLE_LENGTH = 255;
const SHOWN_LOG_LINES = 30;

export type AnnotationLevel = 'error' | 'warning' | 'notice';

/** A message beside the code, as plain text. Whoever prints it escapes it for where it goes. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly title: string;
  readonly message: string;
  /** Null where it belongs to no file. */
  readonly location: Location | null;
}

/**
 * The annotations of a leg, at most as many as GitHub shows of a step: an error for each failed target and a warning for
 * each flaky one, at its place in its BUILD file. What keeps targets from having a result is the leg's: one error with
 * Bazel's message for all of them, as for a leg that failed without a failed target.
 */
export function legAnnotations(result: LegResult): Annotation[] {
  const failed = result.targets.filter(({ outcome }) => !hasPassed(result.leg.mode, outcome));
  const flaky = result.targets.filter(({ outcome }) => outcome.kind === 'flaky');
  const told =
    result.bazel.exitCode === 0 ? failed : failed.filter(({ outcome }) => outcome.kind !== 'no status');
  const isLegs = result.status !== 'succeeded' && (failed.length === 0 || told.length < failed.length);
  const ofLeg = isLegs
    ? [annotation('error', result.leg.name, [result.message, result.bazel.message ?? ''], null)]
    : [];
  return limitAnnotations([
    ...ofLeg,
    ...told.map((target) => ofTarget('error', target)),
    ...flaky.map((target) => ofTarget('warning', target)),
  ]);
}

/** Keeps of each level what GitHub shows; the last one kept says how many more there are. */
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
