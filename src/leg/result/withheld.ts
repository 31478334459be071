import type { Label } from '../../graph/label.js';
import type { Leg } from '../../plan/legs/leg.js';
import { plural } from '../../text/plural.js';
import { RESULT_VERSION, type LegResult } from './leg-result.js';
import { hasPassed, type Outcome } from './outcome.js';

/** How many failed tests a message names. */
const MOST_NAMED = 3;

/**
 * The result of a leg whose releases were not started, because its own tests did not pass.
 *
 * @param tested the result of the own tests
 */
export function withheldResult(leg: Leg, attempt: number, tested: LegResult): LegResult {
  const outcome = withheldOutcome(tested);
  return {
    ...tested,
    version: RESULT_VERSION,
    leg: { name: leg.name, mode: leg.mode, attempt },
    message: outcome.message,
    targets: leg.targets.map((label) => ({ label, outcome, location: null })),
    ownTests: tested.targets,
  };
}

function withheldOutcome(tested: LegResult): Outcome & { readonly message: string } {
  const failed = tested.targets.filter(({ outcome }) => !hasPassed('test', outcome));
  const why = whyNot(
    failed.map(({ label }) => label),
    tested.message,
  );
  const message = `Not released, because ${why} The next green run releases it.`;
  // A leg that was stopped says nothing about its tests.
  return { kind: tested.status === 'interrupted' ? 'no status' : 'withheld', message };
}

function whyNot(failed: readonly Label[], message: string): string {
  if (failed.length === 0) return `its own tests have no result: ${message}`;
  const named = failed.slice(0, MOST_NAMED).join(', ');
  const more = failed.length > MOST_NAMED ? ` and ${failed.length - MOST_NAMED} more` : '';
  return `${plural(failed.length, 'own test')} did not pass: ${named}${more}.`;
}
