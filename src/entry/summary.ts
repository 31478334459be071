import { appendFileSync } from 'node:fs';

/** Adds Markdown to the page of this step; does nothing where there is none. */
export function writeSummary(markdown: string): void {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (path !== undefined && path !== '') appendFileSync(path, markdown);
}
