import type { LegResult, TargetResult } from './leg-result.js';
import type { Outcome } from './outcome.js';

/**
 * A result without secrets. The output of Bazel, tests and releases is copied into artifacts and summaries, where the
 * runner does not mask secrets as it does in the log.
 *
 * @param conceal replaces the secrets in a text
 */
export function concealed(result: LegResult, conceal: (text: string) => string): LegResult {
  return {
    ...result,
    message: conceal(result.message),
    targets: targetsWithout(result.targets, conceal),
    ...(result.ownTests === undefined ? {} : { ownTests: targetsWithout(result.ownTests, conceal) }),
    bazel: {
      ...result.bazel,
      message: result.bazel.message === null ? null : conceal(result.bazel.message),
    },
  };
}

function targetsWithout(targets: readonly TargetResult[], conceal: (text: string) => string): TargetResult[] {
  return targets.map((target) => ({ ...target, outcome: outcomeWithout(target.outcome, conceal) }));
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
    ...('published' in outcome
      ? { published: outcome.published.map((each) => ({ ...each, name: conceal(each.name) })) }
      : {}),
  };
}
