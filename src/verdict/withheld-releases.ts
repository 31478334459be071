import type { Outcome } from '../leg/result/outcome.js';
import { isFailed, type LegJudgement } from './judged-leg.js';
import { jobOf, type Needs } from './needs.js';

/** The message of a withheld release. */
export const WITHHELD = 'Not released, because a test or a build failed. The next green run releases it.';

const OUTCOME: Outcome = { kind: 'withheld', message: WITHHELD };

/**
 * Releases wait for tests and builds. If one of these failed and the job of the releases was skipped, the releases
 * without a result are withheld, not failed.
 */
export function withholdReleases(judgements: readonly LegJudgement[], needs: Needs): readonly LegJudgement[] {
  if (!hasFailedBefore(judgements, needs)) return judgements;
  const isWithheld = ({ leg }: LegJudgement): boolean =>
    leg.mode === 'release' && leg.result === null && needs.get(jobOf(leg, needs)) === 'skipped';
  return judgements.map((judgement) =>
    isWithheld(judgement)
      ? {
          ...judgement,
          targets: judgement.targets.map((target) => ({
            ...target,
            outcome: OUTCOME,
            standing: 'withheld' as const,
          })),
        }
      : judgement,
  );
}

/** Whether a test, a build or the job of one failed. */
function hasFailedBefore(judgements: readonly LegJudgement[], needs: Needs): boolean {
  return judgements
    .filter(({ leg }) => leg.mode !== 'release')
    .some(
      ({ leg, targets }) =>
        targets.some(isFailed) || ['failure', 'cancelled'].includes(needs.get(leg.mode) ?? ''),
    );
}
