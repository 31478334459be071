import { appendFileSync, statSync, truncateSync } from 'node:fs';
import { errorMessage } from './expected-errors.js';
import { fail } from './job-log.js';

/** Where in the page's file this process began to write; null before it did. */
let beginning: number | null = null;

/**
 * Adds Markdown to the page of this step; does nothing where there is none. A page that cannot be written fails the step,
 * which goes on: what it does besides is of more use than the page.
 */
export function writeSummary(markdown: string): void {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === '') return;
  try {
    beginning ??= statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    appendFileSync(path, markdown);
  } catch (error) {
    fail(`The page of this step cannot be written: ${errorMessage(error)}`);
  }
}

/** The same, in the place of what this process has written before; that stays where it cannot be taken back. */
export function rewriteSummary(markdown: string): void {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (beginning === null || path === undefined || path === '') return;
  try {
    truncateSync(path, beginning);
  } catch {
    return;
  }
  writeSummary(markdown);
}
