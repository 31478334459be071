import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Runs } from './support/act.js';

let runs: Runs;

beforeAll(() => {
  runs = new Runs();
});

afterAll(() => {
  runs[Symbol.dispose]();
});

test('a pull request: what it affects is tested, releases are only built', async () => {
  const monorepo = runs.monorepo();
  const run = await runs.run(
    monorepo,
    monorepo.pullRequest({ 'services/hello/hello.sh': '# a comment\ngreeting "${1:-world}" "${2:-}"\n' }),
  );
  console.log(run);
  expect(run.seenByCaller.result).toBe('success');
});
