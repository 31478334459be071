import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ArtifactServer } from '../../e2e/support/artifact-server.js';
import { legArtifact, newPlanArtifact } from '../../src/plan/file/artifact-names.js';
import { plan } from '../support/builders.js';
import { TemporaryFolder } from '../support/temporary-folder.js';
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
  const leg = { name: '//a:t', mode: 'test', 'runs-on': 'ubuntu-latest', index: 0, ...entry };
  return start('run', [], temporary.join('workspace'), {
    INPUT_LEG: JSON.stringify(leg, null, 2),
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

test('a leg whose targets stand only in a plan that was not stored fails, and says why', async () => {
  const { code, stdout } = await act('exit 0', {});
  const why =
    /this leg's targets are listed only in that artifact: .* where that output is empty, the plan could not be stored/;
  expect(code).toBe(1);
  expect(stdout).toMatch(why);
  expect(stdout).not.toContain('    at ');
  expect(summary()).toMatch(why);
});

test('a leg whose plan is not available fails: there is no artifact service here', async () => {
  const { code, stdout } = await act('exit 0', {}, { 'INPUT_PLAN-ARTIFACT': 'bazel-affected-plan-0123' });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^::error::the artifact bazel-affected-plan-0123 is not available: /m);
});

test('a leg of 2,000 targets that Bazel says nothing of fails, with a page that GitHub keeps', async () => {
  const targets = Array.from({ length: 2_000 }, (_, at) => `//a:${'t'.repeat(30)}_${at}`);
  const { code, stdout } = await act('exit 0', { targets });
  expect(code).toBe(1);
  expect(stdout).toContain('Bazel succeeded, but 2000 of 2000 targets have no result.');
  expect(readFileSync(temporary.join('summary')).length).toBeLessThan(1024 * 1024);
});

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
    expect(summary()).toContain('This leg has no result');
  });
});

describe('secrets', () => {
  const SECRET = 's3cret/of the+release"';
  const FORMS = [
    SECRET,
    Buffer.from(SECRET).toString('base64'),
    encodeURIComponent(SECRET),
    JSON.stringify(SECRET).slice(1, -1),
    SECRET.replace(' ', '\n'),
  ];

  test('are in no result, page or annotation in any form, nor in part, and are masked in the log', async () => {
    const said = temporary.join('said');
    // The beginning of the first one is cut off, and the last one ends too early.
    const filler = 'x'.repeat(4 * 16 * 1024 - 10);
    writeFileSync(
      said,
      `${FORMS.join('\n')}\n${SECRET}${filler.slice(0, -300)}\n${FORMS.join('\n')}\n${SECRET.slice(0, 12)}`,
    );
    const { code, stdout } = await act(
      `cat '${said}'; printf 'ERROR: no\\n' >&2; cat '${said}' >&2; exit 7`,
      { name: '//a:b', targets: ['//a:b'], mode: 'release' },
      { INPUT_ENVIRONMENT: `KEY=${SECRET}\nREGION=eu` },
    );
    expect(code).toBe(1);
    const [, resultFile = ''] =
      /(\/.*result\.json)/.exec(readFileSync(temporary.join('output'), 'utf8')) ?? [];
    const annotations = stdout.split('\n').filter((line) => line.startsWith('::error'));
    const shown = [readFileSync(resultFile, 'utf8'), summary(), ...annotations].join('\n');
    expect(shown).toContain('***');
    for (const part of ['s3cret', 'the+release', 'release%22', 'czNjcmV0', 'the%2Brel'])
      expect(shown.replace(/\s|%0A/g, '')).not.toContain(part);
    const masks = stdout.split('\n').filter((line) => line.startsWith('::add-mask::'));
    for (const form of FORMS.slice(0, 4))
      expect(masks).toContain(`::add-mask::${form.replaceAll('%', '%25')}`);
  });

  test('that are too short to be any are masked nowhere', async () => {
    const { stdout } = await act(
      'echo area; exit 7',
      { name: '//a:b', targets: ['//a:b'], mode: 'release' },
      { INPUT_ENVIRONMENT: 'LETTER=a' },
    );
    expect(stdout).not.toContain('::add-mask::');
    expect(summary()).toContain('area');
  });
});

describe('a leg that releases, with own tests', () => {
  const STREAM = join(dirname(import.meta.dirname), 'formats/streams/pass.jsonl');
  const ENTRY = { name: '//a:r', mode: 'release', targets: ['//a:r'], 'own-tests': ['//:pass_test'] };
  const SECRETS = { INPUT_ENVIRONMENT: 'KEY=the-key', GITHUB_TOKEN: 'the-token', GITHUB_ACTIONS: 'true' };

  /** Runs one step. Bazel writes down what it is called for, and with which credentials. */
  function step(part: string, testExit = 0): Promise<Ended> {
    const script = `
events=; command=
for argument; do
  case $argument in
    --build_event_json_file=*) events="\${argument#*=}" ;;
    test|run|query) command="\${command:-$argument}" ;;
  esac
done
echo "$command key=$KEY token=$GITHUB_TOKEN" >> '${temporary.join('calls')}'
if [ "$command" = test ]; then
  if [ ${testExit} = 0 ]; then cat '${STREAM}' > "$events"; fi
  exit ${testExit}
fi`;
    return act(script, ENTRY, { ...SECRETS, INPUT_PART: part });
  }

  const calls = () =>
    readFileSync(temporary.join('calls'), 'utf8')
      .trim()
      .split('\n')
      .filter((call) => !call.startsWith('query'));

  const outputs = () => readFileSync(temporary.join('output'), 'utf8');

  const TESTED = 'test key= token=';
  const RELEASED = 'run key=the-key token=the-token';

  test('runs them without credentials, and releases if they pass', async () => {
    expect((await step('all')).code).toBe(0);
    expect(calls()).toEqual([TESTED, RELEASED]);
    expect(summary()).toMatch(/released[^]*### Own tests[^]*pass&#95;test/);
  });

  test('does not release if one fails, and says which', async () => {
    const { code, stdout } = await step('all', 3);
    expect(code).toBe(1);
    expect(calls()).toEqual([TESTED]);
    expect(stdout).toContain('Not released, because 1 own test did not pass: //:pass_test.');
    expect(summary()).toMatch(/⏸️ .*withheld[^]*### Own tests/);
  });

  test('can do so in two steps, of which the first one writes no page if the tests pass', async () => {
    expect((await step('own-tests')).code).toBe(0);
    expect([calls(), summary()]).toEqual([[TESTED], '']);
    expect(outputs()).toMatch(/succeeded/);
    expect((await step('release')).code).toBe(0);
    expect(calls()).toEqual([TESTED, RELEASED]);
    expect(summary()).toMatch(/released[^]*### Own tests[^]*pass&#95;test/);
  });

  test('fails in the first of two steps if a test fails', async () => {
    expect((await step('own-tests', 3)).code).toBe(1);
    expect(summary()).toMatch(/withheld[^]*### Own tests/);
    // Whatever lets the second one run all the same.
    expect((await step('release')).code).toBe(1);
    expect(calls()).toEqual([TESTED]);
  });

  test('refuses the second step without the first', async () => {
    const { code, stdout } = await step('release');
    expect(code).toBe(1);
    expect(stdout).toContain('needs an earlier step of this job with `part: own-tests`');
  });
});

describe('the result of a leg', () => {
  const STREAM = join(dirname(import.meta.dirname), 'formats/streams/pass.jsonl');
  let service: ArtifactServer;
  let planArtifact: string;

  beforeEach(async () => {
    service = await ArtifactServer.start();
    planArtifact = newPlanArtifact(plan(), 1);
  });

  afterEach(() => {
    service[Symbol.dispose]();
  });

  /** Runs a leg whose test passes. */
  function passingLeg(): Promise<Ended> {
    const script = `for argument; do
  case $argument in --build_event_json_file=*) cat '${STREAM}' >"\${argument#*=}" ;; esac
done`;
    const entry = { name: '//:pass_test', targets: ['//:pass_test'] };
    return act(script, entry, {
      'INPUT_PLAN-ARTIFACT': planArtifact,
      ACTIONS_RESULTS_URL: service.url,
      ACTIONS_RUNTIME_TOKEN: service.token,
      GITHUB_ACTIONS: 'true',
    });
  }

  test('is stored', async () => {
    expect((await passingLeg()).code).toBe(0);
    expect(service.names()).toEqual([legArtifact(planArtifact, 'test', 0, 1)]);
  });

  test('that cannot be stored fails the leg and says so, and the process ends', async () => {
    service.isSilent = (method) => method === 'CreateArtifact';
    const { code, stdout } = await passingLeg();
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^::error::the artifact bazel-affected-leg-.* cannot be stored: GitHub did not accept it within 60 s/m,
    );
    // What the test did stands all the same.
    expect(summary()).toMatch(/pass&#95;test[^]*cannot be stored/);
  });
});
