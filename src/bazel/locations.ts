import { realpathSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { isMainRepository, packageOf, parseLabel, type Label } from '../graph/label.js';
import type { Location } from '../results/leg-result.js';

/**
 * The query that asks where targets are declared, for a `--query_file`. A label with both kinds of quotes cannot be
 * written in a query and is left out.
 */
export function locationQuery(labels: readonly Label[]): string {
  const quoted = labels.flatMap((label) => {
    if (!label.includes('"')) return [`"${label}"`];
    return label.includes("'") ? [] : [`'${label}'`];
  });
  return `set(${quoted.join(' ')})\n`;
}

/**
 * Reads what `bazel query --output=location` prints: `/workspace/a/BUILD:3:8: sh_test rule //a:b`.
 * Lines about anything but rules, and files outside the workspace, are left out.
 */
export function parseLocations(output: string, workspace: string): Map<Label, Location> {
  const root = realpathSync(workspace);
  const locations = new Map<Label, Location>();
  for (const line of output.split('\n')) {
    const match = /^(.+?):(\d+):\d+: \S+ rule (.*\/\/.*)$/.exec(line);
    if (match === null) continue;
    const [, path = '', lineNumber = '1', label = ''] = match;
    const file = [root, workspace]
      .map((folder) => relative(folder, path))
      .find((inside) => !inside.startsWith('..'));
    if (file !== undefined) {
      locations.set(parseLabel(label), {
        file: file.split(sep).join('/'),
        line: Math.max(1, Number(lineNumber)),
      });
    }
  }
  return locations;
}

/** The BUILD file of a label's package, without a line; null where there is none. */
export async function buildFileOf(label: Label, workspace: string): Promise<Location | null> {
  if (!isMainRepository(label)) return null;
  for (const name of ['BUILD.bazel', 'BUILD']) {
    const file = posix.join(packageOf(label), name);
    try {
      await access(join(workspace, file));
      return { file, line: null };
    } catch {
      continue;
    }
  }
  return null;
}
