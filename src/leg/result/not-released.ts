import type { Leg } from '../../plan/legs/leg.js';
import { RESULT_VERSION, type LegResult } from './leg-result.js';
import type { Outcome } from './outcome.js';
import type { Clearance } from '../release-order.js';

/** The result of a leg that was not allowed to release and therefore did nothing. */
export function notReleasedResult(
  leg: Leg,
  attempt: number,
  startedAt: Date,
  clearance: Exclude<Clearance, { kind: 'clear' }>,
): LegResult {
  const message = `Not released: ${clearance.why}.`;
  const outcome: Outcome =
    clearance.kind === 'superseded' ? { kind: 'superseded', message } : { kind: 'no status', message };
  return {
    version: RESULT_VERSION,
    leg: { name: leg.name, mode: leg.mode, attempt },
    status: clearance.kind === 'superseded' ? 'succeeded' : 'failed',
    message,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    targets: leg.targets.map((label) => ({ label, outcome, location: null })),
    bazel: { exitCode: null, message: null },
  };
}
