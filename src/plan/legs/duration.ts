import type { RuleTarget, TestSize } from '../../graph/target.js';

/**
 * The seconds that a test of a size usually takes. These are estimates of the order of magnitude, because nothing was
 * measured.
 */
const SECONDS_BY_SIZE: Readonly<Record<TestSize, number>> = {
  small: 15,
  medium: 60,
  large: 300,
  enormous: 1200,
};

/** Seconds after which Bazel ends a test: https://bazel.build/reference/be/common-definitions#test.timeout */
const TIMEOUT_SECONDS = { short: 60, moderate: 300, long: 900, eternal: 3600 } as const;

const SECONDS_TO_BUILD = 60;

/** The seconds that a target is expected to take. */
export function expectedSeconds(rule: RuleTarget): number {
  if (rule.test === null) return SECONDS_TO_BUILD;
  return Math.min(SECONDS_BY_SIZE[rule.test.size], TIMEOUT_SECONDS[rule.test.timeout]);
}
