import { describe, expect, test } from '@jest/globals';
import { readByModules, type ModuleInputs } from '../../../src/loading/externals/module-files.js';
import { moduleInputsOf } from '../../../src/loading/externals/module-inputs.js';
import { supplyTextsNow } from '../../../src/loading/inputs/texts.js';
import { label, workspacePath } from '../../support/builders.js';

/** Files by path; those with an own repository rule are what most tests are about. */
function inputsOf(
  files: Readonly<Record<string, string>>,
  repositories: readonly string[] = [],
): ModuleInputs {
  const texts = new Map(Object.entries(files).map(([path, text]) => [workspacePath(path), text]));
  return supplyTextsNow(moduleInputsOf([...texts.keys()], repositories), (asked) => {
    const found = asked.flatMap((path) => {
      const text = texts.get(path);
      return text === undefined ? [] : [[path, text] as const];
    });
    return new Map(found);
  });
}

const OWN_MODULE = 'module(name = "shop")\nr = use_repo_rule("//ext:r.bzl", "r")\nr(name = "made")\n';

/** A workspace with a repository rule of its own, which evaluates an expression. */
function withRule(expression: string, more: Readonly<Record<string, string>> = {}): ModuleInputs {
  return inputsOf({
    'MODULE.bazel': OWN_MODULE,
    'ext/BUILD': '',
    'ext/r.bzl': `def _impl(ctx):\n    ${expression}\nr = repository_rule(implementation = _impl)\n`,
    'conf/BUILD': '',
    'conf/a.json': '',
    ...more,
  });
}

function reads(inputs: ModuleInputs, path: string): boolean {
  return readByModules(workspacePath(path), inputs) !== null;
}

describe('paths that module files name', () => {
  test('are those of labels, in every form', () => {
    const inputs = inputsOf({
      'MODULE.bazel':
        'module(name = "shop")\nd.f(files = ["//:x.mod", "@//a:b.txt", "@shop//c:d", "@@//p", ":e", "f/g"])',
    });
    for (const path of ['x.mod', 'a/b.txt', 'c/d', 'p/p', 'e', 'f/g', 'f/g/below']) {
      expect(reads(inputs, path)).toBe(true);
    }
    expect(reads(inputs, 'a/c.txt')).toBe(false);
    expect(inputs.labels.has(label('//c:d'))).toBe(true);
    expect(inputs.labels.has(label('//f:g'))).toBe(false);
  });

  test('are none of other repositories, in comments, and in names', () => {
    const inputs = inputsOf({
      'MODULE.bazel':
        '# see "//docs:x"\nmodule(name = "shop")\nbazel_dep(name = "platforms")\nx(files = ["@rules//a:b"])\n' +
        'h = use_repo_rule("@bazel_tools//tools/build_defs/repo:http.bzl", "http_archive")\nh(name = "y", strip_prefix = "src")',
    });
    for (const path of ['docs/x', 'platforms/x', 'a/b', 'src/x', 'shop/x'])
      expect(reads(inputs, path)).toBe(false);
  });

  test('are followed through loads, extensions, includes and repository rules', () => {
    const inputs = inputsOf({
      'MODULE.bazel': 'use_extension("//ext:e.bzl", "e")\ninclude("//third_party:go.MODULE.bazel")',
      'third_party/go.MODULE.bazel': 'use_repo_rule("//tools:r.bzl", "r")',
      'ext/e.bzl': 'load("//tools:load.bzl", "x")',
      'tools/r.bzl': '',
      'tools/load.bzl': 'F = "data/list.json"',
    });
    expect([...inputs.code].sort()).toEqual([
      'MODULE.bazel',
      'ext/e.bzl',
      'third_party/go.MODULE.bazel',
      'tools/load.bzl',
      'tools/r.bzl',
    ]);
    expect(reads(inputs, 'data/list.json')).toBe(true);
    expect(reads(inputs, 'tools/data/list.json')).toBe(true);
  });

  test('lead to code in a folder of a package, whose labels are relative to the package', () => {
    const inputs = inputsOf({
      'MODULE.bazel': 'use_extension("//ext:sub/e.bzl", "e")',
      'ext/BUILD': '',
      'ext/sub/e.bzl': 'load(":util.bzl", "V")',
      'ext/util.bzl': '',
    });
    expect(inputs.code.has(workspacePath('ext/util.bzl'))).toBe(true);
  });

  test('are taken without `.` and `..`', () => {
    expect(reads(inputsOf({ 'MODULE.bazel': 'r(path = "conf/../lib/./x/")' }), 'lib/x/y')).toBe(true);
    expect(reads(inputsOf({ 'MODULE.bazel': 'r(path = ".")' }), 'any/file')).toBe(true);
    expect(reads(inputsOf({ 'MODULE.bazel': 'r(mode = ".")' }), 'any/file')).toBe(false);
  });

  test.each(['../x', '..'])('can lead out of the workspace, as %s does', (path) => {
    expect(inputsOf({ 'MODULE.bazel': `r(path = "${path}")` }).named.leadingOut()).toBe(path);
  });
});

describe('paths that module code puts together', () => {
  test.each([
    'ctx.read(Label("//conf:%s.json" % "a"))',
    'ctx.read(Label("//conf:{}.json".format("a")))',
    'ctx.read(Label("//{}:a.json".format("conf")))',
    'ctx.read(Label("//conf:" + "".join(["a"]) + ".json"))',
    'ctx.read(read_from("//conf:", "a.json"))',
    'ctx.read(str(ctx.workspace_root) + "/conf/a.json")',
    'ctx.read("{}/conf/a.json".format(ctx.workspace_root))',
    'ctx.read("{}/{}/a.json".format(ctx.workspace_root, "x"))',
    'ctx.read(ctx.path(Label("//conf:BUILD")).dirname.get_child("a.json"))',
    'ctx.read(Label("//conf:BUILD").same_package_label("a.json"))',
    'ctx.path(Label("//conf:BUILD")).dirname.readdir()',
    'ctx.path(Label("//:MODULE.bazel")).dirname.readdir()',
    'ctx.workspace_root.readdir()',
    'ctx.read(ctx.workspace_root.get_child("conf", "a.json"))',
    'ctx.read(Label("@@//conf:" + name))',
    'ctx.read(Label("@@//" + "conf:a.json"))',
    'ctx.read(label_in_main("conf:a.json"))',
  ])('%s may read conf/a.json and not other/source.txt, unless it lists the root', (expression) => {
    const inputs = withRule(expression);
    expect(reads(inputs, 'conf/a.json')).toBe(true);
    const listsRoot = expression.includes('readdir') && !expression.includes('conf');
    expect(reads(inputs, 'other/source.txt')).toBe(listsRoot);
  });

  test.each([
    'ctx.file("BUILD", "")',
    'ctx.file("{}/BUILD.bazel".format(x), "%s_%s" % (a, b))',
    'ctx.file("{}/{}".format(x, y), "")',
    'ctx.file("{}/__init__.py".format(x), "")',
    'ctx.file("{}.py".format(x), "")',
    'ctx.download("https://example.com/conf/{}".format(x), "x" + ".zip")',
    'fail("no {} in //conf:{}".format(x, y))',
    'ctx.path("x").dirname',
    'ctx.path(".").readdir(), x.startswith("@//"), x.split(":"), x == "@", x == "//"',
    'ctx.path(Label("//:no_file")).readdir()',
    'print(label.workspace_root)',
  ])('%s reads no file of other packages', (expression) => {
    const inputs = withRule(expression);
    for (const path of [
      'BUILD',
      'BUILD.bazel',
      'app/BUILD.bazel',
      'app/__init__.py',
      'app/x.py',
      'conf/a.json',
    ]) {
      expect(reads(inputs, path)).toBe(false);
    }
  });

  test('are looked for where another file of the code finds the root or looks around', () => {
    const helper = {
      'ext/h.bzl': 'def read(ctx, f):\n    return ctx.read(ctx.path(f).dirname.get_child("a.json"))',
    };
    const inputs = withRule('load("//ext:h.bzl", "read")\n    read(ctx, Label("//conf:BUILD"))', helper);
    expect(reads(inputs, 'conf/a.json')).toBe(true);
  });

  test.each([
    ['get_child(name + "a.json")', 'conf/deep/xa.json'],
    ['get_child(name)', 'conf/made'],
    ['get_child("deep")', 'conf/deep/any.txt'],
  ])('beside a file that code is given are those that a text names: %s', (call, path) => {
    const inputs = withRule(`ctx.read(ctx.path(Label("//conf:deep/BUILD")).dirname.${call})`, {
      [path]: '',
      'conf/other.txt': '',
    });
    expect(reads(inputs, path)).toBe(true);
    expect(reads(inputs, 'conf/other.txt')).toBe(false);
  });

  test('around a file of the root that code lists are the other files there', () => {
    const helper = { 'ext/h.bzl': 'def all(ctx, f):\n    return ctx.path(f).dirname.readdir()' };
    const inputs = withRule('load("//ext:h.bzl", "all")\n    all(ctx, Label("//:MODULE.bazel"))', helper);
    expect(reads(inputs, 'a.json')).toBe(true);
    expect(reads(inputs, 'other/source.txt')).toBe(false);
  });

  test.each([
    'symlink(%, "all")',
    'execute(["tar", "c", str(%)])',
    'execute(["ls"], working_directory = str(%))',
  ])('all of the folder of a file counts if code hands it on: %s', (call) => {
    const folder = 'ctx.path(Label("//conf:a.json")).dirname';
    const inputs = withRule(`ctx.${call.replace('%', folder)}`, { 'conf/deep/other.txt': '' });
    expect(reads(inputs, 'conf/deep/other.txt')).toBe(true);
  });

  test.each([
    ['conf/list.json', true],
    ['conf/list', true],
    ['conf/fix.patch', false],
    ['conf/run.py', true],
    ['conf/CMakeLists.txt', true],
  ])('in a file that code names count unless it is copied or applied: %s', (path, isList) => {
    const inputs = withRule(`ctx.read(Label("//conf:${path.slice(5)}"))`, {
      [path]: '"other/"\n',
      'other/file.txt': '',
    });
    expect(reads(inputs, 'other/file.txt')).toBe(isList);
  });

  test.each([
    ['conf/more.json', true],
    ['conf/more.index', true],
    ['conf/run.py', false],
    ['conf/CMakeLists.txt', false],
    ['conf/.gitignore', false],
  ])('in a file that a list names count if it can be a list again: %s', (path, isList) => {
    const inputs = withRule('ctx.read(Label("//conf:list.json"))', {
      'conf/list.json': `"${path.slice(5)}"`,
      [path]: '"other/"\n',
      'other/file.txt': '',
    });
    expect(reads(inputs, 'other/file.txt')).toBe(isList);
  });

  test('around a file that only code of other repositories is given are none', () => {
    const listing = 'ctx.path("x").readdir()';
    const given = (extension: string): ModuleInputs =>
      withRule(listing, {
        'MODULE.bazel': `${OWN_MODULE}e = use_extension("${extension}", "e")\ne.lock(file = "//conf:a.json")\n`,
      });
    expect(reads(given('@rules_js//npm:extensions.bzl'), 'conf/b.json')).toBe(false);
    expect(reads(given('//ext:r.bzl'), 'conf/b.json')).toBe(true);
  });

  test('are shown with a star', () => {
    expect(
      readByModules(workspacePath('conf/a.json'), withRule('ctx.read(Label("//conf:%s.json" % x))')),
    ).toBe('module files name conf/*.json');
  });
});

describe('labels that external repositories depend on', () => {
  test.each([
    'ctx.file("BUILD", """\nfilegroup(name = "x", srcs = ["@@//lib:l"])\n""")',
    'ctx.file("BUILD", "alias(name = \'x\', actual = \'@shop//lib:l\')")',
    'ctx.file("BUILD", "alias(actual = \'@//lib:%s\')" % x)',
    'f(Label("//lib:l"))',
    'f("//lib:" + x)',
  ])('%s names //lib:l', (expression) => {
    const { labels } = withRule(expression);
    expect(labels.has(label('//lib:l'))).toBe(true);
    expect(labels.has(label('//other:l'))).toBe(false);
  });

  test('are none of the repository that a text is written for', () => {
    const { labels } = withRule('ctx.file("BUILD", "alias(actual = \'//lib:l\', x = \'@foo//lib:l\')")');
    expect(labels.has(label('//lib:l'))).toBe(false);
  });

  test('are looked for in templates and in BUILD files of other repositories', () => {
    const template = withRule('ctx.template("BUILD", Label("//ext:BUILD.tpl"))', {
      'ext/BUILD.tpl': 'filegroup(name = "%{name}", srcs = ["@@//lib:l", "@@//gen:%{name}"])',
    });
    expect(template.labels.has(label('//lib:l'))).toBe(true);
    expect(template.labels.has(label('//gen:any'))).toBe(true);
    const buildFile = inputsOf({
      'MODULE.bazel':
        'module(name = "shop")\nr(path = "third_party/foo", build_file = "//third_party:foo.BUILD")',
      'third_party/foo.BUILD': '# "@shop//docs:x"\nfilegroup(name = "x", srcs = ["@shop//lib:l", "//own:y"])',
      'third_party/foo/sub/BUILD': 'filegroup(name = "x", srcs = ["@shop//lib:deep"])',
    });
    expect(buildFile.labels.has(label('//lib:l'))).toBe(true);
    expect(buildFile.labels.has(label('//lib:deep'))).toBe(true);
    expect(buildFile.labels.has(label('//own:y'))).toBe(false);
    expect(buildFile.labels.has(label('//docs:x'))).toBe(false);
  });

  test('.bzl files among them are code, and what rules in those depend on counts', () => {
    const inputs = withRule('ctx.file("d.bzl", """\nload("@@//lib:y.bzl", "V")\n""")', {
      'lib/y.bzl':
        'load(":z.bzl", "z")\nr = rule(attrs = {"_t": attr.label(default = "//tools:t")}, doc = "src")',
      'lib/z.bzl': '',
    });
    expect([...inputs.code].filter((path) => path.startsWith('lib/')).sort()).toEqual([
      'lib/y.bzl',
      'lib/z.bzl',
    ]);
    expect(inputs.labels.has(label('//tools:t'))).toBe(true);
    expect(reads(inputs, 'src/x')).toBe(false);
  });
});

describe('a module in a folder of the workspace', () => {
  const MODULE =
    'module(name = "shop")\nbazel_dep(name = "mod")\nlocal_path_override(module_name = "mod", path = "mods/mod")';
  const NESTED = {
    'mods/mod/MODULE.bazel': 'module(name = "mod")\nbazel_dep(name = "shop", repo_name = "main")',
    'mods/mod/BUILD':
      'load("@main//lib:y.bzl", "y")\nfilegroup(name = "x", srcs = ["@main//lib:l", "//lib:own"])',
    'mods/mod/e.bzl': 'f(Label("@@//conf:%s.json" % x))',
    'lib/y.bzl': '',
  };

  test('names what it uses of the main one', () => {
    const inputs = inputsOf({ 'MODULE.bazel': MODULE, ...NESTED });
    expect(inputs.labels.has(label('//lib:l'))).toBe(true);
    expect(inputs.labels.has(label('//lib:own'))).toBe(false);
    expect(inputs.code.has(workspacePath('lib/y.bzl'))).toBe(true);
    expect(reads(inputs, 'conf/a.json')).toBe(true);
  });

  test('counts where an option makes a module of it', () => {
    const inputs = inputsOf({ 'MODULE.bazel': 'module(name = "shop")', ...NESTED }, ['mods/mod']);
    expect(inputs.labels.has(label('//lib:l'))).toBe(true);
  });

  test('names nothing where the main module does not use it', () => {
    const inputs = inputsOf({ 'MODULE.bazel': 'module(name = "shop")', ...NESTED });
    expect(inputs.labels.has(label('//lib:l'))).toBe(false);
    expect(inputs.code.has(workspacePath('lib/y.bzl'))).toBe(false);
  });
});

describe('words that name files', () => {
  test.each([
    ['lines of a file that code reads', { 'conf/a.json': 'app/one.txt\n', 'app/one.txt': '' }],
    ['labels in a JSON file that code reads', { 'conf/a.json': '["//app:one.txt"]', 'app/one.txt': '' }],
    ['lists of lists', { 'conf/a.json': 'conf/b.lst', 'conf/b.lst': 'app/one.txt', 'app/one.txt': '' }],
    ['names in several places', { 'conf/a.json': '{"in": "app", "files": ["one.txt"]}', 'app/one.txt': '' }],
    ['folders', { 'conf/a.json': 'dirs: [app/sub]', 'app/sub/one.txt': '', 'app/one.txt': '' }],
  ])('count: %s', (_what, files) => {
    const inputs = withRule('ctx.read(Label("//conf:a.json"))', files);
    expect(reads(inputs, 'app/one.txt') || reads(inputs, 'app/sub/one.txt')).toBe(true);
  });

  test.each([
    '"app/one.txt:app/two.txt".split(":")',
    '"""\n        app/one.txt\n        app/two.txt\n    """.splitlines()',
    'x = "one=app/one.txt"',
    'x = "\\napp/one.txt\\n"',
    '"app/one;app/one.txt".split(";")',
  ])('count in a text that code splits: %s', (expression) => {
    expect(reads(withRule(expression, { 'app/one.txt': '' }), 'app/one.txt')).toBe(true);
  });

  test('count through a symlink', () => {
    const inputs = withRule('ctx.read(Label("//conf:a.json"))', { 'conf/a.json': 'link/one.txt', link: '' });
    expect(reads(inputs, 'link/one.txt')).toBe(true);
  });

  test('count as the name of a repository only if there is such a file', () => {
    const module = 'r = use_repo_rule("//:r.bzl", "r")\nr(name = "foo")\nr(name = "bar")';
    const inputs = inputsOf({ 'MODULE.bazel': module, 'r.bzl': '', foo: '', 'bar/x': '' });
    expect(reads(inputs, 'foo')).toBe(true);
    expect(reads(inputs, 'bar/x')).toBe(false);
  });

  test('count as the name of a repository of an own rule if code looks below the root', () => {
    const module = 'r = use_repo_rule("//:r.bzl", "r")\nr(name = "bar", tag = "data")';
    const files = { 'MODULE.bazel': module, 'bar/x': '', 'data/y': '' };
    const looking = inputsOf({
      ...files,
      'r.bzl': 'def _i(rctx):\n    rctx.workspace_root.get_child(rctx.name)',
    });
    expect(reads(looking, 'bar/x')).toBe(true);
    expect(reads(looking, 'data/y')).toBe(true);
    expect(reads(inputsOf({ ...files, 'r.bzl': '' }), 'bar/x')).toBe(false);
  });

  test('are those of local folders in a manifest of Go', () => {
    const module = 'e = use_extension("@gazelle//:e.bzl", "go_deps")\ne.from_file(go_mod = "//:go.mod")';
    const inputs = inputsOf({
      'MODULE.bazel': module,
      'go.mod': 'require example.com/lib v1\nreplace example.com/x => ./local/x\n',
      'local/x/go.mod': 'module x',
      'local/x/x.go': '',
      'lib/y.go': '',
    });
    expect(reads(inputs, 'local/x/x.go')).toBe(true);
    expect(reads(inputs, 'lib/y.go')).toBe(false);
  });

  test('do not count in a text that becomes code, unless they are paths of files', () => {
    const template = 'x = """\nexports_files([\'LICENSE\', \'conf\', \'app/one.txt\'])\n"""';
    const inputs = withRule(template, { LICENSE: '', 'app/one.txt': '' });
    expect(reads(inputs, 'LICENSE')).toBe(false);
    expect(reads(inputs, 'app/one.txt')).toBe(true);
  });
});

test('a label in a repository with an unknown name counts', () => {
  expect(reads(withRule('Label("{}//conf:{}.json".format(repo, name))'), 'conf/a.json')).toBe(true);
});

describe('names', () => {
  test('of attributes are no folders', () => {
    const inputs = withRule('attrs = {"src": attr.string(), "docs": attr.label()}');
    expect(reads(inputs, 'src/a.c')).toBe(false);
    expect(reads(inputs, 'docs/a.md')).toBe(false);
  });

  test('of attributes do not hide that a label is given', () => {
    const inputs = inputsOf({
      'MODULE.bazel': 'e = use_extension("//ext:e.bzl", "e")\ne.tool(version = "//conf:version.txt")',
      'ext/e.bzl': '',
      'conf/version.txt': '1',
    });
    expect(reads(inputs, 'conf/version.txt')).toBe(true);
  });

  test('with several unknown parts match only what has the parts between them', () => {
    const inputs = withRule('"{}_toolchain_{}".format(name, os)');
    expect(reads(inputs, 'docs/a.md')).toBe(false);
    expect(reads(inputs, 'a.md')).toBe(false);
    expect(reads(inputs, 'my_toolchain_linux')).toBe(true);
  });
});

describe('repositories in the workspace', () => {
  const nested = { 'examples/hello/MODULE.bazel': '', 'third/x/MODULE.bazel': '' };

  test('count if module files or options name them', () => {
    const module = 'bazel_dep(name = "x")\nlocal_path_override(module_name = "x", path = "third/x")';
    expect([...inputsOf({ 'MODULE.bazel': module, ...nested }).repositories]).toEqual(['third/x']);
    expect([...inputsOf({ 'MODULE.bazel': '', ...nested }, ['examples/hello']).repositories]).toEqual([
      'examples/hello',
    ]);
  });

  test('count if a list that code reads names them by a single word', () => {
    const inputs = withRule('ctx.read(Label("//conf:a.json"))', {
      'conf/a.json': '["mod", "src"]',
      'mod/MODULE.bazel': '',
      'src/x.c': '',
    });
    expect([...inputs.repositories]).toEqual(['mod']);
    expect(reads(inputs, 'src/x.c')).toBe(false);
  });

  test('count if a module in one names them', () => {
    const inputs = inputsOf({
      'MODULE.bazel': 'local_path_override(module_name = "x", path = "third/x")',
      ...nested,
      'third/x/MODULE.bazel':
        'r = use_repo_rule("@bazel_tools//:local.bzl", "local_repository")\nr(name = "h", path = "examples/hello")',
    });
    expect([...inputs.repositories].sort()).toEqual(['examples/hello', 'third/x']);
  });
});

describe('beside a file that code is given', () => {
  const near = { 'conf/b.txt': '', 'conf/unnamed.txt': '', 'conf/a.json.lock': '' };

  test.each([
    'ctx.read(str(ctx.path(Label("//conf:a.json"))) + "/../b.txt")',
    'ctx.read(ctx.path(Label("//conf:a.json")).get_child("..", "b.txt"))',
    'ctx.read(str(ctx.path(Label("//ext:BUILD"))) + "/../../conf/b.txt")',
    'ctx.read(str(ctx.path(Label("//conf:a.json")))[:-6] + "b.txt")',
    'ctx.read(str(ctx.path(Label("//conf:a.json"))).partition("/a.json")[0] + "/b.txt")',
    'ctx.read(Label(str(Label("//conf:a.json")).split(":")[0] + ":b.txt"))',
    'ctx.read(Label("{}:b.txt".format(pkg("//conf"))))',
    'ctx.read(ctx.workspace_root.get_child(Label("//conf:a.json").package).get_child("b.txt"))',
    'ctx.read(ctx.path(Label("//conf:defs.bzl")).dirname.get_child("b.txt"))',
    'ctx.read(ctx.path(Label("//conf/sub:x")).dirname.dirname.get_child("b.txt"))',
  ])('its own name leads to the others: %s', (expression) => {
    const inputs = withRule(expression, { ...near, 'conf/sub/BUILD': '', 'conf/defs.bzl': '' });
    expect(reads(inputs, 'conf/b.txt')).toBe(true);
    expect(reads(inputs, 'conf/unnamed.txt')).toBe(false);
  });

  test.each([
    'ctx.read(ctx.path(Label("//conf:a.json")).dirname.get_child(a + "-" + b))',
    'ctx.read(ctx.path(Label("//conf:a.json")).dirname.get_child(tag.lower()))',
    'ctx.read(ctx.path(Label("//conf:a.json")).dirname.get_child(".".join([a, b])))',
    'ctx.read(Label("//conf:a.json").relative(tag.replace("-", "_")))',
    'ctx.read("/".join(str(ctx.path(Label("//conf:a.json"))).split("/")[:-1]) + "/b.txt")',
  ])('are all files if code makes names that no text contains: %s', (expression) => {
    const inputs = withRule(expression, near);
    expect(reads(inputs, 'conf/b.txt')).toBe(true);
    expect(reads(inputs, 'conf/unnamed.txt')).toBe(true);
  });

  test.each([
    'str(ctx.path(Label("//conf:a.json"))) + ".lock"',
    '"%s.lock" % ctx.path(Label("//conf:a.json"))',
  ])('are those whose names begin with its name: %s', (expression) => {
    expect(reads(withRule(`ctx.read(${expression})`, near), 'conf/a.json.lock')).toBe(true);
  });

  test.each([
    ['b.txt', 'ctx.path(FILE).dirname.get_child("b.txt")'],
    ['unnamed.txt', 'ctx.path(FILE).dirname.readdir()'],
    ['unnamed.txt', 'getattr(ctx.path(FILE).dirname, "readdir")()'],
  ])('is %s also if a constant of another file names the file: %s', (name, expression) => {
    const inputs = withRule(`load("//ext:c.bzl", "FILE")\n    ${expression}`, {
      ...near,
      'ext/c.bzl': 'FILE = Label("//conf:a.json")',
    });
    expect(reads(inputs, `conf/${name}`)).toBe(true);
  });

  test('are those that a list names, and those beside a file that a list names', () => {
    const given =
      'x = Label("//conf:a.json")\n    ctx.path(x).dirname.get_child(ctx.read(Label("//ext:l.txt")))';
    expect(reads(withRule(given, { ...near, 'ext/l.txt': 'b.txt\n' }), 'conf/b.txt')).toBe(true);
    const listed = 'ctx.path(Label(ctx.read(Label("//ext:l.txt")))).dirname.get_child("b.txt")';
    expect(reads(withRule(listed, { ...near, 'ext/l.txt': '//conf:a.json\n' }), 'conf/b.txt')).toBe(true);
  });
});

describe('the whole workspace is read', () => {
  const WALK = 'def walk(ctx, folder):\n    return folder.readdir()';

  test.each([
    ['a helper lists what it gets', 'load("//ext:h.bzl", "walk")\n    walk(ctx, ctx.workspace_root)', WALK],
    ['code watches it', 'ctx.watch_tree(ctx.workspace_root)', ''],
    ['code lists its path', 'ctx.path(ctx.workspace_root).readdir()', ''],
    [
      'a helper returns it',
      'load("//ext:h.bzl", "root")\n    root(ctx).readdir()',
      'def root(ctx):\n    return ctx.workspace_root',
    ],
  ])('if %s', (_what, expression, helper) => {
    expect(reads(withRule(expression, { 'ext/h.bzl': helper, 'any/file': '' }), 'any/file')).toBe(true);
  });

  test('not if code only names files below it', () => {
    const inputs = withRule('x.readdir(), str(ctx.workspace_root), ctx.workspace_root.get_child("a")');
    expect(reads(inputs, 'any/file')).toBe(false);
  });
});

describe('own code', () => {
  test('has tags that are called like functions of Bazel', () => {
    const inputs = inputsOf({
      'MODULE.bazel': 'e = use_extension("//:e.bzl", "e")\ne.module(dir = "conf")',
      'e.bzl': '',
      'conf/a': '',
    });
    expect(reads(inputs, 'conf/a')).toBe(true);
  });

  test('makes labels of names', () => {
    const inputs = inputsOf({
      'MODULE.bazel': 'e = use_extension("//:e.bzl", "e")\ne.f(name = "conf", file = "a")',
      'e.bzl': 'def f(t): return Label("//{}:{}".format(t.name, t.file))',
      'conf/a': '',
    });
    expect(reads(inputs, 'conf/a')).toBe(true);
  });

  test.each([
    ['the name of the module', 'ctx.workspace_root.get_child(module.name)', 'shop/a'],
    ['the keys of a dict', '[ctx.workspace_root.get_child(key) for key in dict(conf = 1)]', 'conf/a'],
    ['a JSON text of one path', 'json.decode(\'["data/one.txt"]\')', 'data/one.txt'],
    ['other signs between paths', '"data/one.txt+data/two.txt".split("+")', 'data/two.txt'],
    ['a version behind a path', '"data/one.txt@1.0".split("@")', 'data/one.txt'],
    ['the root before each path', '"{0}/x;{0}/data/one.txt".format(root).split(";")', 'data/one.txt'],
    ['a pattern of files', 'glob("data/*.txt")', 'data/one.txt'],
    ['a pattern of packages', 'glob("//data/...")', 'data/one.txt'],
  ])('finds files by %s', (_what, expression, path) => {
    const files = { 'data/one.txt': '', 'data/two.txt': '', 'conf/a': '', 'shop/a': '' };
    expect(reads(withRule(expression, files), path)).toBe(true);
  });
});

describe('manifests of dependencies that own code reads name local packages', () => {
  test.each([
    ['requirements.txt', '-r conf/req.txt', 'conf/req.txt'],
    ['package.json', '{"workspaces": ["packages/*"]}', 'packages/a/package.json'],
    ['package.json', '{"workspaces": ["web"]}', 'web/package.json'],
    ['package.json', '{"dependencies": {"x": "file:web"}}', 'web/index.js'],
    ['Cargo.toml', 'members = ["crates/a"]', 'crates/a/Cargo.toml'],
    ['pom.xml', '<modules><module>web</module></modules>', 'web/pom.xml'],
    ['pyproject.toml', 'x = { path = "libs/x" }', 'libs/x/pyproject.toml'],
  ])('%s: %s', (manifest, text, path) => {
    const inputs = withRule(`ctx.read(Label("//:${manifest}"))`, { [manifest]: text, [path]: '' });
    expect(reads(inputs, path)).toBe(true);
  });
});

describe('an extension of a module in a folder', () => {
  const given = (tag: string, code: string, alias = ''): ModuleInputs =>
    inputsOf({
      'MODULE.bazel':
        `module(name = "shop")\nbazel_dep(name = "mod"${alias === '' ? '' : `, repo_name = "${alias}"`})\n` +
        'local_path_override(module_name = "mod", path = "mod")\n' +
        `e = use_extension("@${alias === '' ? 'mod' : alias}//:e.bzl", "e")\ne.f(${tag})\n`,
      'mod/MODULE.bazel': 'module(name = "mod")',
      'mod/e.bzl': `def _e(mctx):\n    ${code}\ne = module_extension(implementation = _e)\n`,
      'conf/BUILD': '',
      'conf/a.txt': '',
      'conf/b.txt': '',
    });

  test.each([
    ['file = "//conf:a.txt"', 'mctx.read(mctx.path(tag.file).dirname.get_child("b.txt"))'],
    ['file = "//conf:a.txt"', 'mctx.path(tag.file).dirname.readdir()'],
    ['file = "x"', 'mctx.path(Label("@@//:BUILD")).dirname.get_child("conf").get_child("b.txt")'],
    ['package = "conf"', 'mctx.path(Label("@@//:BUILD")).dirname.get_child(tag.package)'],
    ['version = "b.txt"', 'mctx.path(Label("@@//conf:BUILD")).dirname.get_child(tag.version)'],
  ])('finds files of the main one: %s, %s', (tag, code) => {
    for (const alias of ['', 'other']) expect(reads(given(tag, code, alias), 'conf/b.txt')).toBe(true);
  });

  test('gets paths in tags of the module for an extension of the main one', () => {
    const inputs = inputsOf({
      'MODULE.bazel':
        'module(name = "shop")\nlocal_path_override(module_name = "mod", path = "mod")\nuse_extension("//:e.bzl", "e")',
      'e.bzl': 'def _e(mctx): mctx.path(Label("//:BUILD")).dirname.get_child(tag.path)',
      'mod/MODULE.bazel': 'e = use_extension("@shop//:e.bzl", "e")\ne.f(path = "conf/b.txt")',
      'conf/b.txt': '',
    });
    expect(reads(inputs, 'conf/b.txt')).toBe(true);
  });
});

describe('code that finds files through other files', () => {
  const DATA = { 'data/b.txt': '', 'data/unnamed.txt': '' };

  test('finds lists by patterns', () => {
    const inputs = withRule('ctx.read(Label("//lists:%s.json" % x))', {
      ...DATA,
      'lists/one.json': '["//data:b.txt"]',
    });
    expect(reads(inputs, 'data/b.txt')).toBe(true);
    expect(reads(inputs, 'data/unnamed.txt')).toBe(false);
  });

  test('gives the label of one helper to another helper', () => {
    const inputs = withRule('load("//ext:h.bzl", "h")\n    load("//ext:i.bzl", "i")\n    i(ctx, h())', {
      ...DATA,
      'ext/h.bzl': 'def h():\n    return Label("//data:BUILD")',
      'ext/i.bzl': 'def i(ctx, f):\n    return ctx.path(f).dirname.get_child("b.txt")',
    });
    expect(reads(inputs, 'data/b.txt')).toBe(true);
    expect(reads(inputs, 'data/unnamed.txt')).toBe(false);
  });

  test.each([
    ['a word of a text', 'ctx.workspace_root.get_child(x).get_child("b.txt"), f(d = "x,data")', ''],
    ['a word of a list', 'ctx.workspace_root.get_child(ctx.read(Label("//ext:l.txt")), "b.txt")', 'data\n'],
  ])('takes the folder from %s', (_what, expression, list) => {
    const inputs = withRule(`x.dirname, ${expression}`, { ...DATA, 'ext/l.txt': list });
    expect(reads(inputs, 'data/b.txt')).toBe(true);
    expect(reads(inputs, 'data/unnamed.txt')).toBe(false);
  });

  test.each(['+data/b.txt', '- -data/b.txt', '$ROOT/data/b.txt', '%ROOT%/data/b.txt', 'x: data/b.txt#1'])(
    'knows signs before and behind paths: %s',
    (line) => {
      const inputs = withRule('ctx.read(Label("//ext:l.own"))', { ...DATA, 'ext/l.own': `${line}\n` });
      expect(reads(inputs, 'data/b.txt')).toBe(true);
    },
  );

  test('lists the folder above', () => {
    const inputs = withRule('ctx.path(Label("//data/sub:x")).dirname.dirname.readdir()', {
      ...DATA,
      'data/sub/BUILD': '',
    });
    expect(reads(inputs, 'data/b.txt')).toBe(true);
  });
});
