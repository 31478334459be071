import { isExpected, errorMessage, shownError } from './expected-errors.js';
import { annotate, fail, guardLog } from './job-log.js';

/** Marks an action as failed. An expected error is shown with its message only, any other with its stack. */
export function failAction(error: unknown): void {
  const shown = shownError(error);
  if (!isExpected(shown) && shown instanceof Error && shown.stack !== undefined)
    annotate('error', shown.stack);
  fail(errorMessage(error));
}

/**
 * Must be called first: it ensures that all output goes through the job's log, even for errors that nothing catches.
 */
export function guardAction(): void {
  guardLog();
  process.on('uncaughtException', (error) => {
    failAction(error);
    process.exit();
  });
}
