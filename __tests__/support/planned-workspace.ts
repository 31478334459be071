import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { Files } from './files.js';
import { TestPlanner } from './test-planner.js';
import { TestRepository } from './test-repository.js';

/** What the tests of one file plan with: one planner for all of them, and a repository for each. */
export interface PlannedWorkspace {
  readonly planner: TestPlanner;
  readonly repository: TestRepository;
}

/** Sets a file of tests up, and clears away after it. @param workspace what each test's repository begins with */
export function plannedWorkspace(workspace: Files): PlannedWorkspace {
  const made: { planner?: TestPlanner; repository?: TestRepository } = {};
  beforeAll(() => {
    made.planner = new TestPlanner();
  });
  afterAll(() => {
    made.planner?.close();
  });
  beforeEach(() => {
    made.repository = TestRepository.create().write(workspace);
  });
  afterEach(() => {
    made.repository?.remove();
  });
  return {
    get planner() {
      return made.planner ?? outsideOfTests();
    },
    get repository() {
      return made.repository ?? outsideOfTests();
    },
  };
}

function outsideOfTests(): never {
  throw new Error('There is a planner and a repository only while a test runs.');
}
