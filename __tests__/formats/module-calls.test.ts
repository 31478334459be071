import { describe, expect, test } from '@jest/globals';
import { moduleCallsIn } from '../../src/formats/module-calls.js';

describe('the registrations of a module file', () => {
  test('are those of toolchains and execution platforms, in their order', () => {
    const { registrations } = moduleCallsIn(
      'register_toolchains("//:b", "@x//:all", dev_dependency = True)\n' +
        'bazel_dep(name = "x")\n' +
        'register_execution_platforms("//p:one")\n' +
        'register_toolchains("//:a")\n',
    );
    expect(registrations).toEqual([
      { function: 'register_toolchains', patterns: ['//:b', '@x//:all'], isForDevelopment: true },
      { function: 'register_execution_platforms', patterns: ['//p:one'], isForDevelopment: false },
      { function: 'register_toolchains', patterns: ['//:a'], isForDevelopment: false },
    ]);
  });

  test.each([
    'LIST = ["//:a"]\nregister_toolchains(*LIST)\n',
    'NAME = "//:a"\nregister_toolchains(NAME)\n',
    'register_toolchains("//:" + "a")\n',
    'register_toolchains(*["//:a"])\n',
  ])('are known if they are constants: %s', (text) => {
    const { registrations, isComplete } = moduleCallsIn(text);
    expect(registrations).toMatchObject([{ patterns: ['//:a'] }]);
    expect(isComplete).toBe(true);
  });

  test.each([
    '[register_toolchains("@" + each + "_x//:all") for each in ["a"]]\n',
    '[register_toolchains("-@" + each + "_x//:all") for each in ["a"]]\n',
    '[register_toolchains("@%s_x//:all" % each) for each in ["a"]]\n',
    '[register_toolchains("@{}_x//:all".format(each)) for each in ["a"]]\n',
    'register_toolchains(*["@" + each + "_x//:all" for each in ["a"]])\n',
    'END = "_x//:all"\n[register_toolchains("@" + each + END) for each in ["a"]]\n',
  ])('have the start and the end of a pattern that is put together: %s', (text) => {
    const { registrations, isComplete } = moduleCallsIn(text);
    expect(registrations).toMatchObject([{ patterns: [{ start: '@', end: '_x//:all' }] }]);
    expect(isComplete).toBe(true);
  });

  test.each([
    '[register_toolchains(each) for each in ["//:a"]]\n',
    '[register_toolchains(each + "//:all") for each in ["@a"]]\n',
    '[register_toolchains("-" + each + "//:all") for each in ["@a"]]\n',
    'register_toolchains(*[each for each in ["//:a"]])\n',
    'register_toolchains(**{})\n',
  ])('have null for a pattern of which not even the start is known: %s', (text) => {
    const { registrations, isComplete } = moduleCallsIn(text);
    expect(registrations).toMatchObject([{ patterns: [null] }]);
    expect(isComplete).toBe(false);
  });

  test.each([
    'LIST = ["//:a"]\nregister_toolchains(*LIST)\n',
    '[register_toolchains("//:" + each) for each in ["//:a"]]\n',
    'register = register_toolchains\nregister("//:a")\n',
  ])('make the whole code count if a part of them is not known: %s', (text) => {
    const { unread } = moduleCallsIn(text);
    expect(unread).not.toBeNull();
    expect(moduleCallsIn(text.replace('"//:a"', '"//:b"')).unread).not.toBe(unread);
    expect(moduleCallsIn(`${text}# a comment\n`).unread).toBe(unread);
  });

  test('are all known otherwise', () => {
    expect(
      moduleCallsIn('LIST = []\nregister_toolchains("//:a", dev_dependency = True)\n').unread,
    ).toBeNull();
  });

  test('count for all if it is not certain that they are for development', () => {
    const { registrations, unread } = moduleCallsIn(
      'DEV = False\nregister_toolchains("//:a", dev_dependency = DEV)\n',
    );
    expect(registrations).toMatchObject([{ isForDevelopment: false }]);
    expect(unread).not.toBeNull();
  });

  test('have the files that it includes among them, because these can register, too', () => {
    const { registrations } = moduleCallsIn(
      'include("//:a.MODULE.bazel")\nregister_toolchains("//:a")\ninclude("//:b.MODULE.bazel")\n',
    );
    expect(registrations.map((each) => [each.function, ...each.patterns])).toEqual([
      ['include', '//:a.MODULE.bazel'],
      ['register_toolchains', '//:a'],
      ['include', '//:b.MODULE.bazel'],
    ]);
  });

  test('have the flags that it gives other names, because options then mean something else', () => {
    const { registrations } = moduleCallsIn('flag_alias(name = "tone", starlark_flag = "@lib//:tone")\n');
    expect(registrations).toMatchObject([{ function: 'flag_alias', patterns: ['tone', '@lib//:tone'] }]);
  });
});

describe('the dependencies of a module file', () => {
  test('are names in their order, whether or not the argument has its name', () => {
    const text = 'bazel_dep(version = "1", name = "b")\nbazel_dep("a", "2", dev_dependency = True)\n';
    expect(moduleCallsIn(text).dependencies).toEqual(['b', 'a']);
  });

  test('have the included files between them', () => {
    const [dependency, include] = ['bazel_dep(name = "a")\n', 'include("//:x.MODULE.bazel")\n'];
    expect(moduleCallsIn(dependency + include).dependencies).toHaveLength(2);
    expect(moduleCallsIn(dependency + include).dependencies).not.toEqual(
      moduleCallsIn(include + dependency).dependencies,
    );
  });

  test('are not all known if a name is no literal text', () => {
    expect(moduleCallsIn('NAME = "a"\nbazel_dep(name = NAME)\n').unread).not.toBeNull();
  });

  test('have their other arguments if one module is named twice', () => {
    const [one, two] = [
      'bazel_dep(name = "a", version = "1", repo_name = "a1")\n',
      'bazel_dep(name = "a", version = "2", repo_name = "a2")\n',
    ];
    expect(moduleCallsIn(one + two).dependencies).not.toEqual(moduleCallsIn(two + one).dependencies);
  });
});
