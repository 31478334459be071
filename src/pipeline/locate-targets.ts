import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFileOf, locationQuery, parseLocations } from '../bazel/locations.js';
import type { Label } from '../graph/label.js';
import type { Location } from '../results/leg-result.js';
import { callBazel, type LegContext } from './leg-context.js';

/** More annotations than these are not shown anyway. */
const MOST_LOCATIONS = 50;

/**
 * Where targets are declared, asked of Bazel, whose server is warm. Where it cannot say (the package is broken), only the
 * package's BUILD file is known.
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
  const locations = parseLocations(Buffer.concat(output).toString('utf8'), context.workspace);
  for (const label of asked) {
    if (locations.has(label)) continue;
    const buildFile = await buildFileOf(label, context.workspace);
    if (buildFile !== null) locations.set(label, buildFile);
  }
  return locations;
}
