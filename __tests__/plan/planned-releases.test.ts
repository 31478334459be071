import { expect, test } from '@jest/globals';
import type { ArtifactOfRun } from '../../src/adapters/github/artifacts.js';
import { plannedReleases, type ArtifactsOfRuns } from '../../src/plan/planned-releases.js';

/** A run with these artifacts. */
function keeping(files: Readonly<Record<string, unknown>>): ArtifactsOfRuns {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- GitHub's answers take time
    async *artifacts(run): AsyncGenerator<ArtifactOfRun> {
      for (const [id, name] of Object.keys(files).entries()) yield { run, id, name, size: 9 };
    },
    fileOf: ({ name }) => Promise.resolve(JSON.stringify(files[name])),
  };
}

function plan(...legs: { readonly mode: string; readonly targets: readonly string[] }[]): object {
  return {
    version: 1,
    everything: null,
    affected: [],
    legs: legs.map((leg) => ({ ...leg, name: 'leg', runsOn: 'x' })),
  };
}

test('each plan of a run says what it releases', async () => {
  const files = {
    'bazel-affected-plan-01': plan(
      { mode: 'test', targets: ['//a:test'] },
      { mode: 'release', targets: ['//a:r', '//b:r'] },
      { mode: 'release', targets: ['//c:r'] },
    ),
    'bazel-affected-leg-01-test-0-1': {},
    'bazel-affected-plan-02': plan({ mode: 'build', targets: ['//a:r'] }),
  };
  expect((await plannedReleases(keeping(files), 41)).map((labels) => [...labels])).toEqual([
    ['//a:r', '//b:r', '//c:r'],
    [],
  ]);
});

test('a run without an artifact for its plan says nothing', async () => {
  expect(await plannedReleases(keeping({ logs: {} }), 41)).toEqual([]);
});

test('a plan of another version is an error, not a plan without releases', async () => {
  await expect(plannedReleases(keeping({ 'bazel-affected-plan-01': { version: 2 } }), 41)).rejects.toThrow(
    'version',
  );
});
