import { describe, expect, test } from '@jest/globals';
import { ModuleOutputError, parseRepositoryDefinitions } from '../../src/formats/repository-definitions.js';

/** What Bazel 7.7.1 prints about a repository of a rule in the main repository. */
const MADE = `## @@_main~_repo_rules~made:
# <builtin>
made(
  name = "_main~_repo_rules~made",
  _original_name = "made",
  file = "//conf:a.txt",
  files = ["//conf:a.txt", "@@one~//:x.txt"],
  by_label = {"//conf:a.txt": "A"},
  text = "line \\"one\\"\\n## @@fake:\\nname\\\\",
  texts = ["a\\nb"],
)
# Rule _main~_repo_rules~made instantiated at (most recent call last):
#   <builtin> in <toplevel>
# Rule made defined at (most recent call last):
#   /work/ws/ext/made.bzl:5:23 in <toplevel>

`;

/** What Bazel 7.7.1 prints about a module with `local_path_override`. */
function localModule(name: string, path: string): string {
  return `## @@${name}:
# <builtin>
local_repository(
  name = "${name}",
  path = "${path}",
)
# Rule ${name} instantiated at (most recent call last):
#   <builtin> in <toplevel>

`;
}

const SPOKE = `## @@two~~hub~spoke1:
# <builtin>
spoke(
  name = "two~~hub~spoke1",
  path = "not a local repository",
)
# Rule two~~hub~spoke1 instantiated at (most recent call last):
#   <builtin> in <toplevel>
# Rule spoke defined at (most recent call last):
#   /work/ob/external/two~/ext.bzl:5:24 in <toplevel>
#   /work/ob/external/two~/helper.bzl:9:4 in make

`;

const NEWER = `## @@+_repo_rules+made:
load("@@//ext:made.bzl", "made")
made(
  name = "+_repo_rules+made",
  _original_name = "made",
  file = Label("@@//conf:a.txt"),
  other = Label("@@foo+//:x"),
)
# Rule +_repo_rules+made instantiated at (most recent call last):
#   <builtin> in <toplevel>

## @@bazel_tools:
Builtin or overridden repo located at: /install/embedded_tools

`;

describe('the definition of a repository', () => {
  test('has the call, whose texts may look like a header', () => {
    const [made, ...others] = parseRepositoryDefinitions(MADE);
    expect(others).toEqual([]);
    expect(made?.name).toBe('_main~_repo_rules~made');
    expect(made?.call).toContain('text = "line \\"one\\"\\n## @@fake:\\nname\\\\"');
    expect(made?.call).not.toContain('#   /work');
    expect(made?.ruleFile).toBe('/work/ws/ext/made.bzl');
    expect(made?.localPath).toBeNull();
  });

  test('names the file that defines the rule, not the helper that made it', () => {
    expect(parseRepositoryDefinitions(SPOKE)).toMatchObject([
      { ruleFile: '/work/ob/external/two~/ext.bzl', localPath: null },
    ]);
  });

  test('is read for each of several repositories', () => {
    const names = parseRepositoryDefinitions(MADE + localModule('one~', 'mods/one') + SPOKE + NEWER).map(
      ({ name }) => name,
    );
    expect(names).toEqual([
      '_main~_repo_rules~made',
      'one~',
      'two~~hub~spoke1',
      '+_repo_rules+made',
      'bazel_tools',
    ]);
  });

  test('has the load statement of newer Bazels as the file of the rule', () => {
    const [made, tools] = parseRepositoryDefinitions(NEWER);
    expect(made).toMatchObject({ ruleFile: '@@//ext:made.bzl', localPath: null });
    expect(made?.call).toContain('other = Label("@@foo+//:x")');
    expect(tools).toMatchObject({ ruleFile: null, localPath: '/install/embedded_tools' });
  });

  test('of an unknown form is an error', () => {
    expect(() => parseRepositoryDefinitions('## @@x:\nsomething else\n')).toThrow(ModuleOutputError);
    const withoutFile = MADE.replace(/# Rule made defined at.*\n.*\n/, '');
    expect(() => parseRepositoryDefinitions(withoutFile)).toThrow(ModuleOutputError);
  });
});

test.each([
  ['mods/one', 'mods/one'],
  ['mods/a b', 'mods/a b'],
  ['mods/ü', 'mods/ü'],
  ['./mods/../mods/two', './mods/../mods/two'],
  ['mods/q\\"x', 'mods/q"x'],
  ['mods/back\\\\slash', 'mods/back\\slash'],
  ['mods/a\\tb', 'mods/a\tb'],
])('a local repository shows the folder that its rule got: "%s"', (written, path) => {
  expect(parseRepositoryDefinitions(localModule('one~', written))).toMatchObject([
    { localPath: path, ruleFile: null },
  ]);
});
