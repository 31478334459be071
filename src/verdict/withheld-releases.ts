import type { Outcome } from '../leg/result/outcome.js';
import { isFailed, type LegJudgement } from './judged-leg.js';
import type { Needs } from './needs.js';

/** The message of a withheld release. */
export const WITHHELD = 'Not released, because a test or a build failed. The next green run releases it.';

const OUTCOME: Outcome = { kind: 'no status', message: WITHHELD };

/**
 * Releases wait for tests and builds. If one of these failed and the job of the releases was skipped, the releases
 * without a result are withheld, not failed.
 */
export function withholdReleases(judgements: readonly LegJudgement[], needs: Needs): readonly LegJudgement[] {
  if (needs.get('release') !== 'skipped' || !hasFailedBefore(judgements, needs)) return judgements;
  return judgements.map((judgement) =>
    judgement.leg.mode === 'release' && judgement.leg.result === null
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
