import { errorMessages } from '../../formats/error-messages.js';
import { boundedSummary, details, fence } from '../../text/markdown.js';

/** Why there is no plan. */
export type PlanFailure =
  | { readonly kind: 'does not load' | 'wrong options'; readonly bazelOutput: string }
  | { readonly kind: 'other'; readonly message: string };

const WHAT_TO_DO = {
  'does not load': [
    '## ❌ There is no plan: Bazel cannot load this revision',
    'So it is not known what it affects, and nothing was tested. Mend what Bazel names here and push again. ' +
      '`bazel query //...` shows the same on your machine, unless a file is missing in git.',
  ],
  'wrong options': [
    '## ❌ There is no plan: Bazel rejects its options',
    'Nothing was tested. An option is wrong that Bazel is called with: one of the inputs `startup-options` and ' +
      '`query-options`, or a line of a `.bazelrc` file.',
  ],
} as const;

/**
 * The summary for a plan that could not be made: the reason, with the original error message. Markdown, at most 1 MiB.
 */
export function planFailure(failure: PlanFailure): string {
  if (failure.kind === 'other') return boundedSummary(['## ❌ There is no plan', fence(failure.message)]);
  const errors = errorMessages(failure.bazelOutput);
  return boundedSummary([
    ...WHAT_TO_DO[failure.kind],
    ...(errors === '' ? [] : [fence(errors)]),
    details('All that Bazel printed', fence(failure.bazelOutput)),
  ]);
}
