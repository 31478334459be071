import type { LegResult } from './leg-result.js';
import type { Outcome } from './outcome.js';

/**
 * A result without secrets: what Bazel, tests and releases printed goes into artifacts and pages, which the runner does
 * not mask as it masks the log.
 *
 * @param conceal hides the secrets in a text
 */
export function concealed(result: LegResult, conceal: (text: string) => string): LegResult {
  return {
    ...result,
    message: conceal(result.message),
    targets: result.targets.map((target) => ({
      ...target,
      outcome: outcomeWithout(target.outcome, conceal),
    })),
    bazel: {
      ...result.bazel,
      message: result.bazel.message === null ? null : conceal(result.bazel.message),
    },
  };
}

function outcomeWithout(outcome: Outcome, conceal: (text: string) => string): Outcome {
  return {
    ...outcome,
    ...('message' in outcome ? { message: conceal(outcome.message) } : {}),
    ...('logs' in outcome
      ? {
          logs: outcome.logs.map((log) => ({
            name: conceal(log.name),
            uri: conceal(log.uri),
            tail: log.tail === null ? null : conceal(log.tail),
          })),
        }
      : {}),
  };
}
