import { expect, test } from '@jest/globals';
import { Graph } from '../../../src/graph/graph.js';
import { makeLabel, type PackagePath } from '../../../src/graph/label.js';
import type { Target } from '../../../src/graph/target.js';
import { packageCutShort, patchGraph } from '../../../src/loading/snapshot/patch.js';

function source(packagePath: string, name: string, definition = ''): Target {
  return { kind: 'source', label: makeLabel(packagePath, name), definition, inputs: [] };
}

test('a patch takes out what is gone, and puts what was queried in place of what was there', () => {
  const graph = Graph.of([source('a', 'x'), source('a', 'gone'), source('a/b', 'kept'), source('c', 'x')]);
  const patched = patchGraph(graph, {
    removed: ['c' as PackagePath],
    queried: ['a' as PackagePath, 'd' as PackagePath],
    targets: [source('a', 'x', 'new'), source('d', 'x')],
  });
  expect([...patched.targets()].sort((one, other) => (one.label < other.label ? -1 : 1))).toEqual([
    source('a/b', 'kept'),
    source('a', 'x', 'new'),
    source('d', 'x'),
  ]);
  expect([...graph.targets()]).toHaveLength(4);
});

test('a package whose BUILD file is not among its targets was cut short', () => {
  const paths = ['', 'a', 'b'] as PackagePath[];
  const targets = [source('', 'BUILD'), source('a', 'BUILD.bazel'), source('b', 'BUILD')];
  expect(packageCutShort(paths, targets)).toBeUndefined();
  expect(packageCutShort(paths, targets.slice(0, 2))).toBe('b');
  expect(packageCutShort(['a' as PackagePath], [source('a', 'all-targets')])).toBe('a');
});
