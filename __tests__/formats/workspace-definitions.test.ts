import { describe, expect, test } from '@jest/globals';
import { QueryOutputError } from '../../src/formats/query-proto.js';
import { parseWorkspaceDefinitions } from '../../src/formats/workspace-definitions.js';

/** What Bazel 7.7.1 prints about a repository of a rule in the main repository. */
const MADE = `# /work/ws/WORKSPACE:6:6
made(
  name = "made",
  generator_name = "",
  generator_function = "repositories",
  file = "@one//:BUILD",
  text = "one\\n# /x/y:1:1\\nfake(\\n  name = \\"fake\\",\\n)",
)
# Rule made instantiated at (most recent call last):
#   /work/ws/WORKSPACE:6:6       in <toplevel>
#   /work/ws/tools/defs.bzl:9:11 in repositories
# Rule made defined at (most recent call last):
#   /work/ws/tools/defs.bzl:6:25 in <toplevel>

`;

/** The same of one that Bazel adds. */
const OF_BAZEL = `# /DEFAULT.WORKSPACE.SUFFIX:147:6
local_repository(
  name = "platforms",
  path = "/usr/share/bazel/platforms",
)
# Rule platforms instantiated at (most recent call last):
#   /DEFAULT.WORKSPACE.SUFFIX:147:6                                           in <toplevel>
#   /work/ob/external/bazel_tools/tools/build_defs/repo/utils.bzl:259:18 in maybe
# Rule local_repository defined at (most recent call last):
#   /work/ob/external/bazel_tools/tools/build_defs/repo/local.bzl:64:35 in <toplevel>

`;

const BOUND = `# /work/ws/WORKSPACE:8:5
bind(
  name = "bound",
  actual = "@one//:x",
)
# Rule bound instantiated at (most recent call last):
#   /work/ws/WORKSPACE:8:5 in <toplevel>

`;

/** A repository of a rule that is a part of Bazel. */
function shown(buildFile: string): string {
  return `# /work/ws/WORKSPACE:3:21
new_local_repository(
  name = "two",
  path = "deps/two",
  build_file = "${buildFile}",
)
# Rule two instantiated at (most recent call last):
#   /work/ws/WORKSPACE:3:21 in <toplevel>

`;
}

describe('the definitions of a WORKSPACE file', () => {
  test('have the call without the place, and the file of the rule', () => {
    const [made] = parseWorkspaceDefinitions(MADE + OF_BAZEL).repositories;
    expect(made).toMatchObject({
      name: 'made',
      ruleFile: '/work/ws/tools/defs.bzl',
      localPath: null,
      isOfBazel: false,
    });
    expect(made?.call).toMatch(/^made\(\n {2}name = "made",\n[^]*\n\)\n$/);
    const moved = parseWorkspaceDefinitions(MADE.replaceAll('WORKSPACE:6:6', 'WORKSPACE:7:6'));
    expect(moved.repositories).toEqual([made]);
  });

  test('tell which ones Bazel adds, and what is bound', () => {
    const { repositories, binds } = parseWorkspaceDefinitions(MADE + OF_BAZEL + BOUND);
    expect(repositories.map(({ name, isOfBazel }) => [name, isOfBazel])).toEqual([
      ['made', false],
      ['platforms', true],
    ]);
    expect(binds).toEqual(['bind(\n  name = "bound",\n  actual = "@one//:x",\n)\n']);
    const ofBazel = BOUND.replaceAll('/work/ws/WORKSPACE', '/DEFAULT.WORKSPACE');
    expect(parseWorkspaceDefinitions(ofBazel)).toEqual({ repositories: [], binds: [] });
  });

  test.each([
    ['//third_party:two.BUILD', '//third_party:two.BUILD'],
    ['@one//:two.BUILD', '@one//:two.BUILD'],
    ['two.BUILD', '//:two.BUILD'],
  ])('of a local repository have its folder, and a file of the main one as a label: %s', (written, read) => {
    const [two] = parseWorkspaceDefinitions(shown(written)).repositories;
    expect(two).toMatchObject({ ruleFile: null, localPath: 'deps/two' });
    expect(two?.call).toContain(`build_file = "${read}"`);
  });

  test('are none if nothing is printed', () => {
    expect(parseWorkspaceDefinitions('')).toEqual({ repositories: [], binds: [] });
  });

  test.each(['who are you?', MADE.slice(0, 90), MADE.replace(/# Rule[^]*/, '')])(
    'of an unknown form are an error',
    (text) => {
      expect(() => parseWorkspaceDefinitions(text)).toThrow(QueryOutputError);
    },
  );
});
