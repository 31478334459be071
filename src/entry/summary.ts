import { appendFileSync, statSync, truncateSync } from 'node:fs';
import { errorMessage } from './expected-errors.js';
import { fail } from './job-log.js';

/** The size of the summary file before this process wrote to it; null until it does. */
let beginning: number | null = null;

/**
 * Adds Markdown to the summary of this step, if there is one. If it cannot be written, the step fails but goes on,
 * because its other results matter more.
 */
export function writeSummary(markdown: string): void {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === '') return;
  try {
    beginning ??= statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    appendFileSync(path, markdown);
  } catch (error) {
    fail(`The summary of this step cannot be written: ${errorMessage(error)}`);
  }
}

/**
 * Replaces what this process has written to the summary. If that cannot be removed, it stays and nothing is written.
 */
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
