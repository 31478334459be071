import { realpathSync } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { locationQuery, parseLocations, type Location } from '../formats/locations.js';
import { BUILD_FILES } from '../graph/package.js';
import { isMainRepository, packageOf, type Label } from '../graph/label.js';
import { callBazel, type LegContext } from './leg-context.js';

/** GitHub does not show more annotations than this. */
const MOST_LOCATIONS = 50;

/**
 * Asks Bazel where targets are declared. Its server is already running, so this is fast. If Bazel cannot answer because
 * the package is broken, the result is the package's BUILD file without a line.
 */
export async function locateTargets(
  context: LegContext,
  labels: readonly Label[],
): Promise<Map<Label, Location>> {
  const asked = labels.slice(0, MOST_LOCATIONS);
  if (asked.length === 0) return new Map();
  const queryFile = join(context.folder, 'locations.query');
  await writeFile(queryFile, locationQuery(asked));
  const output: Buffer[] = [];
  await callBazel(
    context,
    ['query', '--output=location', '--norelative_locations', '--keep_going', `--query_file=${queryFile}`],
    (chunk, stream) => {
      if (stream === 'stdout') output.push(chunk);
    },
  );
  const locations = parseLocations(Buffer.concat(output).toString('utf8'), [
    realpathSync(context.workspace),
    context.workspace,
  ]);
  for (const label of asked) {
    if (locations.has(label)) continue;
    const buildFile = await buildFileOf(label, context.workspace);
    if (buildFile !== null) locations.set(label, buildFile);
  }
  return locations;
}

/** The BUILD file of a label's package, without a line; null if there is none. */
export async function buildFileOf(label: Label, workspace: string): Promise<Location | null> {
  if (!isMainRepository(label)) return null;
  for (const name of BUILD_FILES.toReversed()) {
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
