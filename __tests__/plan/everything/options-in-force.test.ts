import { describe, expect, test } from '@jest/globals';
import { parseRc } from '../../../src/formats/rc.js';
import {
  configurationsTurnedOn,
  differenceOfOptions,
  linesInForce,
  type LegCalls,
} from '../../../src/plan/everything/options-in-force.js';

const CALLS: LegCalls = { flags: [], platforms: ['linux'], secretWords: new Set() };

function difference(before: string, after: string, calls: Partial<LegCalls> = {}): string | null {
  return differenceOfOptions(parseRc(before), parseRc(after), { ...CALLS, ...calls });
}

describe('the options of the legs differ', () => {
  test('by an option that is new, gone, or has another value, and the difference names it', () => {
    expect(difference('', 'build --copt=-O2')).toBe(
      'bazel test has the option --copt=-O2 at the head, and not at the base',
    );
    expect(difference('test --test_env=A', '')).toBe(
      'bazel test has the option --test_env=A at the base, and not at the head',
    );
    expect(difference('build --copt=-O1 --stamp', 'build --stamp --copt=-O2')).toBe(
      'bazel test has the option --copt=-O2 at the head, and --copt=-O1 at the base',
    );
    expect(difference('run --stamp', 'run --nostamp')).toBe(
      'bazel run has the option --nostamp at the head, and --stamp at the base',
    );
    expect(difference('startup --output_base=/x', '')).toBe(
      'the start of bazel has the option --output_base=/x at the base, and not at the head',
    );
  });

  test('by the order, because a later option may override an earlier one', () => {
    expect(difference('build --copt=-O1 --copt=-O2', 'build --copt=-O2 --copt=-O1')).toBe(
      'bazel test has the option --copt at another place',
    );
  });

  test.each([
    ['a command that any leg runs', 'common --x=1'],
    ['all commands', 'always --x=1'],
    ['tests that run one by one', 'test --test_output=streamed'],
    ['a value that Bazel refuses', 'build --jobs=many'],
    ['an option that Bazel may refuse', 'build --universe_scope=//...'],
    ['an option that only `bazel test` has, for all builds', 'build --print_relative_test_log_paths'],
    ['a harmless option that may be a value', 'build --test_arg --jobs=8'],
    ['a short option that is not harmless', 'build -c opt'],
    ['an import of nothing', 'import %workspace%/gone'],
    ['an option of startup', 'startup --host_jvm_args=-Dx=y'],
    ['a configuration of nothing', 'build --config=gone'],
  ])('by %s', (_, text) => {
    expect(difference('', text)).not.toBeNull();
    expect(difference(text, '')).not.toBeNull();
  });

  test('by a harmless value that overrides one that is not', () => {
    const overridden = 'test --test_output=streamed --test_output=all';
    expect(difference(overridden, 'test --test_output=streamed')).not.toBeNull();
    expect(difference('test --test_output=all', 'test --test_output=all --test_output=errors')).toBeNull();
  });

  test('by a configuration that rc files turn on, directly or through another', () => {
    const on = 'build --config=a\nbuild:a --config=b\n';
    expect(difference(`${on}build:b --x=1`, `${on}build:b --x=2`)).toContain('--x=2');
    expect(difference('build:b --x=1\n', 'build:b --x=1\nbuild --config=b')).toContain('--x=1');
  });

  test('by a configuration that the command line of a leg turns on, in one word or two', () => {
    for (const flags of [['--config=ci'], ['--config', 'ci']])
      expect(difference('build:ci --x=1', 'build:ci --x=2', { flags })).toContain('--x=2');
  });

  test('where a leg may lack what the command line of another one turns on', () => {
    const flags = ['--config=ci'];
    expect(difference('build --x=1\nbuild:ci --y', 'build:ci --x=1 --y', { flags })).toContain(
      '--x=1 at the base',
    );
  });

  test('by the configuration of any system on which legs run', () => {
    const on = 'common --enable_platform_specific_config\n';
    const [before, after] = [`${on}build:macos --x=1`, `${on}build:macos --x=2`];
    expect(difference(before, after, { platforms: ['linux', 'macos'] })).toContain('--x=2');
    expect(difference(before, after, { platforms: ['linux'] })).toBeNull();
    expect(difference('build:linux --x=1', 'build:linux --x=2')).toBeNull();
  });

  test('and the difference fits into a line', () => {
    expect(difference('', `build --copt=${'x'.repeat(5_000)}`)?.length).toBeLessThan(300);
  });

  test('and the difference shows no value of an rc file that belongs to no revision', () => {
    const ofHome = 'build:ci --remote_header=key=s3cr3t\n';
    const secretWords = new Set(['--remote_header=key=s3cr3t']);
    expect(difference(ofHome, `${ofHome}build --config=ci`, { secretWords })).toBe(
      'bazel test has the option --remote_header=… at the head, and not at the base',
    );
  });
});

describe('the options of the legs are the same', () => {
  test.each([
    ['an option that only changes what is printed', 'test --test_output=errors\nbuild --verbose_failures'],
    ['another number of jobs, in one word or two', 'build --jobs=8\nbuild --jobs 8\nbuild -j 8'],
    ['a switch in all its forms', 'build -k\nbuild --nokeep_going\nbuild --keep_going=false\nbuild -k-'],
    ['a harmless option after a switch', 'build --noverbose_failures --curses=no'],
    ['caches', 'common --disk_cache=/x --remote_cache=grpcs://a.example:443 --repository_cache=/y'],
    ['options of commands that no leg runs', 'query --x\ncoverage --y=1\nfetch --z\ncquery:b --z'],
    ['a configuration that nothing turns on', 'build:asan --copt=-fsanitize=thread'],
    ['an option of queries that is for all commands', 'common --universe_scope=//... --notool_deps'],
    ['an option that only `bazel test` has', 'test --print_relative_test_log_paths'],
    ['memory and time of the server', 'startup --host_jvm_args=-Xmx4g --max_idle_secs=60'],
  ])('with %s', (_, text) => {
    expect(difference('', text)).toBeNull();
    expect(difference(text, '')).toBeNull();
  });

  test('where lines are written in another way', () => {
    expect(difference('build --a=1 --b', '# why\nbuild "--a=1"\n\nbuild --b')).toBeNull();
    expect(difference('build --define x=1', 'build --define=x=1')).toBeNull();
  });

  test('where options move to a configuration that is turned on in their place', () => {
    expect(difference('build --a=1 --b=2', 'build --config=x --b=2\nbuild:x --a=1')).toBeNull();
  });
});

describe('lines in force', () => {
  test('are those for the legs, without configurations that nothing turns on', () => {
    const lines = parseRc(
      'build --config=a\nbuild:a --config=b\nbuild:b --x\nbuild:c --y\nquery --z\nbuild:linux --l\nimport q\nrun:d --r\n',
    );
    const turnedOn = configurationsTurnedOn(lines, { ...CALLS, flags: ['--config=d'] });
    expect([...turnedOn].sort()).toEqual(['a', 'b', 'd']);
    expect(linesInForce(lines, turnedOn).flatMap(({ words }) => words)).toEqual([
      '--config=a',
      '--config=b',
      '--x',
      'q',
      '--r',
    ]);
  });

  test('are also those of the system where rc files ask for them', () => {
    const lines = parseRc('common --enable_platform_specific_config');
    expect([...configurationsTurnedOn(lines, CALLS)]).toEqual(['linux']);
  });
});
