import { expect, test } from '@jest/globals';
import type { Event } from '../../src/adapters/github/event.js';
import { testedChange } from '../../src/plan/tested-change.js';
import { commitId, plan } from '../support/builders.js';

const INPUTS = { testSettings: '0123456789abcdef' };
const [base, head] = [commitId('a'), commitId('b')];
const GROUP: Event = { name: 'merge_group', commit: head, base };
const PLAN = plan({ base: { commit: base }, head: { commit: head, workingTree: false } });

test("a merge group's plan shows that the tests of the change since its base pass", () => {
  expect(testedChange(PLAN, GROUP, INPUTS)).toEqual({ since: base, settings: '0123456789abcdef' });
});

test("a merge group's plan of everything shows that all tests pass", () => {
  const everything = { reason: '.bazelrc changed' };
  expect(testedChange({ ...PLAN, everything }, GROUP, INPUTS)).toMatchObject({ since: null });
  expect(testedChange({ ...PLAN, base: null, everything }, GROUP, INPUTS)).toMatchObject({ since: null });
});

test("a merge group's plan for another head shows nothing", () => {
  const other = { commit: commitId('c'), workingTree: false };
  expect(testedChange({ ...PLAN, head: other }, GROUP, INPUTS)).toBeNull();
});

test.each<Event>([
  { name: 'schedule', commit: head },
  { name: 'pull_request', commit: head, pullRequestHead: base, baseBranch: 'main' },
  { name: 'push', ref: 'refs/heads/main', before: base, forced: false, commit: head, defaultBranch: 'main' },
])('the plan of another event shows nothing: $name', (event) => {
  expect(testedChange(PLAN, event, INPUTS)).toBeNull();
});
