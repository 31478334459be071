import type { PlannedLegs } from '../../plan/file/planned-legs.js';
import type { LegArtifactName } from '../../plan/file/artifact-names.js';
import type { LegResult } from './leg-result.js';

/**
 * The problem with a result's origin; null if there is none. Any job of a run can store artifacts. Therefore a result
 * that claims an attempt that has not taken place, or another leg than its artifact's name says, must not be used.
 *
 * @param named the leg and attempt in the artifact's name; null if the name is not that of a result
 * @param runAttempt the attempt of the run in which the verdict is given, from 1
 */
export function originProblem(
  { leg }: LegResult,
  named: LegArtifactName | null,
  planned: PlannedLegs,
  runAttempt: number,
): string | null {
  if (named === null) return 'its name is not the name of a result artifact';
  if (leg.attempt !== named.attempt)
    return `it says that it is of attempt ${leg.attempt}, and its name says ${named.attempt}`;
  if (leg.attempt > runAttempt)
    return `it says that it is of attempt ${leg.attempt}, and this is attempt ${runAttempt}`;
  const own = planned.legs[named.index];
  if (leg.mode !== named.mode || (own !== undefined && (own.name !== leg.name || own.mode !== leg.mode)))
    return 'it says that it is of another leg than its name does';
  if (own === undefined && planned.legs.some(({ name, mode }) => name === leg.name && mode === leg.mode))
    return 'it says that it is of a leg that has another number';
  return null;
}
