import type { PlannedLegs } from '../plan/file/planned-legs.js';
import { isFailed, type JudgedTarget } from './judged-leg.js';

/** The verdict in a sentence. @param problems the number of problems */
export function verdictHeadline(
  planned: PlannedLegs,
  targets: readonly JudgedTarget[],
  problems: number,
): string {
  const failed = targets.filter(isFailed).length;
  const withheld = targets.filter(({ standing }) => standing === 'withheld').length;
  const count = targets.length - withheld;
  const more = withheldClause(withheld);
  if (failed > 0) return `${failed} of ${count} targets failed${more}.`;
  if (count === 0) {
    return problems > 0
      ? 'The run has problems.'
      : `Nothing to do: ${planned.emptyReason ?? 'the plan is empty'}.`;
  }
  const passed = count === 1 ? 'The target passed' : `All ${count} targets passed`;
  return problems > 0 ? `${passed}, but the run has other problems${more}.` : `${passed}.`;
}

function withheldClause(withheld: number): string {
  if (withheld === 0) return '';
  return withheld === 1 ? '; 1 release was withheld' : `; ${withheld} releases were withheld`;
}
