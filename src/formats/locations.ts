import { relative, sep } from 'node:path';
import { parseLabel, type Label } from '../graph/label.js';
import { quotedInQuery } from './query-words.js';

/** A place in the workspace that a message refers to. */
export interface Location {
  /** Relative to the workspace, separated by `/`. */
  readonly file: string;
  /** Counted from 1; null if only the file is known. */
  readonly line: number | null;
}

/**
 * The query for the places where targets are declared, for a `--query_file`. A label with both kinds of quotes cannot
 * be written in a query and is left out.
 */
export function locationQuery(labels: readonly Label[]): string {
  const quoted = labels.flatMap((label) => quotedInQuery(label) ?? []);
  return `set(${quoted.join(' ')})\n`;
}

/**
 * Reads the output of `bazel query --output=location`: `/workspace/a/BUILD:3:8: sh_test rule //a:b`. Lines about
 * anything but rules, and files outside the workspace, are skipped.
 *
 * @param roots the folder of the workspace in every form that Bazel may print, absolute
 */
export function parseLocations(output: string, roots: readonly string[]): Map<Label, Location> {
  const locations = new Map<Label, Location>();
  for (const line of output.split('\n')) {
    const match = /^(.+?):(\d+):\d+: \S+ rule (.*\/\/.*)$/.exec(line);
    if (match === null) continue;
    const [, path = '', lineNumber = '1', label = ''] = match;
    const file = roots.map((folder) => relative(folder, path)).find((inside) => !inside.startsWith('..'));
    if (file !== undefined) {
      locations.set(parseLabel(label), {
        file: file.split(sep).join('/'),
        line: Math.max(1, Number(lineNumber)),
      });
    }
  }
  return locations;
}
