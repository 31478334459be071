import { isExpected } from './expected-errors.js';
import { annotate, fail } from './job-log.js';

/** Ends an action as failed: an expected failure with its message alone, any other with its stack as well. */
export function failAction(error: unknown): void {
  if (!isExpected(error) && error instanceof Error && error.stack !== undefined)
    annotate('error', error.stack);
  fail(error instanceof Error ? error.message : String(error));
}
