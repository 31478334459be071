import { expect, test } from '@jest/globals';
import { Graph } from '../../src/graph/graph.js';
import type { Target } from '../../src/graph/target.js';
import { lineOf, StoredPackage } from '../../src/loading/snapshot/stored-package.js';
import { parsePlanInputs, type PlanInputName } from '../../src/plan/plan-inputs.js';
import { unmatchedInputs } from '../../src/plan/unmatched-inputs.js';
import { rule, source, testRule } from '../support/builders.js';

type Written = Readonly<Partial<Record<PlanInputName, string>>>;

const TARGETS: readonly Target[] = [
  testRule('//a:test', { tags: ['smoke', 'gpu'] }),
  rule('//a:push', { ruleClass: 'image_push', tags: ['arm'] }),
  rule('//a:lib', { ruleClass: 'cc_library', tags: ['fast'] }),
  source('//a:x'),
];

function notes(written: Written, graph = Graph.of(TARGETS)): string[] {
  return unmatchedInputs(
    graph,
    parsePlanInputs((name) => written[name] ?? ''),
  );
}

test('names that match something get no note', () => {
  expect(
    notes({
      targets: '//a:test //a/...',
      'release-kinds': 'image_push, cc_*',
      'always-tags': 'smoke',
      runners: 'gpu: big\narm: arm-64',
    }),
  ).toEqual([]);
});

test.each<[string, Written, string]>([
  [
    'a target pattern',
    { targets: '//ap/...' },
    'the target pattern //ap/... matches nothing in this workspace: is it misspelt?',
  ],
  [
    'a rule class of releases',
    { 'release-kinds': 'image_push,helm_*' },
    'the input release-kinds names helm_*, but no rule in this workspace has this class: is it misspelt?',
  ],
  [
    'a tag of tests that always run, which only other rules have',
    { 'always-tags': 'smoke,fast' },
    'the input always-tags names fast, but no test in this workspace has this tag: is it misspelt?',
  ],
  [
    'a tag of a runner, which only rules have that do not run',
    { 'release-kinds': 'image_push', runners: 'arm: arm-64\nfast: big' },
    'the input runners names fast, but no test and no release in this workspace has this tag: is it misspelt?',
  ],
])('%s that matches nothing gets a note', (_, written, note) => {
  expect(notes(written)).toEqual([note]);
});

test('the default of release-kinds gets no note: not every workspace has releases', () => {
  expect(notes({ 'release-kinds': 'artifact_ci_release' })).toEqual([]);
});

test('a workspace without packages gets no notes', () => {
  expect(notes({ targets: '//ap/...', 'always-tags': 'slow' }, Graph.of([]))).toEqual([]);
});

test('packages of a snapshot that the plan did not read are not read for a note', () => {
  const [queried] = Graph.of(TARGETS).packages();
  if (queried === undefined) throw new Error('the graph has no package');
  const stored = new StoredPackage(queried.path, queried.outline, lineOf(queried));
  const graph = Graph.ofPackages([stored]);
  expect(notes({ 'always-tags': 'slow' }, graph)).toEqual([]);
  expect(stored.isRead).toBe(false);
  stored.targets();
  expect(notes({ 'always-tags': 'slow' }, graph)).toHaveLength(1);
});
