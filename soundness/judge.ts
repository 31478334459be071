/** Holds a plan against what Bazel did. */
import type { Observation } from './oracle.js';
import type { Planned } from './planner.js';

/** A target that a plan should have had, and why. */
export interface Miss {
  readonly label: string;
  readonly from: 'test' | 'affected' | 'plan';
  readonly why: string;
}

/**
 * What a plan lacks.
 *
 * Bazel's own run is a lower bound: it stops where an output did not change. So a plan may have more, and never less.
 * A test that failed at the base runs again whatever changes, and says nothing.
 */
export function missesOf(base: Observation, head: Observation, planned: Planned): Miss[] {
  if (!head.loads) {
    const isRight = 'error' in planned || planned.plan.everything !== undefined;
    return isRight
      ? []
      : [
          {
            label: '',
            from: 'plan',
            why: 'The head does not load, and the plan neither fails nor runs everything.',
          },
        ];
  }
  if ('error' in planned)
    return [{ label: '', from: 'plan', why: `The plan failed: ${lastLine(planned.error)}` }];
  const { plan } = planned;
  const test = new Set(plan.test);
  const affected = new Set([...plan.affected, ...plan.excluded]);
  const misses: Miss[] = [];
  const needs = (label: string, why: string): void => {
    if (head.tests.has(label) && !plan.excluded.includes(label) && head.states.get(label) !== 'skipped') {
      if (!test.has(label)) misses.push({ label, from: 'test', why });
    } else if (!affected.has(label)) misses.push({ label, from: 'affected', why });
  };
  for (const label of head.ran) {
    const ranAnyway = base.tests.has(label) && base.states.get(label) === 'built' && !base.passed.has(label);
    if (!ranAnyway) needs(label, base.tests.has(label) ? 'The test ran again.' : 'The test is new.');
  }
  for (const [label, state] of head.states) {
    const before = base.states.get(label);
    if (state !== before && !head.ran.has(label))
      needs(
        label,
        before === undefined
          ? `The target is new: ${state}.`
          : `The target was ${before} and is now ${state}.`,
      );
    else if (
      state === 'built' &&
      !head.tests.has(label) &&
      base.outputs.get(label) !== head.outputs.get(label)
    )
      needs(label, 'Its outputs changed.');
  }
  return misses;
}

function lastLine(text: string): string {
  return (
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .at(-1) ?? ''
  );
}
