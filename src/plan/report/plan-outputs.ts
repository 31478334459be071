import { randomUUID } from 'node:crypto';
import type { Label } from '../../graph/label.js';
import type { Plan, PlanContext } from '../file/plan.js';
import type { Matrices } from '../legs/matrix.js';
import { MOST_SENTENCE_UNITS } from '../legs/size-limits.js';
import { clip } from '../../text/plain-text.js';

/** What the outputs of the plan action say about the plan itself, by their names. A value that is no text is JSON. */
export function planOutputs(
  plan: Pick<Plan, 'base' | 'head' | 'everything' | 'problems'>,
  { mode }: Pick<PlanContext, 'mode'>,
  matrices: Matrices,
): Readonly<Record<string, unknown>> {
  return {
    matrix: matrices.all,
    'test-matrix': matrices.test,
    'build-matrix': matrices.build,
    'release-matrix': matrices.release,
    'early-release-matrix': matrices.earlyRelease,
    'late-release-matrix': matrices.lateRelease,
    count: matrices.all.include.length,
    'test-count': matrices.test.include.length,
    'build-count': matrices.build.include.length,
    'release-count': matrices.release.include.length,
    'early-release-count': matrices.earlyRelease.include.length,
    'late-release-count': matrices.lateRelease.include.length,
    base: plan.base?.commit ?? '',
    head: plan.head.commit,
    mode,
    everything: clip(plan.everything?.reason ?? '', MOST_SENTENCE_UNITS),
    problems: clip(plan.problems.join('\n'), MOST_SENTENCE_UNITS),
  };
}

/**
 * Outputs in the form of the file that GITHUB_OUTPUT names:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 */
export function* outputLines(outputs: Readonly<Record<string, unknown>>): Generator<string> {
  for (const [name, output] of Object.entries(outputs)) {
    const value = typeof output === 'string' ? output : JSON.stringify(output);
    if (!/[\r\n]/.test(value)) {
      yield `${name}=${value}\n`;
      continue;
    }
    // Nobody who can write the value knows it beforehand.
    const end = randomUUID();
    yield `${name}<<${end}\n${value}\n${end}\n`;
  }
}

/** Labels as files of targets have them, such as that of `bazel test --target_pattern_file`: one on each line. */
export function* labelLines(labels: Iterable<Label>, end: '\n' | '\0' = '\n'): Generator<string> {
  for (const label of labels) yield label + end;
}
