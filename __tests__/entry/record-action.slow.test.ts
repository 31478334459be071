import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { commitId } from '../support/builders.js';
import { start, type Ended } from '../support/program.js';
import { TestRepository } from '../support/test-repository.js';

let checkout: TestRepository;

beforeEach(() => {
  checkout = TestRepository.create();
  checkout.commit({ 'MODULE.bazel': '' });
});

afterEach(() => {
  checkout.remove();
});

/** Starts the action where there is no cache service. */
async function act(inputs: Readonly<Record<string, string>>): Promise<Ended> {
  const given = Object.entries({ commit: commitId('a'), bazel: '/nowhere/bazel', ...inputs });
  const environment = Object.fromEntries(
    given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  return start('record', [], checkout.folder, {
    ...environment,
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: checkout.folder,
  }).ended;
}

describe('the action that records what external repositories read', () => {
  test('does nothing, and says so, where nothing can be kept', async () => {
    const { code, stdout } = await act({});
    expect([code, stdout]).toEqual([0, 'Nothing is recorded: this job has no cache service to keep it.\n']);
  });

  test.each([
    ['commit', '', "a full commit id, such as the plan's output unrecorded"],
    ['commit', 'main', "a full commit id, such as the plan's output unrecorded"],
    ['externals-minutes', 'ten', 'a whole number of minutes from 0 to 360'],
  ])('refuses a wrong input %s: %j', async (name, value, allowed) => {
    const { code, stdout } = await act({ [name]: value });
    expect(code).toBe(1);
    expect(stdout).toContain(
      `::error::input ${name}: ${JSON.stringify(value)} cannot be used; allowed: ${allowed}`,
    );
  });
});
