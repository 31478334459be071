import type { Target, RuleTarget } from '../graph/target.js';
import { parseLabel } from '../graph/label.js';
import type { PlanInputs } from './plan-inputs.js';
import type { Reach } from './reach.js';
import type { ReleasedSince } from './released-since.js';

/**
 * The releases that are not affected, but that another run made since the base, or may still make, with another content than the
 * head has; each with the reason.
 */
export function madeOtherwise(
  { scope, graph }: Pick<Reach, 'scope' | 'graph'>,
  since: ReleasedSince,
  inputs: Pick<PlanInputs, 'isReleaseKind'>,
): Map<RuleTarget, string> {
  const found = new Map<RuleTarget, string>();
  if (scope.kind === 'everything') return found;
  const candidates =
    since.kind === 'any'
      ? [...graph.targets()].map((target) => [target, since.why] as const)
      : [...since.legs].map(
          ([label, run]) =>
            [graph.get(parseLabel(label)), `the run ${run}, which is not the base, releases it`] as const,
        );
  for (const [target, why] of candidates)
    if (isRelease(target, inputs) && !scope.affected.has(target.label)) found.set(target, why);
  return found;
}

function isRelease(
  target: Target | undefined,
  { isReleaseKind }: Pick<PlanInputs, 'isReleaseKind'>,
): target is RuleTarget {
  return target?.kind === 'rule' && target.test === null && isReleaseKind(target.ruleClass);
}
