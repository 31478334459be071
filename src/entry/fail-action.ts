import { isExpected, errorMessage, told } from './expected-errors.js';
import { annotate, fail, guardLog } from './job-log.js';

/** Ends an action as failed: an expected failure with its message alone, any other with its stack as well. */
export function failAction(error: unknown): void {
  const shown = told(error);
  if (!isExpected(shown) && shown instanceof Error && shown.stack !== undefined)
    annotate('error', shown.stack);
  fail(errorMessage(error));
}

/** Before anything else: nothing is printed past the log, also where an error has nobody who waits for it. */
export function guardAction(): void {
  guardLog();
  process.on('uncaughtException', (error) => {
    failAction(error);
    process.exit();
  });
}
