import { appendFileSync, statSync, truncateSync } from 'node:fs';

/** Where in the page's file this process began to write; null before it did. */
let beginning: number | null = null;

/** Adds Markdown to the page of this step; does nothing where there is none. */
export function writeSummary(markdown: string): void {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === '') return;
  beginning ??= statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  appendFileSync(path, markdown);
}

/** The same, in the place of what this process has written before. */
export function rewriteSummary(markdown: string): void {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (beginning !== null && path !== undefined && path !== '') truncateSync(path, beginning);
  writeSummary(markdown);
}
