import { appendFileSync } from 'node:fs';
import { messageOf } from './expected-errors.js';
import { fail } from './job-log.js';

/**
 * Adds Markdown to the page of this step; does nothing where there is none. A page that cannot be written fails the step,
 * which goes on: what it does besides is of more use than the page.
 */
export function writeSummary(markdown: string): void {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === '') return;
  try {
    appendFileSync(path, markdown);
  } catch (error) {
    fail(`The page of this step cannot be written: ${messageOf(error)}`);
  }
}
