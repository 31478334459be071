import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/text/input-error.js';
import {
  parsePlanInputs,
  PLAN_INPUTS,
  type PlanInputName,
  type PlanInputs,
} from '../../src/plan/plan-inputs.js';
import { label } from '../support/builders.js';

type Written = Partial<Record<PlanInputName, string>>;

function parse(written: Written = {}): PlanInputs {
  return parsePlanInputs((name) => written[name] ?? '');
}

/** The message about an input that cannot be used. */
function complaint(written: Written): string {
  try {
    parse(written);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'no complaint';
}

test('inputs that are not given have their defaults', () => {
  const inputs = parse();
  expect(inputs).toMatchObject({
    workspace: '',
    base: null,
    head: null,
    mode: 'auto',
    isReleaseBranch: null,
    excludeTags: ['manual', 'no-ci'],
    alwaysTags: [],
    legs: { fanOut: 'target', maxJobs: 256, runsOn: 'ubuntu-latest' },
    bazel: { command: 'bazel', startupOptions: [], queryOptions: [], sharedConfigurations: [] },
    githubToken: '',
  });
  expect(inputs.targets.map((pattern) => pattern.text)).toEqual(['//...']);
  expect(inputs.isReleaseKind('artifact_ci_release')).toBe(true);
  expect(inputs.isReleaseKind('other')).toBe(false);
  expect(inputs.everythingOn('any')).toBe(false);
  expect(inputs.ignore('any')).toBe(false);
  expect(inputs.legs.runners.size).toBe(0);
});

test('inputs with their defaults written out are the same as none', () => {
  const strip = ({ targets, ...rest }: PlanInputs) =>
    JSON.stringify([rest, targets.map((pattern) => pattern.text)]);
  expect(strip(parse({ ...PLAN_INPUTS }))).toBe(strip(parse()));
});

test('white space around an input does not count', () => {
  expect(parse({ mode: ' release\n', base: '  ', workspace: ' ws ' })).toMatchObject({
    mode: 'release',
    base: null,
    workspace: 'ws',
  });
});

describe('workspace', () => {
  test.each([
    ['.', ''],
    ['./', ''],
    ['a/b/', 'a/b'],
    ['./a//./b', 'a/b'],
    ['with space', 'with space'],
  ])('%j is the folder %j', (text, folder) => {
    expect(parse({ workspace: text }).workspace).toBe(folder);
  });

  test.each(['/abs', '..', 'a/../b'])('%j is refused', (workspace) => {
    expect(complaint({ workspace })).toBe(
      `input workspace: ${JSON.stringify(workspace)} cannot be used; allowed: a folder inside the repository, relative to its root`,
    );
  });
});

describe('a word that is none of the allowed', () => {
  test.each<[Written, string]>([
    [{ mode: 'deploy' }, 'input mode: "deploy" cannot be used; allowed: auto, test, build, release'],
    [{ 'fan-out': 'wide' }, 'input fan-out: "wide" cannot be used; allowed: target, balanced, single'],
    [{ mode: 'Test' }, 'input mode: "Test" cannot be used; allowed: auto, test, build, release'],
  ])('%j is refused with those that are', (written, message) => {
    expect(complaint(written)).toBe(message);
  });
});

describe('merge-group-counts', () => {
  test('is on by default, and can be turned off', () => {
    expect(parse().mergeGroupCounts).toBe(true);
    expect(parse({ 'merge-group-counts': 'false' }).mergeGroupCounts).toBe(false);
  });

  test('is refused if it is neither true nor false', () => {
    expect(complaint({ 'merge-group-counts': 'yes' })).toBe(
      'input merge-group-counts: "yes" cannot be used; allowed: true, false',
    );
  });
});

describe('the digest of what decides which tests run, and how', () => {
  test.each<[PlanInputName, string]>([
    ['targets', '//a/...'],
    ['exclude-tags', 'slow'],
    ['always-tags', 'smoke'],
    ['ignore', '*.md'],
    ['everything-on', 'tools/**'],
    ['runs-on', 'macos-latest'],
    ['runners', 'gpu: gpu'],
    ['leg-options', '--test_env=A=1'],
    ['workspace', 'other'],
  ])('differs if %s does', (name, value) => {
    expect(parse({ [name]: value }).testSettings).not.toBe(parse().testSettings);
  });

  test.each<[PlanInputName, string]>([
    ['base', 'HEAD~1'],
    ['mode', 'release'],
    ['fan-out', 'single'],
    ['max-jobs', '3'],
    ['release-after', 'tests'],
    ['github-token', 'secret'],
  ])('is the same whatever %s is', (name, value) => {
    expect(parse({ [name]: value }).testSettings).toBe(parse().testSettings);
  });
});

describe('max-jobs', () => {
  test.each(['1', '256', '007'])('takes %s', (text) => {
    expect(parse({ 'max-jobs': text }).legs.maxJobs).toBe(Number(text));
  });

  test.each(['0', '257', '-1', '1.5', '1e2', 'many', '0x10'])('refuses %s', (text) => {
    expect(complaint({ 'max-jobs': text })).toContain(
      `input max-jobs: "${text}" cannot be used; allowed: a whole`,
    );
  });
});

describe('targets', () => {
  const patterns = (text: string) => parse({ targets: text }).targets.map((pattern) => pattern.text);

  test('are separated by spaces and line ends', () => {
    expect(patterns('//a/... -//a/b:all\n  @//c:d \n\n//e')).toEqual([
      '//a/...',
      '-//a/b:all',
      '@//c:d',
      '//e',
    ]);
  });

  test('keep spaces inside a label', () => {
    expect(patterns('//a b:c d //e')).toEqual(['//a b:c d', '//e']);
    expect(parse({ targets: '//a b:c d' }).targets[0]?.matches(label('//a b:c d'))).toBe(true);
  });

  test('are refused with the one that is wrong', () => {
    expect(complaint({ targets: '//a/... \nfoo/...' })).toContain('input targets: "foo/..." cannot be used');
    expect(complaint({ targets: '@other//a' })).toContain('"@other//a"');
  });
});

describe('globs of paths', () => {
  const matches = (glob: string, path: string) => parse({ 'everything-on': glob }).everythingOn(path);

  test('are one a line, with comments', () => {
    const { ignore } = parse({ ignore: 'docs/**\n# by hand\n\n  **/*.md \na b/*' });
    expect(['docs/x/y', 'README.md', 'a/b.md', 'a b/c'].filter(ignore)).toHaveLength(4);
    expect(['doc/x', 'a/md', '# by hand', 'a b/c/d'].filter(ignore)).toEqual([]);
  });

  test('match hidden files and folders', () => {
    expect(matches('**', '.github/workflows/ci.yml')).toBe(true);
    expect(matches('.github/**', '.github/x')).toBe(true);
    expect(matches('*', '.bazelrc')).toBe(true);
  });

  test('match names with any characters', () => {
    for (const path of ['a/line\nend', 'a/\\', 'a/ü', 'a/(b)[c]', 'a/ ', "a/it's", 'a/${{ x }}']) {
      expect([path, matches('**', path)]).toEqual([path, true]);
      expect([path, matches('a/*', path)]).toEqual([path, true]);
    }
  });

  test.each([
    ['tools/', 'tools/**'],
    ['/ci/**', 'ci/**'],
    ['/ci/', 'ci/**'],
    ['//ci//x//', 'ci//x/**'],
    ['a/**/', 'a/**'],
    ['/', '**'],
  ])('are refused with a / at either end, where they match nothing: %s', (glob, instead) => {
    for (const name of ['everything-on', 'ignore'] as const) {
      expect(complaint({ [name]: `docs/**\n${glob}` })).toBe(
        `input ${name}: ${JSON.stringify(glob)} cannot be used; ` +
          `allowed: globs of files, relative to the repository and without a / at either end: ${instead}`,
      );
    }
  });

  test('are refused with a ! before them: what they would mean among others is unclear', () => {
    expect(complaint({ ignore: 'docs/**\n!docs/x' })).toContain('input ignore: "!docs/x" cannot be used');
    expect(complaint({ 'everything-on': '!x' })).toContain('input everything-on: "!x" cannot be used');
  });
});

test('release kinds are rule classes, * matches any text', () => {
  const { isReleaseKind } = parse({ 'release-kinds': 'oci_push, *_release' });
  expect(['oci_push', 'npm_release', '_release'].map(isReleaseKind)).toEqual([true, true, true]);
  expect(['oci_push_test', 'release', 'npm_releases'].map(isReleaseKind)).toEqual([false, false, false]);
});

test('release branches are names, * matches any text but a slash', () => {
  const { isReleaseBranch } = parse({ 'release-branches': 'main,release/*' });
  expect(['main', 'release/1.2'].map((branch) => isReleaseBranch?.(branch))).toEqual([true, true]);
  expect(['mainline', 'release/1/2', 'x/main'].map((branch) => isReleaseBranch?.(branch))).toEqual([
    false,
    false,
    false,
  ]);
});

describe('runners', () => {
  test('are labels, or lists of them', () => {
    expect(parse({ 'runs-on': 'my runner' }).legs.runsOn).toBe('my runner');
    expect(parse({ 'runs-on': '[self-hosted, linux]' }).legs.runsOn).toEqual(['self-hosted', 'linux']);
    const { runners } = parse({ runners: 'gpu: [self-hosted, gpu]\n# why\nlarge: big-runner' }).legs;
    expect([...runners]).toEqual([
      ['gpu', ['self-hosted', 'gpu']],
      ['large', 'big-runner'],
    ]);
  });

  test.each<Written>([
    { 'runs-on': '[]' },
    { 'runs-on': '[1]' },
    { 'runs-on': '[a' },
    { runners: 'gpu' },
    { runners: '- gpu' },
    { runners: 'gpu: {a: b}' },
    { runners: 'gpu:' },
    { runners: 'gpu: []' },
    { runners: 'a: b: c' },
  ])('%j is refused', (written) => {
    expect(complaint(written)).toMatch(/^input (runs-on|runners): .* cannot be used; allowed: a /);
  });
});

describe("Bazel's options", () => {
  test('are split as in an rc file', () => {
    expect(
      parse({ 'startup-options': '--host_jvm_args="-Xmx1g -Xms1g"\n--x=y # why', 'query-options': '--a --b' })
        .bazel,
    ).toMatchObject({
      startupOptions: ['--host_jvm_args=-Xmx1g -Xms1g', '--x=y'],
      queryOptions: ['--a', '--b'],
    });
  });

  test('that hide packages from queries are used only where the legs have them', () => {
    const hiding = { 'query-options': '--deleted_packages=a --package_path=b --color=no' };
    expect(parse(hiding)).toMatchObject({
      bazel: { queryOptions: ['--color=no'] },
      unusedQueryOptions: ['--deleted_packages=a', '--package_path=b'],
    });
    const ofLegs = { 'leg-options': '--config=ci\nbuild --deleted_packages=a --package_path b\n' };
    expect(parse({ ...hiding, ...ofLegs })).toMatchObject({
      bazel: { queryOptions: ['--deleted_packages=a', '--package_path=b', '--color=no'] },
      unusedQueryOptions: [],
    });
  });

  test('turn on configurations of builds, too, where queries and legs have the same', () => {
    const inputs = { 'query-options': '--config=a --config=b', 'leg-options': '--config b --config=c' };
    expect(parse(inputs).bazel.sharedConfigurations).toEqual(['--config=b']);
  });

  test.each<Written>([{ 'startup-options': '--a b' }, { 'query-options': '//...' }])(
    '%j is refused',
    (written) => {
      expect(complaint(written)).toMatch(
        /cannot be used; allowed: options of Bazel, each in the form --name/,
      );
    },
  );
});
