import * as core from '@actions/core';
import { isExpected } from './expected-errors.js';

/** Ends an action as failed: an expected failure with its message alone, any other with its stack as well. */
export function failAction(error: unknown): void {
  if (!isExpected(error) && error instanceof Error && error.stack !== undefined) core.error(error.stack);
  core.setFailed(error instanceof Error ? error.message : String(error));
}
