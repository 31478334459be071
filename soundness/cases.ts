/** Writes a miss as a case that `e2e/cases.test.ts` can run. */
import type { FileContent, Files } from '../__tests__/support/files.js';
import type { Judged } from './chain.js';
import { replayOf } from './report.js';

/** @returns the content of a file of cases: a list with this one */
export function caseOf({ place, kinds, misses, base, head }: Judged): string {
  // Files that go are first: a folder may come in the place of one.
  const gone = Object.keys(base).filter((path) => !(path in head));
  const edit: Record<string, FileContent> = Object.fromEntries(gone.map((path) => [path, null]));
  for (const [path, content] of Object.entries(head)) {
    if (JSON.stringify(base[path]) !== JSON.stringify(content)) edit[path] = content;
  }
  const missing = (from: 'test' | 'affected'): string[] =>
    misses.filter((miss) => miss.from === from).map(({ label }) => label);
  return `${JSON.stringify(
    [
      {
        id: `soundness-${replayOf(place).replaceAll(/[/~]/g, '-')}`,
        group: 'soundness',
        why: `${kinds.join(' + ')}: ${misses[0]?.why ?? 'no miss'}`,
        files: textsOf(base),
        exec: scriptsOf(base),
        links: linksOf(base),
        edit: textsOf(edit),
        edit_exec: scriptsOf(edit),
        edit_links: linksOf(edit),
        test_has: missing('test'),
        affected_has: missing('affected'),
      },
    ],
    null,
    2,
  )}\n`;
}

function textsOf(files: Files): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, content]): [string, string | null][] => {
      if (content === null || typeof content === 'string') return [[path, content]];
      return 'script' in content ? [[path, content.script]] : [];
    }),
  );
}

function scriptsOf(files: Files): string[] {
  return Object.entries(files)
    .filter(([, content]) => typeof content === 'object' && content !== null && 'script' in content)
    .map(([path]) => path);
}

function linksOf(files: Files): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, content]): [string, string][] =>
      typeof content === 'object' && content !== null && 'link' in content ? [[path, content.link]] : [],
    ),
  );
}
