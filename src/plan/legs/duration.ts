import type { RuleTarget, TestSize } from '../../graph/target.js';

/** Seconds that a test of a size usually takes: a guess of the order of magnitude, for want of a measurement. */
const SECONDS_BY_SIZE: Readonly<Record<TestSize, number>> = {
  small: 15,
  medium: 60,
  large: 300,
  enormous: 1200,
};

/** Seconds after which Bazel ends a test: https://bazel.build/reference/be/common-definitions#test.timeout */
const TIMEOUT_SECONDS = { short: 60, moderate: 300, long: 900, eternal: 3600 } as const;

const SECONDS_TO_BUILD = 60;

/** Seconds that a target is expected to take, where nothing was measured. */
export function expectedSeconds(rule: RuleTarget): number {
  if (rule.test === null) return SECONDS_TO_BUILD;
  return Math.min(SECONDS_BY_SIZE[rule.test.size], TIMEOUT_SECONDS[rule.test.timeout]);
}
