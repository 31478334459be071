import type { Graph } from '../../graph/graph.js';
import type { Label } from '../../graph/label.js';
import { plural } from '../../text/plural.js';

/** The most targets that the sentence names; the others are only counted. */
const MOST_NAMED_TARGETS = 5;

/**
 * Describes in a sentence how a snapshot differs from Bazel's answer.
 *
 * @param commit the commit of the revision that both graphs are of
 * @param stored the graph of the snapshot
 * @param found the graph of Bazel's answer
 */
export function describeDifference(commit: string, stored: Graph, found: Graph): string {
  const named: string[] = [];
  let count = 0;
  for (const [label, how] of differences(stored, found)) {
    count += 1;
    if (count <= MOST_NAMED_TARGETS) named.push(`${label} (${how})`);
  }
  const more = count > named.length ? `, and ${count - named.length} more` : '';
  const where =
    count === 0 ? 'what packages read and load' : `${plural(count, 'target')}: ${named.join(', ')}${more}`;
  return (
    `A snapshot of the graph of ${commit} differs from what Bazel says, in ${where}. This plan uses what Bazel says, and so does ` +
    'the snapshot that it keeps; plans before it may have left out what the other one hid: docs/threat-model.md says what to do.'
  );
}

function* differences(stored: Graph, found: Graph): Generator<readonly [Label, string]> {
  const paths = [...new Set([...stored.packagePaths, ...found.packagePaths])].sort();
  for (const path of paths) {
    const [before, after] = [stored, found].map(
      (graph) => new Map((graph.package(path)?.targets() ?? []).map((target) => [target.label, target])),
    );
    if (before === undefined || after === undefined) continue;
    for (const [label, target] of after) {
      const known = before.get(label);
      if (known === undefined) yield [label, 'missing from the snapshot'];
      else if (!isSame(known, target)) yield [label, 'different in the snapshot'];
    }
    for (const label of before.keys()) if (!after.has(label)) yield [label, 'only in the snapshot'];
  }
}

/** Whether two targets are equal; the order of their fields does not matter. */
function isSame(one: object, other: object): boolean {
  return asText(one) === asText(other);
}

function asText(target: object): string {
  return JSON.stringify(Object.entries(target).sort(([one], [other]) => (one < other ? -1 : 1)));
}
