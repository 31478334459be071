import { describe, expect, test } from '@jest/globals';
import type { ExternalModule } from '../../../src/loading/externals/external-repositories.js';
import {
  otherRegistrations,
  registeredIn,
  reorderedModules,
} from '../../../src/plan/externals/registrations.js';
import { externalModule, externals } from '../../support/externals.js';

const REGISTERS = 'register_toolchains("//:all")\n';

describe('the repositories with registered toolchains and platforms', () => {
  function registered(text: string | null, name = 'a'): string[] {
    const names = { '': '', x: 'x~', y: 'y~' };
    const { patterns, unknown } = registeredIn(
      externals({
        mapping: names,
        mappings: { 'a~': { x: 'other~', y: 'y~' } },
        modules: [externalModule(name, { text })],
      }),
    );
    return [...patterns, ...unknown].sort();
  }

  test('are those of the patterns, by the names that the module uses', () => {
    expect(registered('register_toolchains("@x//:all", "-@@z~//t:one")\n')).toEqual([
      '@@other~//:all',
      '@@z~//t:one',
    ]);
    expect(registered('register_execution_platforms("@x//p")\n', '')).toEqual(['@@x~//p']);
  });

  test('are that of the module itself for a pattern without one', () => {
    expect(registered('register_toolchains("//:all", "-//:one", ":two")\n')).toEqual([
      '@@a~//:all',
      '@@a~//:one',
      '@@a~//:two',
    ]);
    // The graph has those of the main repository.
    expect(registered('register_toolchains("@//:all", "//:all")\n', '')).toEqual([]);
  });

  test('do not count if another module than the main one registers them for development', () => {
    const text = 'register_toolchains("@x//:all", dev_dependency = True)\n';
    expect(registered(text)).toEqual([]);
    expect(registered(text, '')).toEqual(['@@x~//:all']);
  });

  test.each([
    null,
    '[register_toolchains(each) for each in ["//:all"]]\n',
    'DEV = 1 == 2\nregister_toolchains("//:all", dev_dependency = DEV)\n',
    'r = register_toolchains\nr("//:all")\n',
  ])('are all that the module sees if they are not known: %s', (text) => {
    expect(registered(text)).toEqual(['a~', 'other~', 'y~']);
  });

  test.each([
    ['"@" + each + "//:all"', ['@@a~//:all', '@@other~//:all', '@@y~//:all']],
    ['"@x" + each + "//t:all"', ['@@other~//t:all']],
    // The unknown part may be `@other`.
    ['"@" + each + "r~//:all"', ['@@other~//:all']],
    ['"@z" + each + "//:all"', []],
    ['"@x//" + each', ['@@other~//...']],
    // It may also be that of a package.
    ['"@y" + each + ":all"', ['@@y~//...']],
    ['"//" + each + ":all"', ['@@a~//...']],
    ['"@@y" + each + "//:all"', ['@@y~//:all']],
  ])('are all that fit if a pattern is put together: %s', (pattern, found) => {
    const { patterns, unknown } = registeredIn(
      externals({
        mapping: {},
        mappings: { 'a~': { x: 'other~', y: 'y~', a: 'a~' }, 'other~': {}, 'y~': {} },
        modules: [externalModule('a', { text: `[register_toolchains(${pattern}) for each in LIST]\n` })],
      }),
    );
    expect([...patterns].sort()).toEqual(found);
    expect(unknown.size).toBe(0);
  });

  test('are none if it only includes files and gives flags other names', () => {
    expect(
      registered('include("//:x.MODULE.bazel")\nflag_alias(name = "a", starlark_flag = "@x//:f")\n', ''),
    ).toEqual([]);
  });
});

/** Two revisions of a workspace's modules. */
function compare(before: readonly ExternalModule[], after: readonly ExternalModule[]): string | null {
  return otherRegistrations({ before: externals({ modules: before }), after: externals({ modules: after }) });
}

function main(dependencies: readonly string[], text = ''): ExternalModule {
  const named = dependencies.map((name) => `bazel_dep(name = "${name}")\n`).join('');
  return externalModule('', { dependencies: [...dependencies].sort(), text: named + text });
}

describe('the registrations of the main module', () => {
  test.each([
    ['another pattern', REGISTERS, 'register_toolchains("//:one")\n'],
    ['another function', REGISTERS, 'register_execution_platforms("//:all")\n'],
    ['another order', 'register_toolchains("//:a", "//:b")\n', 'register_toolchains("//:b", "//:a")\n'],
    [
      'another list',
      'LIST = ["//:a", "//:b"]\nregister_toolchains(*LIST)\n',
      'LIST = ["//:b", "//:a"]\nregister_toolchains(*LIST)\n',
    ],
    [
      'another place for what a file includes',
      `include("//:x.MODULE.bazel")\n${REGISTERS}`,
      `${REGISTERS}include("//:x.MODULE.bazel")\n`,
    ],
    // With --ignore_dev_dependency, it is no registration.
    ['one for development', REGISTERS, 'register_toolchains("//:all", dev_dependency = True)\n'],
    [
      'another flag for an alias',
      'flag_alias(name = "x", starlark_flag = "@a//:one")\n',
      'flag_alias(name = "x", starlark_flag = "@a//:two")\n',
    ],
  ])('are not the same with %s', (_, before, after) => {
    expect(compare([main([], before)], [main([], after)])).toBe(
      'the main module registers other toolchains or execution platforms than before',
    );
    expect(compare([main([], after)], [main([], after)])).toBeNull();
  });

  test('may differ if its file cannot be read', () => {
    const unknown = externalModule('', { text: null });
    expect(compare([unknown], [unknown])).toContain('the main module registers other');
  });
});

describe('the registrations of another module', () => {
  test('differ if it registers and comes or goes', () => {
    const a = externalModule('a', { text: REGISTERS });
    const said = 'the module a registers other toolchains or execution platforms than before';
    expect(compare([main([])], [main(['a']), a])).toBe(said);
    expect(compare([main(['a']), a], [main([])])).toBe(said);
    expect(compare([main([])], [main(['a']), externalModule('a', { text: null })])).toBe(said);
    expect(compare([main([])], [main(['a']), externalModule('a')])).toBeNull();
  });

  test('are not read for development', () => {
    const text = 'register_toolchains("//:all", dev_dependency = True)\n';
    expect(
      compare([main(['a']), externalModule('a', { text })], [main(['a']), externalModule('a')]),
    ).toBeNull();
  });
});

/** The modules whose order may differ between two revisions. */
function reordered(
  before: readonly ExternalModule[],
  after: readonly ExternalModule[],
): (readonly string[])[] {
  return reorderedModules({
    before: externals({ modules: before }),
    after: externals({ modules: after }),
  }).map(({ modules }) => modules);
}

describe('the order of the modules', () => {
  const [a, b] = ['a', 'b'].map((name) => externalModule(name, { text: REGISTERS }));

  test('is that in which the main module names them', () => {
    if (a === undefined || b === undefined) throw new Error('two modules');
    expect(reordered([main(['a', 'b']), a, b], [main(['b', 'a']), a, b])).not.toEqual([]);
    expect(reordered([main(['a', 'b']), a, b], [main(['a', 'b']), a, b])).toEqual([]);
  });

  test('is kept if a module that registers nothing comes between, before, or after them', () => {
    if (a === undefined || b === undefined) throw new Error('two modules');
    const added = externalModule('c');
    for (const names of [
      ['c', 'a', 'b'],
      ['a', 'c', 'b'],
      ['a', 'b', 'c'],
    ])
      expect(reordered([main(['a', 'b']), a, b], [main(names), a, b, added])).toEqual([]);
  });

  test('does not matter for modules that register nothing', () => {
    const others = [externalModule('a'), externalModule('b')];
    expect(reordered([main(['a', 'b']), ...others], [main(['b', 'a']), ...others])).toEqual([]);
  });

  test('may change if the main module names one that another module brought along', () => {
    const [via, far] = [
      externalModule('via', { dependencies: ['far'], text: `bazel_dep(name = "far")\n${REGISTERS}` }),
      externalModule('far', { text: REGISTERS }),
    ];
    expect(reordered([main(['via']), via, far], [main(['via', 'far']), via, far])).not.toEqual([]);
    expect(reordered([main(['via', 'far']), via, far], [main(['via']), via, far])).not.toEqual([]);
  });

  test('may change if another module brings one along first', () => {
    const via = (name: string, dependencies: readonly string[]): ExternalModule =>
      externalModule(name, {
        dependencies,
        text: dependencies.map((each) => `bazel_dep(name = "${each}")\n`).join(''),
      });
    const both = ['far', 'near'].map((name) => externalModule(name, { text: REGISTERS }));
    const before = [main(['one', 'two']), via('one', ['near']), via('two', ['far']), ...both];
    const after = [main(['one', 'two']), via('one', ['far', 'near']), via('two', ['far']), ...both];
    expect(reordered(before, after)).toEqual([['far', 'near']]);
  });

  test('may change below a module that moved, and registers nothing itself', () => {
    const via = (name: string): ExternalModule =>
      externalModule(name, { dependencies: [`far${name}`], text: `bazel_dep(name = "far${name}")\n` });
    const far = ['farone', 'fartwo'].map((name) => externalModule(name, { text: REGISTERS }));
    expect(
      reordered(
        [main(['one', 'two']), via('one'), via('two'), ...far],
        [main(['two', 'one']), via('one'), via('two'), ...far],
      ),
    ).not.toEqual([]);
  });

  test('may change inside a module that names its dependencies in another order', () => {
    const via = (names: readonly string[]): ExternalModule =>
      externalModule('via', {
        dependencies: [...names].sort(),
        text: names.map((name) => `bazel_dep(name = "${name}")\n`).join(''),
      });
    const far = ['x', 'y'].map((name) => externalModule(name, { text: REGISTERS }));
    expect(
      reordered([main(['via']), via(['x', 'y']), ...far], [main(['via']), via(['y', 'x']), ...far]),
    ).not.toEqual([]);
  });

  test('is the same for modules of which one is nearer to the main module before and after', () => {
    const near = externalModule('near', { text: REGISTERS });
    const far = externalModule('far', { text: REGISTERS });
    const via = (name: string): ExternalModule =>
      externalModule(name, { dependencies: ['far'], text: 'bazel_dep(name = "far")\n' });
    const before = [main(['near', 'one']), near, via('one'), far];
    const after = [main(['near', 'one', 'two']), near, via('one'), via('two'), far];
    expect(reordered(before, after)).toEqual([]);
  });

  test('is told with what the modules register, if that is known', () => {
    const modules = (names: readonly string[]) => ({
      mappings: { 'a~': { x: 'x~', shop: '' } },
      modules: [
        main(names),
        externalModule('a', { text: 'register_toolchains("@x//:all", "//:one", "@shop//:two")\n' }),
        externalModule('b', { text: null }),
      ],
    });
    expect(
      reorderedModules({
        before: externals(modules(['a', 'b'])),
        after: externals(modules(['b', 'a'])),
      }),
    ).toEqual([
      {
        modules: ['a', 'b'],
        patterns: [['@@x~//:all', '@@a~//:one', '//:two'], null],
        arePlatforms: false,
      },
    ]);
  });

  test('is told for toolchains and execution platforms apart', () => {
    const platforms = externalModule('b', { text: 'register_execution_platforms("//:all")\n' });
    expect(
      reorderedModules({
        before: externals({
          modules: [main(['a', 'b']), externalModule('a', { text: REGISTERS }), platforms],
        }),
        after: externals({
          modules: [main(['b', 'a']), externalModule('a', { text: REGISTERS }), platforms],
        }),
      }),
    ).toEqual([{ modules: ['a', 'b'], patterns: [['@@a~//:all'], []], arePlatforms: false }]);
  });
});
