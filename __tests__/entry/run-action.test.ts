import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TemporaryFolder } from '../support/git-history.js';
import { start, type Ended } from '../support/program.js';
import { commandsIn } from '../support/runner-commands.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
  for (const folder of ['workspace', 'runner']) mkdirSync(temporary.join(folder));
});

afterEach(() => {
  temporary.remove();
});

/** Runs the action with a program in Bazel's place. */
async function act(
  bazelScript: string,
  entry: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const bazel = temporary.join('bazel.sh');
  writeFileSync(bazel, `#!/bin/sh\n${bazelScript}\n`, { mode: 0o755 });
  for (const file of ['output', 'summary', 'state']) writeFileSync(temporary.join(file), '');
  const leg = { mode: 'test', 'runs-on': 'ubuntu-latest', index: 0, ...entry };
  return start('run', [], temporary.join('workspace'), {
    INPUT_LEG: JSON.stringify(leg),
    INPUT_BAZEL: bazel,
    GITHUB_OUTPUT: temporary.join('output'),
    GITHUB_STATE: temporary.join('state'),
    GITHUB_STEP_SUMMARY: temporary.join('summary'),
    GITHUB_WORKSPACE: temporary.join('workspace'),
    RUNNER_TEMP: temporary.join('runner'),
    ...environment,
  }).ended;
}

const summary = () => readFileSync(temporary.join('summary'), 'utf8');

describe('nothing that a leg prints is a command to the runner', () => {
  const label = '//a:x##[group]y';

  test('its name, what Bazel says, and where that is', async () => {
    const { code, stdout, stderr } = await act(
      `printf '##[error]forged\\n::error::forged\\n' >&2
       printf 'ERROR: a##[warning]/BUILD:1:1: ##[add-mask]a\\n::error::forged\\n' >&2
       exit 1`,
      { name: label, targets: [label] },
    );
    expect(code).toBe(1);
    expect(stdout).toContain('::group::bazel test: //a:x# #[group]y\n');
    expect(stdout).toMatch(/^::error title=.*# #\[add-mask\]a/m);
    const own = /^::(group|endgroup|error|add-mask)\b/;
    expect(commandsIn(stdout).filter((line) => !own.test(line) || line.includes('##['))).toEqual([]);
    expect(stderr).not.toContain('##[');
  });

  test('inputs that are refused', async () => {
    const { code, stdout } = await act('exit 0', {
      name: 'x',
      targets: ['//a:b'],
      mode: '##[add-mask]a\n::error::forged',
    });
    expect(code).toBe(1);
    expect(commandsIn(stdout).filter((line) => !line.startsWith('::error::input leg'))).toEqual([]);
    expect(summary()).toContain('This leg left no result');
  });
});
