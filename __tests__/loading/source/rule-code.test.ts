import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RuleCode, type CodeOfRule } from '../../../src/loading/source/rule-code.js';
import { MAIN } from '../../../src/graph/repository.js';
import { canonical, mappingOf } from '../../support/externals.js';
import { writeFiles, type Files } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

const FILES: Readonly<Record<string, string>> = {
  'ws/ext/BUILD': '',
  'ws/ext/made.bzl': 'load("@rules//lib:helper.bzl", "HELP")\nmade = repository_rule()\n',
  'ob/external/rules~/lib/BUILD': '',
  'ob/external/rules~/lib/helper.bzl': 'load(":more.bzl", "MORE")\nload("//:root.bzl", "ROOT")\n',
  'ob/external/rules~/lib/more.bzl': 'MORE = 1\n',
  'ob/external/rules~/root.bzl': 'def root(ctx):\n    return ctx.read(ctx.attr.file)\n',
};

function codeOf(ruleFile: string, changed: Files = {}, call?: string): CodeOfRule {
  return codeWith(changed, call).codeOf(ruleFile.replace(/^%/, temporary.path));
}

function codeWith(changed: Files = {}, call = 'archive(\n  name = "lost~",\n)'): RuleCode {
  writeFiles(temporary.path, { ...FILES, ...changed });
  const lost = canonical('lost~');
  return new RuleCode(
    { workspace: temporary.join('ws'), externalFolder: temporary.join('ob/external') },
    new Map([
      [MAIN, mappingOf({ rules: 'rules~', platforms: 'other~' })],
      [canonical('rules~'), mappingOf({ shop: '', friend: 'friend~', lost: 'lost~' })],
    ]),
    new Map([[lost, { name: lost, call, ruleFile: null, localPath: null }]]),
  );
}

describe('the code of a repository rule', () => {
  test.each([
    'ws/ext/made.bzl',
    'ob/external/rules~/lib/helper.bzl',
    'ob/external/rules~/lib/more.bzl',
    'ob/external/rules~/root.bzl',
  ])('changes with each file that it loads: %s', (path) => {
    const { digest } = codeOf('%/ws/ext/made.bzl');
    expect(codeOf('%/ws/ext/made.bzl', { [path]: `${FILES[path] ?? ''}X = 2\n` }).digest).not.toBe(digest);
    expect(codeOf('%/ws/ext/made.bzl', { [path]: `# A comment\n${FILES[path] ?? ''}` }).digest).toBe(digest);
  });

  test('reads nothing of the workspace by itself if it is one of Bazel, whatever its texts say', () => {
    const text =
      'DOC = "use \\"@//\\" for the main one"\ndef f(ctx):\n    ctx.read(ctx.workspace_root.get_child("MODULE.bazel"))\n';
    const place = 'tools/build_defs/repo/http.bzl';
    const ofBazel = codeOf(`%/ob/external/bazel_tools/${place}`, {
      [`ob/external/bazel_tools/${place}`]: text,
    });
    expect(ofBazel).toMatchObject({ findsWorkspace: false, namesModuleFiles: false });
    const other = codeOf(`%/ob/external/rules~/${place}`, { [`ob/external/rules~/${place}`]: text });
    expect(other).toMatchObject({ findsWorkspace: true, namesModuleFiles: true });
  });

  test('reads nothing more with what it loads of the rules of Bazel, whose code counts all the same', () => {
    const codeBeside = (helpers: string) =>
      codeOf('@@rules~//:jdk.bzl', {
        'ob/external/rules~/jdk.bzl':
          'load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_archive")\n',
        'ob/external/bazel_tools/tools/build_defs/repo/http.bzl': helpers,
      });
    const code = codeBeside(
      'DOC = "@// and @other//:x"\ndef f(ctx):\n    ctx.workspace_root.get_child("MODULE.bazel")\n',
    );
    expect(code).toMatchObject({ findsWorkspace: false, namesModuleFiles: false });
    expect(code.repositories).toEqual(new Set(['rules~', 'bazel_tools']));
    expect(code.digest).not.toBe(codeBeside('DOC = ""\n').digest);
  });

  test.each([
    ['"@" + "//:file"', true],
    ["'@@' + '//' + name", true],
    ['"@//:file"', true],
    ['"@" + name', false],
  ])('reads the main repository if it has a mark of its labels: %s', (text, findsWorkspace) => {
    const found = codeOf('%/ob/external/rules~/own.bzl', {
      'ob/external/rules~/own.bzl': `def f(ctx, name):\n    return ctx.read(Label(${text}))\n`,
    });
    expect([found.findsWorkspace || found.repositories.has(MAIN)]).toEqual([findsWorkspace]);
  });

  test('is the same whether Bazel names its file by path or by label', () => {
    for (const [path, label] of [
      ['%/ws/ext/made.bzl', '@@//ext:made.bzl'],
      ['%/ob/external/rules~/lib/helper.bzl', '@@rules~//lib:helper.bzl'],
    ] as const)
      expect(codeOf(path)).toEqual(codeOf(label));
  });

  test('counts by the canonical name if a label has one, even if it is also the name of another repository', () => {
    const files = {
      'ob/external/platforms/x.bzl': 'def x(ctx):\n    return ctx.path(ctx.attr.y)\n',
      'ob/external/other~/x.bzl': 'X = 2\n',
    };
    expect(codeOf('@@platforms//:x.bzl', files).repositories).toEqual(new Set(['platforms']));
  });

  test('counts as the definition of its repository if it was not fetched', () => {
    const files = { 'ws/ext/made.bzl': 'load("@rules//lib:helper.bzl", "HELP")\n' };
    const helper = { 'ob/external/rules~/lib/helper.bzl': 'load("@lost//:x.bzl", "X")\n', ...files };
    const { digest } = codeOf('@@//ext:made.bzl', helper);
    expect(
      codeOf('@@//ext:made.bzl', helper, 'archive(\n  name = "lost~",\n  sha = "1",\n)').digest,
    ).not.toBe(digest);
  });
});

describe('the repositories whose files a rule may read', () => {
  test('are those of all its code', () => {
    expect(codeOf('%/ws/ext/made.bzl').repositories).toEqual(new Set(['', 'rules~']));
    expect(codeOf('%/ob/external/rules~/lib/helper.bzl').repositories).toEqual(new Set(['rules~']));
  });

  test.each([
    ['def f(ctx):\n    ctx.file("BUILD", ctx.attr.text)\n', []],
    ['def f(ctx):\n    ctx.file("BUILD", str(Label("@friend//:x")))\n', []],
    ['def f(ctx):\n    ctx.file("BUILD", ctx.read(ctx.attr.file))\n', ['rules~']],
    ['def f(ctx):\n    getattr(ctx, "re" + "ad")(ctx.attr.file)\n', ['rules~']],
    ['load("@bazel_tools//tools/build_defs/repo:utils.bzl", "patch")\n', ['rules~', 'bazel_tools']],
    ['load("@lost//:x.bzl", "x")\n', ['rules~', 'lost~']],
  ])('are none if the code can read no file: %j', (text, names) => {
    const files = {
      'ob/external/rules~/own.bzl': text,
      'ob/external/bazel_tools/tools/build_defs/repo/utils.bzl': 'def patch(ctx):\n    pass\n',
    };
    const { repositories, digest } = codeOf('@@rules~//:own.bzl', files);
    expect(repositories).toEqual(new Set(names));
    expect(
      codeOf('@@rules~//:own.bzl', { ...files, 'ob/external/rules~/own.bzl': `${text}X = 1\n` }).digest,
    ).not.toBe(digest);
  });

  test('are none either if it only writes labels of the main one, which it names all the same', () => {
    const code = 'def f(ctx):\n    ctx.file("BUILD", "alias(actual = \\"@@//:x\\")")\n';
    const found = codeOf('@@rules~//:own.bzl', { 'ob/external/rules~/own.bzl': code });
    expect(found).toMatchObject({ repositories: new Set(), findsWorkspace: false, namesMain: true });
  });

  test.each([
    ['Label("@friend//:template")', 'friend~'],
    ['Label("@friend")', 'friend~'],
    ['Label("@@deep~//:template")', 'deep~'],
    ['Label("@shop//conf:a.txt")', ''],
    ['Label("@//conf:a.txt")', ''],
    ['Label("@@//conf:a.txt")', ''],
  ])('are those of labels in it: %s', (code, name) => {
    const files = { 'ob/external/rules~/lib/more.bzl': `MORE = ${code}\n` };
    expect(codeOf('@@rules~//lib:helper.bzl', files).repositories).toEqual(new Set(['rules~', name]));
  });

  test('have the main one among them if a file of it is loaded', () => {
    for (const label of ['@shop//ext:made.bzl', '@//ext:made.bzl', '@@//ext:made.bzl']) {
      const files = { 'ob/external/rules~/lib/more.bzl': `load("${label}", "made")\n` };
      const { repositories, digest } = codeOf('@@rules~//lib:helper.bzl', files);
      expect(repositories.has(MAIN)).toBe(true);
      const changed = { ...files, 'ws/ext/made.bzl': 'made = 2\n' };
      expect(codeOf('@@rules~//lib:helper.bzl', changed).digest).not.toBe(digest);
    }
  });
});

test('code that asks for the folder of the workspace can read any file there', () => {
  expect(codeOf('@@//ext:made.bzl').findsWorkspace).toBe(false);
  const files = { 'ob/external/rules~/root.bzl': 'def f(ctx):\n    return ctx.workspace_root\n' };
  expect(codeOf('@@//ext:made.bzl', files).findsWorkspace).toBe(true);
});

describe('functions that a BUILD file loads', () => {
  const mayList = (label: string, changed: Files = {}): boolean =>
    codeWith(changed).mayListFiles(`load("${label}", "f")\n`, canonical('rules~'));

  test.each(['native.glob(["**"])', 'native.subpackages(include = ["**"])', 'native.existing_rules()'])(
    'may list files if they, or what they load, call %s',
    (call) => {
      expect(mayList('//lib:helper.bzl')).toBe(false);
      const text = `def f():\n    return ${call}\n`;
      expect(mayList('@rules//lib:helper.bzl', { 'ob/external/rules~/root.bzl': text })).toBe(true);
    },
  );

  test('may list files if they cannot be read', () => {
    expect(mayList('@lost//:defs.bzl')).toBe(true);
    expect(mayList(':gone.bzl')).toBe(true);
  });
});
