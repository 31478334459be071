import { describe, expect, test } from '@jest/globals';
import {
  deletedPackagesIn,
  repositoryOverridesIn,
  isGraphOption,
  linesWithGraphOfBuilds,
} from '../../src/formats/graph-options.js';
import { rcText } from '../../src/formats/rc-lines.js';
import { parseRc } from '../../src/formats/rc.js';

const KNOWN = new Set(['deleted_packages', 'enable_bzlmod', 'override_module', 'incompatible_x', 'color']);

function rewritten(
  text: string,
  ofSystem = '',
  queryOptions: readonly string[] = [],
  sharedConfigurations: readonly string[] = [],
): string | null {
  const onCommandLine = { queryOptions, sharedConfigurations };
  const lines = linesWithGraphOfBuilds(parseRc(ofSystem), parseRc(text), onCommandLine, 'linux', KNOWN);
  return lines === null ? null : rcText(lines);
}

describe('queries load what builds load', () => {
  test.each([
    ['', ''],
    ['common --deleted_packages=a\n', ''],
    ['query --color=no --order_output=full\n', ''],
    ['build --enable_bzlmod\nquery --enable_bzlmod\n', ''],
    // An option that queries do not have cannot change their graph.
    ['build --incompatible_strict_action_env\n', ''],
  ])('as they are: %j', (text, ofSystem) => {
    expect(rewritten(text, ofSystem)).toBeNull();
  });

  test('without what only queries hide', () => {
    expect(rewritten('query --deleted_packages=a --color=no\n')).toBe(
      'query --color=no --noshow_progress\nquery\n',
    );
    expect(rewritten('query --deleted_packages a\n')).not.toContain('a');
    expect(rewritten('query --config=x\nquery:x --deleted_packages=a\n')).toBe(
      'query --config=x --noshow_progress\nquery:x --noshow_progress\nquery\n',
    );
  });

  test('with what only builds have', () => {
    expect(rewritten('build --noenable_bzlmod\nbuild --config=x\nbuild:x --override_module=m=/x\n')).toBe(
      'build --noshow_progress\nbuild --config=x --noshow_progress\nbuild:x --noshow_progress\n' +
        'query --noenable_bzlmod --override_module=m=/x\n',
    );
  });

  test('without what a configuration hides that only queries turn on', () => {
    const configuration = 'common:q --deleted_packages=a\n';
    const hidden = 'common:q --noshow_progress\nquery\n';
    expect(rewritten(configuration)).toBeNull();
    expect(rewritten(configuration, '', ['--config=q'])).toBe(hidden);
    expect(rewritten(`query --config=q\n${configuration}`)).toBe(
      `query --config=q --noshow_progress\n${hidden}`,
    );
    expect(rewritten('query --enable_platform_specific_config\ncommon:linux --deleted_packages=a\n')).toBe(
      'query --enable_platform_specific_config --noshow_progress\ncommon:linux --noshow_progress\nquery\n',
    );
  });

  test('with what a configuration hides that queries and builds turn on', () => {
    const both = ['--config=q'];
    expect(rewritten('common:q --deleted_packages=a\n', '', both, both)).toBeNull();
    expect(rewritten('build:q --deleted_packages=a\n', '', both, both)).toBe(
      'build:q --noshow_progress\nquery --deleted_packages=a\n',
    );
  });

  test('with what the machine gives to builds alone', () => {
    expect(rewritten('', 'build --incompatible_x\n')).toBe('query --incompatible_x\n');
  });
});

test('options of caches, connections and looks are none of a graph', () => {
  const others = ['--color=no', '--remote_cache=x', '--experimental_remote_cache_async', '--jobs=1', '-k'];
  expect(others.filter(isGraphOption)).toEqual([]);
  const graph = ['--noenable_bzlmod', '--package_path=x', '--noincompatible_y', '--experimental_cc_z'];
  expect(graph.filter(isGraphOption)).toEqual(graph);
});

test('deleted packages are named in several ways', () => {
  expect(deletedPackagesIn(['--deleted_packages=a,//b/c', '--x=d', '--deleted_packages=@//e'])).toEqual([
    'a',
    'b/c',
    'e',
  ]);
});

test('repositories are replaced by folders in two ways', () => {
  expect(
    repositoryOverridesIn([
      '--override_repository=a=/x',
      '--override_module=b=/y',
      '--inject_repository=c=d=e',
    ]),
  ).toEqual(['a=/x', 'c=d=e']);
});
