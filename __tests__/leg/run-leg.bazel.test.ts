import { EventEmitter } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseLabel } from '../../src/graph/label.js';
import type { Mode } from '../../src/plan/legs/leg.js';
import { GRACE_MS, runLeg, type LegRun } from '../../src/leg/run-leg.js';
import { parseLegResult, type LegResult } from '../../src/leg/result/leg-result.js';
import { logsOf, type Outcome } from '../../src/leg/result/outcome.js';
import { writeBazelWithoutSkipping } from '../support/older-bazel.js';
import { TemporaryWorkspace } from '../support/temporary-workspace.js';

/** Names that a target pattern file holds, and names that Bazel would read otherwise from one. */
const ODD_NAMES = [
  'a$(touch pwned)b',
  '${{ github.token }}',
  "it's",
  'quo"te',
  'semi;colon',
  'a&b|c',
  '<b>',
  '-dash',
];
const ODDER_NAMES = ['hash#tag', 'trail ', 'café'];

const FILES = {
  'MODULE.bazel': 'bazel_dep(name = "platforms", version = "0.0.11")\n',
  '.bazelrc': 'test --test_env=FROM_WORKSPACE=yes\n',
  BUILD: `
sh_test(name = "pass_test", srcs = ["pass.sh"])

sh_test(
    name = "fail_test",
    srcs = ["fail.sh"],
)
sh_test(name = "flaky_test", srcs = ["flaky.sh"], flaky = True, tags = ["no-sandbox"])
sh_test(name = "slow_test", srcs = ["slow.sh"])
sh_test(name = "broken_test", srcs = ["pass.sh"], data = [":broken"])
sh_test(name = "environment_test", srcs = ["environment.sh"])
genrule(name = "broken", outs = ["broken.txt"], cmd = "echo the compiler says no >&2; exit 3")
genrule(name = "fine", outs = ["fine.txt"], cmd = "echo fine >$@")
sh_test(name = "incompatible_test", srcs = ["pass.sh"], target_compatible_with = ["@platforms//:incompatible"])
sh_binary(name = "incompatible_release", srcs = ["pass.sh"], target_compatible_with = ["@platforms//:incompatible"])
sh_binary(name = "release_bad", srcs = ["fail.sh"])
sh_binary(name = "release_seven", srcs = ["seven.sh"])
sh_binary(name = "release_broken", srcs = ["pass.sh"], data = [":broken"])
sh_binary(name = "release_two", srcs = ["release.sh"])
sh_binary(name = "release_quiet", srcs = ["pass.sh"])
genrule(name = "stamp", outs = ["stamp.txt"], cmd = "cat bazel-out/stable-status.txt >$@", stamp = 1)
sh_binary(name = "release_stamped", srcs = ["stamped.sh"], data = [":stamp"])
sh_binary(name = "release_slow", srcs = ["slow.sh"])
load(":validated.bzl", "validated")
validated(name = "validated")
exports_files(["pass.sh", "release.sh"])
`,
  'odd/BUILD': `
[genrule(name = name, outs = ["%d.txt" % at], cmd = "echo >$@") for at, name in enumerate(${JSON.stringify([...ODD_NAMES, ...ODDER_NAMES])})]
[sh_binary(name = "release " + name, srcs = ["//:release.sh"]) for name in ["$(touch pwned)"]]
`,
  'validated.bzl': `
def _impl(ctx):
    done = ctx.actions.declare_file(ctx.label.name + ".validation")
    ctx.actions.run_shell(outputs = [done], command = "echo published while it was built >&2; exit 1")
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, "#!/bin/sh", is_executable = True)
    return [DefaultInfo(executable = script), OutputGroupInfo(_validation = depset([done]))]
validated = rule(_impl, executable = True)
`,
  'broken/BUILD': 'sh_test(name = "x"\n',
  'pass.sh': 'exit 0\n',
  'fail.sh': 'printf "\\033[31mexpected 1, got 2\\033[0m\\n"; exit 1\n',
  'seven.sh': 'echo uploading; echo "ERROR: no such bucket" >&2; exit 7\n',
  'stamped.sh': 'cat stamp.txt\n',
  'slow.sh': 'echo started; sleep 120\n',
  'environment.sh': '[ "$FROM_WORKSPACE" = yes ] && [ "$FROM_LEG" = yes ] && [ "$FROM_FLAGS" = yes ]\n',
};

let workspace: TemporaryWorkspace;
let output: string;

beforeAll(() => {
  workspace = new TemporaryWorkspace(FILES);
  const ran = join(workspace.room, 'ran');
  workspace.write(
    'flaky.sh',
    `if [ -e "${ran}" ]; then exit 0; fi; touch "${ran}"; echo first attempt; exit 1\n`,
  );
  workspace.write('release.sh', `echo "releasing $0"; echo "$0" >>"${join(workspace.room, 'released')}"\n`);
});

afterAll(() => {
  workspace[Symbol.dispose]();
});

function run(mode: Mode, targets: readonly string[], changes: Partial<LegRun> & { flags?: string[] } = {}) {
  const { flags = [], ...others } = changes;
  const tempFolder = workspace.newFolder();
  output = '';
  return runLeg({
    leg: { name: `${mode} leg`, mode, targets: targets.map(parseLabel), runsOn: 'ubuntu-latest' },
    attempt: 1,
    workspace: workspace.folder,
    bazel: { program: workspace.bazel, startupOptions: workspace.startupOptions, flags },
    access: 'of the job',
    variables: {},
    status: {},
    ledger: null,
    rcLines: [],
    secrets: [],
    tempFolder,
    resultFile: join(tempFolder, 'result.json'),
    graceMs: GRACE_MS,
    signals: new EventEmitter(),
    onOutput: (chunk) => {
      output += chunk.toString();
    },
    ...others,
  });
}

function outcomeOf(result: LegResult, label: string): Outcome | undefined {
  return result.targets.find((target) => target.label === label)?.outcome;
}

test('a release is stamped with what it comes from', async () => {
  const status = { STABLE_RUN: 'https://example.com/runs/1' };
  const result = await run('release', ['//:release_stamped'], { status });
  expect(result).toMatchObject({ status: 'succeeded' });
  expect(output).toContain(
    'STABLE_GIT_COMMIT unknown\nSTABLE_GIT_DIRTY yes\nSTABLE_RUN https://example.com/runs/1\n',
  );
});

test('a release that is only built runs no validation, which some rules publish by', async () => {
  const built = await run('build', ['//:validated']);
  expect(built).toMatchObject({ status: 'succeeded' });
  const asked = await run('build', ['//:validated'], { flags: ['--run_validations'] });
  expect(asked).toMatchObject({ status: 'failed' });
  expect(output).toContain('published while it was built');
});

describe('a test leg', () => {
  test('tells every kind of result apart in one call, and shows the ends of the logs', async () => {
    const result = await run(
      'test',
      [
        '//:broken_test',
        '//:fail_test',
        '//:flaky_test',
        '//:incompatible_test',
        '//:pass_test',
        '//:slow_test',
      ],
      { flags: ['--test_timeout=2'] },
    );
    expect(result.targets.map(({ label, outcome }) => [label, outcome.kind])).toEqual([
      ['//:broken_test', 'failed to build'],
      ['//:fail_test', 'failed'],
      ['//:flaky_test', 'flaky'],
      ['//:incompatible_test', 'incompatible'],
      ['//:pass_test', 'passed'],
      ['//:slow_test', 'timed out'],
    ]);
    expect(result).toMatchObject({
      status: 'failed',
      message: '3 of 6 targets failed; Bazel ended with exit code 1: the build failed.',
      bazel: { exitCode: 1, message: expect.stringContaining('Executing genrule //:broken failed') },
    });
    expect(outcomeOf(result, '//:fail_test')).toMatchObject({
      logs: [{ tail: expect.stringMatching(/\nexpected 1, got 2$/) }],
    });
    expect(outcomeOf(result, '//:broken_test')).toMatchObject({
      message: expect.stringContaining('Genrule of //:broken failed'),
      logs: [{ tail: 'the compiler says no' }],
    });
    expect(outcomeOf(result, '//:flaky_test')).toMatchObject({
      attempts: 2,
      logs: [{ name: 'test.log, attempt 1' }],
    });
    expect(result.targets.find(({ label }) => label === '//:fail_test')?.location).toEqual({
      file: 'BUILD',
      line: 4,
    });
    expect(output).toContain('FAIL: //:fail_test');
  });

  test("that passes writes what it returns, with the workspace's rc, the leg's rc lines and its flags in force", async () => {
    const tempFolder = workspace.newFolder();
    const resultFile = join(tempFolder, 'result.json');
    const result = await run('test', ['//:environment_test'], {
      tempFolder,
      resultFile,
      rcLines: ['test --test_env=FROM_LEG=yes'],
      flags: ['--test_env=FROM_FLAGS=yes'],
    });
    expect(result).toMatchObject({
      status: 'succeeded',
      message: 'All targets passed.',
      bazel: { exitCode: 0, message: null },
    });
    expect(parseLegResult(readFileSync(resultFile, 'utf8'))).toEqual(result);
    expect(readdirSync(tempFolder)).toEqual(['result.json']);
  });

  test('of incompatible targets only is a success that says so', async () => {
    const result = await run('test', ['//:incompatible_test']);
    expect(result).toMatchObject({
      status: 'succeeded',
      message: expect.stringContaining('skipped every target'),
    });
  });

  test('whose tests fail has nothing of Bazel to show: the logs of the tests say it all', async () => {
    const result = await run('test', ['//:fail_test', '//:pass_test']);
    expect(result).toMatchObject({ status: 'failed', bazel: { exitCode: 3, message: null } });
  });

  test('without a test among its targets fails, though Bazel only says that it found none', async () => {
    const result = await run('test', ['//:fine']);
    expect(result).toMatchObject({ status: 'failed', bazel: { exitCode: 4 } });
    expect(outcomeOf(result, '//:fine')).toMatchObject({
      kind: 'no status',
      message: expect.stringContaining('ran no test for it'),
    });
  });

  test('fails if a filter makes Bazel lose a target, though Bazel succeeds', async () => {
    const result = await run('test', ['//:flaky_test', '//:pass_test'], {
      flags: ['--test_tag_filters=-no-sandbox'],
    });
    expect(result).toMatchObject({
      status: 'failed',
      message: 'Bazel succeeded, but 1 of 2 targets have no result.',
      bazel: { exitCode: 0 },
    });
  });

  test('with a target in a package that does not load says what Bazel said, and runs the others', async () => {
    const result = await run('test', ['//:pass_test', '//broken:x']);
    expect(result.status).toBe('failed');
    expect(outcomeOf(result, '//:pass_test')?.kind).toBe('cached');
    expect(outcomeOf(result, '//broken:x')?.kind).toBe('failed to build');
    expect(result.bazel.message).toContain('broken/BUILD:');
    expect(result.targets[1]?.location).toEqual({ file: 'broken/BUILD', line: null });
  });

  test('with a flag that Bazel does not know fails with its words', async () => {
    const result = await run('test', ['//:pass_test'], { flags: ['--no_such_flag'] });
    expect(result).toMatchObject({
      status: 'failed',
      bazel: { exitCode: 2, message: expect.stringContaining('Unrecognized option: --no_such_flag') },
      targets: [{ location: { file: 'BUILD', line: null } }],
    });
  });

  test('without a Bazel fails and says what to do', async () => {
    const bazel = { program: '/no/such/bazel', startupOptions: [], flags: [] };
    const result = await run('test', ['//:pass_test'], { bazel });
    expect(result).toMatchObject({ status: 'failed', message: expect.stringContaining('Install bazelisk') });
  });
});

describe('a Bazel that cannot skip incompatible targets, as before 7.0,', () => {
  function runWithout(mode: Mode, targets: readonly string[]): Promise<LegResult> {
    const program = writeBazelWithoutSkipping(join(workspace.room, 'older-bazel'), workspace.bazel);
    return run(mode, targets, { bazel: { program, startupOptions: workspace.startupOptions, flags: [] } });
  }

  test('is called without the option, and what it refuses is incompatible', async () => {
    const result = await runWithout('test', ['//:incompatible_test', '//:pass_test']);
    expect(result).toMatchObject({
      status: 'succeeded',
      message: 'All targets passed.',
      bazel: { exitCode: 0, message: null },
    });
    expect(outcomeOf(result, '//:incompatible_test')?.kind).toBe('incompatible');
    expect(['passed', 'cached']).toContain(outcomeOf(result, '//:pass_test')?.kind);
    expect(output).toContain('is called again without it');
  });

  test('tells them apart from targets that fail, and says nothing of the option there', async () => {
    const result = await runWithout('test', ['//:broken_test', '//:fail_test', '//:incompatible_test']);
    expect(result.targets.map(({ label, outcome }) => [label, outcome.kind])).toEqual([
      ['//:broken_test', 'failed to build'],
      ['//:fail_test', 'failed'],
      ['//:incompatible_test', 'incompatible'],
    ]);
    expect(result).toMatchObject({ status: 'failed', bazel: { exitCode: 1 } });
    expect(result.bazel.message).not.toContain('skip_incompatible');
  });

  test.each([
    ['test', '//:incompatible_test'],
    ['build', '//:incompatible_test'],
    ['release', '//:incompatible_release'],
  ] as const)('succeeds with nothing to %s but %s', async (mode, label) => {
    const result = await runWithout(mode, [label]);
    expect(result).toMatchObject({
      status: 'succeeded',
      message: expect.stringContaining('skipped every target'),
    });
  });

  test('releases the others', async () => {
    const result = await runWithout('release', [
      '//:incompatible_release',
      '//:release_quiet',
      '//:release_bad',
    ]);
    expect(result.targets.map(({ outcome }) => outcome.kind)).toEqual([
      'incompatible',
      'released',
      'failed to release',
    ]);
    expect(result.status).toBe('failed');
  });
});

describe('a leg of more labels than a command line holds', () => {
  /** A Bazel that writes what it was called with, a line for each call, and the events of these targets. */
  const standIn = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
const option = (name) => args.find((arg) => arg.startsWith(name + '='))?.slice(name.length + 1);
const file = option('--target_pattern_file');
const labels = file ? readFileSync(file, 'utf8').trimEnd().split('\\n') : args.slice(args.indexOf('--') + 1);
const isBad = (label) => label.endsWith('#bad');
const events = labels.map((label) => ({ id: { targetCompleted: { label } }, completed: { success: !isBad(label) } }));
writeFileSync(option('--build_event_json_file'), events.map((event) => JSON.stringify(event) + '\\n').join(''));
console.log(file ? 'file' : 'line', labels.length, Buffer.byteLength(args.join(' ')) < 600_000);
process.exitCode = labels.some(isBad) ? 1 : 0;
`;

  function buildOf(labels: readonly string[]): Promise<LegResult> {
    workspace.write('stand-in.sh', standIn);
    const program = join(workspace.folder, 'stand-in.sh');
    return run('build', labels, { bazel: { program, startupOptions: [], flags: [] } });
  }

  const plain = Array.from({ length: 4_000 }, (_, at) => `//p:${'x'.repeat(150)}${at}`);

  test('calls Bazel once for those that a file holds, and as often as it takes for the others', async () => {
    const odd = Array.from({ length: 4_000 }, (_, at) => `//p:${'é'.repeat(80)}#${at}`);
    const result = await buildOf([...odd, ...plain]);
    expect(result).toMatchObject({ status: 'succeeded', message: 'All targets passed.' });
    expect(result.targets.map(({ label }) => label)).toEqual([...odd, ...plain]);
    expect(output.trim().split('\n')).toEqual(['file 4000 true', 'line 2947 true', 'line 1053 true']);
  });

  test('fails if one call does, whichever that is', async () => {
    for (const labels of [
      [...plain, '//p:#bad'],
      [...plain, '//p:odd#'],
      ['//p:odd#', ...plain, '//p:x#bad'],
    ]) {
      const bad = labels.filter((label) => label.endsWith('#bad'));
      const result = await buildOf(labels);
      expect(result.status).toBe(bad.length === 0 ? 'succeeded' : 'failed');
      const notBuilt = result.targets.filter(({ outcome }) => outcome.kind !== 'built');
      expect([notBuilt.length, ...notBuilt.slice(0, 3).map(({ label }) => label)]).toEqual([
        bad.length,
        ...bad,
      ]);
    }
  });

  test('needs one call where they fit on its command line', async () => {
    await buildOf(['//p:odd#', ...plain.slice(0, 2_000)]);
    expect(output.trim()).toBe('line 2001 true');
  });
});

describe('a leg that is told to stop', () => {
  test('passes the signal on, and still reports what was done', async () => {
    const signals = new EventEmitter();
    let seen = '';
    const result = await run('test', ['//:pass_test', '//:slow_test'], {
      signals,
      flags: [
        '--nocache_test_results',
        '--test_output=errors',
        '--experimental_ui_max_stdouterr_bytes=1000000',
      ],
      onOutput: (chunk) => {
        seen += chunk.toString();
        if (/1 \/ 2 tests|PASSED/.test(seen)) signals.emit('SIGTERM', 'SIGTERM');
      },
    });
    expect(result).toMatchObject({
      status: 'interrupted',
      message: 'Stopped by SIGTERM (cancelled or out of time) with 1 of 2 targets done.',
      bazel: { exitCode: 8 },
    });
    expect(outcomeOf(result, '//:pass_test')?.kind).toBe('passed');
    expect(outcomeOf(result, '//:slow_test')?.kind).toBe('no status');
    expect(signals.listenerCount('SIGTERM')).toBe(0);
  });

  test('kills what does not end in time', async () => {
    const signals = new EventEmitter();
    workspace.write('stubborn.sh', '#!/bin/sh\ntrap "" TERM INT\necho ready\nwhile :; do sleep 0.1; done\n');
    const result = await run('test', ['//:pass_test'], {
      signals,
      graceMs: 300,
      bazel: { program: join(workspace.folder, 'stubborn.sh'), startupOptions: [], flags: [] },
      onOutput: () => signals.emit('SIGINT', 'SIGINT'),
    });
    expect(result).toMatchObject({ status: 'interrupted', bazel: { exitCode: null } });
  });

  test('leaves a result even if it is killed itself: the file is there from the start', async () => {
    const tempFolder = workspace.newFolder();
    const resultFile = join(tempFolder, 'result.json');
    workspace.write('look.sh', `#!/bin/sh\ncat "${resultFile}"\n`);
    await run('test', ['//:pass_test'], {
      resultFile,
      bazel: { program: join(workspace.folder, 'look.sh'), startupOptions: [], flags: [] },
    });
    expect(parseLegResult(output.slice(0, output.indexOf('\n}\n') + 3))).toMatchObject({
      status: 'interrupted',
      message: 'The leg was killed before it could write its results.',
    });
  });
});

describe('a build leg', () => {
  test('tells what was built from what was not, and runs nothing that a label says', async () => {
    const odd = ODD_NAMES.map((name) => `//odd:${name}`);
    const result = await run('build', ['//:broken', '//:fine', '//:incompatible_test', ...odd]);
    expect(result.targets.map(({ outcome }) => outcome.kind)).toEqual([
      'failed to build',
      'built',
      'incompatible',
      ...odd.map(() => 'built'),
    ]);
    expect(result.status).toBe('failed');
    expect(existsSync(join(workspace.folder, 'pwned'))).toBe(false);
  });

  test('builds labels that a target pattern file cannot hold', async () => {
    const result = await run(
      'build',
      ODDER_NAMES.map((name) => `//odd:${name}`),
    );
    expect(result.targets.map(({ outcome }) => outcome.kind)).toEqual(['built', 'built', 'built']);
    expect(result.status).toBe('succeeded');
  });
});

describe('a release leg', () => {
  test('runs each target, goes on after one that fails, and fails itself', async () => {
    const result = await run('release', [
      '//:incompatible_release',
      '//:release_bad',
      '//:release_broken',
      '//odd:release $(touch pwned)',
    ]);
    expect(result.targets.map(({ label, outcome }) => [label, outcome.kind])).toEqual([
      ['//:incompatible_release', 'incompatible'],
      ['//:release_bad', 'failed to release'],
      ['//:release_broken', 'failed to build'],
      ['//odd:release $(touch pwned)', 'released'],
    ]);
    expect(result.status).toBe('failed');
    expect(outcomeOf(result, '//:release_bad')).toMatchObject({
      message: 'It was built, and ended with exit code 1 when it ran.',
      logs: [{ tail: 'expected 1, got 2' }],
    });
    expect(result.bazel.message).toContain('Executing genrule //:broken failed');
    expect(result.bazel.message).not.toContain('expected 1, got 2');
    expect(readFileSync(join(workspace.room, 'released'), 'utf8').trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(workspace.folder, 'pwned'))).toBe(false);
  });

  test('whose program fails tells of the program, with its output once', async () => {
    const result = await run('release', ['//:release_seven']);
    expect(result).toMatchObject({
      status: 'failed',
      message: 'It was built, but its program ended with exit code 7.',
      bazel: { exitCode: 7, message: null },
    });
    const [log] = logsOf(result.targets[0]?.outcome ?? { kind: 'built', logs: [] });
    expect(log?.tail?.split('\n').sort()).toEqual(['ERROR: no such bucket', 'uploading']);
  });

  test('that is told to stop says what may be released in part and what was not begun', async () => {
    const signals = new EventEmitter();
    const result = await run('release', ['//:release_slow', '//:release_two'], {
      signals,
      onOutput: (chunk) => {
        if (chunk.toString().includes('started')) signals.emit('SIGTERM', 'SIGTERM');
      },
    });
    expect(result.status).toBe('interrupted');
    expect(outcomeOf(result, '//:release_slow')).toMatchObject({
      kind: 'failed to release',
      message: 'Stopped by SIGTERM in the middle: it may be released in part.',
    });
    expect(outcomeOf(result, '//:release_two')).toMatchObject({ kind: 'no status' });
  });
});
