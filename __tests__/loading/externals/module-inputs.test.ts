import { describe, expect, test } from '@jest/globals';
import { readByModules, type ModuleInputs } from '../../../src/loading/externals/module-files.js';
import { moduleInputsOf } from '../../../src/loading/externals/module-inputs.js';
import { mayFind } from '../../../src/loading/externals/own-code.js';
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

/** Whether own code may notice that a file appears. */
function looksFor({ ownCode }: ModuleInputs, path: string): boolean {
  return ownCode !== null && mayFind(workspacePath(path), ownCode);
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

  test('of attributes do not hide that a label is given', () => {
    const inputs = inputsOf({
      'MODULE.bazel': 'e = use_extension("@rules//ext:e.bzl", "e")\ne.tool(version = "//conf:version.txt")',
      'conf/version.txt': '1',
    });
    expect(reads(inputs, 'conf/version.txt')).toBe(true);
  });
});

test('a registry in the workspace is a folder that module files name', () => {
  const module = 'single_version_override(module_name = "x", registry = "file:///%workspace%/registry")';
  expect(reads(inputsOf({ 'MODULE.bazel': module }), 'registry/modules/x/1/source.json')).toBe(true);
});

describe('lists that rules of other repositories are given', () => {
  const given = (path: string, files: Readonly<Record<string, string>>): ModuleInputs =>
    inputsOf({
      'MODULE.bazel': `e = use_extension("@rules_x//:e.bzl", "e")\ne.from_file(list = "//:${path}")`,
      ...files,
    });

  test.each([
    ['lines', 'list.txt', 'app/one.txt\n'],
    ['labels in JSON', 'list.json', '["//app:one.txt"]'],
    ['folders', 'list.json', 'dirs: [app/]'],
    ['lists of lists', 'list.txt', 'more.txt'],
  ])('name files: %s', (_what, path, text) => {
    const inputs = given(path, {
      [path]: text,
      'more.txt': 'app/one.txt',
      'app/one.txt': '',
      'b/two.txt': '',
    });
    expect(reads(inputs, 'app/one.txt')).toBe(true);
    expect(reads(inputs, 'b/two.txt')).toBe(false);
  });

  test('name files behind a symlink', () => {
    expect(reads(given('list.txt', { 'list.txt': 'link/one.txt', link: '' }), 'link/one.txt')).toBe(true);
  });

  test('are no patches and no archives', () => {
    expect(
      reads(given('x.patch', { 'x.patch': '+++ b/app/one.txt', 'app/one.txt': '' }), 'app/one.txt'),
    ).toBe(false);
    expect(reads(given('x.bin', { 'x.bin': '\uFFFD app/one.txt', 'app/one.txt': '' }), 'app/one.txt')).toBe(
      false,
    );
  });

  test.each([
    ['requirements.txt', '-r conf/req.txt', 'conf/req.txt'],
    ['package.json', '{"workspaces": ["packages/*"]}', 'packages/a/package.json'],
    ['package.json', '{"workspaces": ["web"]}', 'web/package.json'],
    ['package.json', '{"dependencies": {"x": "file:web"}}', 'web/index.js'],
    ['Cargo.toml', 'members = ["crates/a"]', 'crates/a/Cargo.toml'],
    ['pom.xml', '<modules><module>web</module></modules>', 'web/pom.xml'],
    ['pyproject.toml', 'x = { path = "libs/x" }', 'libs/x/pyproject.toml'],
  ])('are manifests with local packages: %s: %s', (manifest, text, path) => {
    expect(reads(given(manifest, { [manifest]: text, [path]: '' }), path)).toBe(true);
  });

  test('are manifests of Go with local folders, but not with names of packages', () => {
    const inputs = given('go.mod', {
      'go.mod': 'require example.com/lib v1\nreplace example.com/x => ./local/x\n',
      'local/x/go.mod': 'module x',
      'local/x/x.go': '',
      'lib/y.go': '',
    });
    expect(reads(inputs, 'local/x/x.go')).toBe(true);
    expect(reads(inputs, 'lib/y.go')).toBe(false);
  });
});

describe('own code', () => {
  test.each([
    'ctx.read("conf/a.json")',
    'ctx.path(Label("//conf:a.json"))',
    'ctx.execute(["cat", path])',
    'ctx.symlink(x, "y")',
    'ctx.template("x", t)',
    'ctx.workspace_root',
    'getattr(ctx, "re" + "ad")(x)',
  ])('can read any file: %s', (expression) => {
    expect(withRule(expression).ownCode?.path).toBe('ext/r.bzl');
  });

  test.each([
    'ctx.file("BUILD", "")',
    'ctx.download(url = "https://example.com", output = "x")',
    'f(path = "x")',
  ])('that reads nothing can not: %s', (expression) => {
    expect(withRule(expression).ownCode).toBeNull();
  });

  test('is not what only calls rules of other repositories', () => {
    const macro =
      'load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_archive")\ndef deps():\n    http_archive(patches = ["//:x.patch"])';
    const inputs = inputsOf({ WORKSPACE: 'load("//:deps.bzl", "deps")\ndeps()', 'deps.bzl': macro });
    expect(inputs.ownCode).toBeNull();
  });

  test('is also what a helper of another repository makes an extension of', () => {
    const code = 'load("@x//:make.bzl", "make")\ndef _e(ctx):\n    ctx.read(ctx.path(x))\ne = make(_e)';
    const module = 'e = use_extension("//:e.bzl", "e")';
    expect(inputsOf({ 'MODULE.bazel': module, 'e.bzl': code }).ownCode?.path).toBe('e.bzl');
  });

  test.each([
    ['a macro', 'build_file = "//third_party:" + n + ".BUILD"'],
    ['a macro, with a pattern', 'patches = ["//patches:%s.patch" % n]'],
    ['a macro, for a folder', 'path = "third_party/" + n'],
    ['a constant and a name', 'patches = [P + ":" + n]'],
    ['a constant and a name, in a format', 'patches = ["{}:{}".format(P, n)]'],
    ['a constant and a name, joined', 'patches = [":".join([P, n])]'],
    ['a label and its package', 'patches = [L.relative(n)]'],
    ['a text that is replaced', 'patches = ["//p:NAME.patch".replace("NAME", n)]'],
    ['the name of a repository', 'build_file = "@%s//p:x.BUILD" % n'],
  ])('is what puts labels and paths together for rules of other repositories: %s', (_what, attribute) => {
    const macro = `load("@bazel_tools//tools/build_defs/repo:http.bzl", "r")\ndef deps():\n    [r(${attribute}) for n in X]`;
    const inputs = inputsOf({
      WORKSPACE: 'load("//:deps.bzl", "deps")\ndeps()',
      'deps.bzl': macro,
      'third_party/a/x': '',
    });
    expect(inputs.ownCode?.path).toBe('deps.bzl');
  });

  test.each(['BASE + ":lock.in", BASE = "//third_party"', '"//third_party/{}:x.lock".format("py")'])(
    'is a module file that puts labels together: %s',
    (label) => {
      const module = `pip = use_extension("@rules_python//:e.bzl", "pip")\npip.parse(lock = ${label})`;
      // A constant is a label of its own, and what stands behind it is relative to any folder.
      const { ownCode, named } = inputsOf({ 'MODULE.bazel': module, 'third_party/lock.in': '' });
      expect(ownCode !== null || named.nameOf(workspacePath('third_party/lock.in')) !== null).toBe(true);
    },
  );

  test('is what gives something to helpers of other repositories, which may read it', () => {
    const load =
      'load("@bazel_tools//tools/build_defs/repo:utils.bzl", "patch")\n    patch(ctx, patches = [x])';
    expect(withRule(load).ownCode?.path).toBe('ext/r.bzl');
  });

  test('gives the root of the workspace to programs, or shows it', () => {
    for (const call of [
      'ctx.execute(["grep", str(ctx.workspace_root)])',
      'ctx.symlink(ctx.workspace_root, "x")',
      'ctx.execute(["ls", str(ctx.path(Label("//:MODULE.bazel")).dirname)])',
    ])
      expect(withRule(call).ownCode?.givesRoot).toBe(true);
    expect(withRule('ctx.read(ctx.workspace_root.get_child("a"))').ownCode?.givesRoot).toBe(false);
  });

  test('is that of a module in a folder that reads in a helper of the main repository', () => {
    const inputs = inputsOf({
      'MODULE.bazel':
        'module(name = "shop")\nlocal_path_override(module_name = "mod", path = "mod")\nuse_extension("@mod//:e.bzl", "e")',
      'mod/MODULE.bazel': 'module(name = "mod")\nbazel_dep(name = "shop")',
      'mod/e.bzl': 'load("@shop//ext:h.bzl", "read")\ne = module_extension(read)',
      'ext/h.bzl': 'def read(c):\n    return c.read(c.path(x))',
    });
    expect(inputs.ownCode?.path).toBe('ext/h.bzl');
  });

  test('reads in a helper', () => {
    const helper = { 'ext/h.bzl': 'def read(ctx, f):\n    return ctx.read(f)' };
    expect(withRule('load("//ext:h.bzl", "read")\n    read(ctx, x)', helper).ownCode).not.toBeNull();
  });

  test('is no code of a module in a folder that only has rules for builds', () => {
    const inputs = inputsOf({
      'MODULE.bazel': 'bazel_dep(name = "mod")\nlocal_path_override(module_name = "mod", path = "mod")',
      'mod/MODULE.bazel': 'module(name = "mod")',
      'mod/defs.bzl': 'def _r(ctx):\n    return ctx.file.x.path\nr = rule(implementation = _r)',
    });
    expect(inputs.ownCode).toBeNull();
  });

  test('is that of a module in a folder', () => {
    const inputs = inputsOf({
      'MODULE.bazel':
        'bazel_dep(name = "mod")\nlocal_path_override(module_name = "mod", path = "mod")\ne = use_extension("@mod//:e.bzl", "e")',
      'mod/MODULE.bazel': 'module(name = "mod")',
      'mod/e.bzl': 'def _e(mctx):\n    mctx.read(x)\ne = module_extension(implementation = _e)',
    });
    expect(inputs.ownCode?.path).toBe('mod/e.bzl');
  });
});

describe('a file that appears', () => {
  const READS = 'ctx.read(x)\n    y = ';

  test.each([
    ['"conf/a.json"', 'conf/a.json'],
    ['"a.json"', 'any/folder/a.json'],
    ['"//conf:a.json"', 'conf/a.json'],
    ['"%s.json" % x', 'conf/other.json'],
    ['x + "_lock.json"', 'conf/a_lock.json'],
    ['"{}_toolchain_{}".format(x, y)', 'my_toolchain_linux'],
    ['"""\n        app/one.txt\n        two.txt\n    """.splitlines()', 'app/two.txt'],
    ['"x=app/one.txt;two.txt@1.0"', 'two.txt'],
    ['dict(conf = 1)', 'conf'],
    ['"-one.txt"', 'one.txt'],
    ['"my file.txt"', 'conf/my file.txt'],
    ['"%s_%s" % (a, b)', 'conf/linux_arm'],
  ])('is looked for by code with the text %s: %s', (text, path) => {
    const inputs = withRule(READS + text);
    expect(looksFor(inputs, path)).toBe(true);
    expect(looksFor(inputs, 'src/source.cc')).toBe(false);
  });

  test('is looked for if its name has what stands between unknown parts', () => {
    const inputs = withRule(`${READS}n + "." + ext`);
    expect(looksFor(inputs, 'conf/a.json')).toBe(true);
    expect(looksFor(inputs, 'conf/LICENSE')).toBe(false);
  });

  test('is looked for if a list has its name that code reads', () => {
    const inputs = withRule('ctx.read(Label("//conf:a.json"))', { 'conf/a.json': '["one.txt"]' });
    expect(looksFor(inputs, 'conf/one.txt')).toBe(true);
  });

  test('is looked for if it is called like a repository, but not if only a message has its name', () => {
    const inputs = withRule(`${READS}fail("no one.txt here"), print("two.txt is there")`);
    expect(looksFor(inputs, 'made')).toBe(true);
    expect(looksFor(inputs, 'one.txt')).toBe(false);
  });

  test.each(['x.readdir()', 'getattr(x, "readdir")()', 'ctx.watch_tree(x)'])(
    'is found by code that lists folders: %s',
    (expression) => {
      expect(looksFor(withRule(READS + expression), 'any/file')).toBe(true);
    },
  );

  test.each([
    'ctx.path(Label("//conf:a.json")).dirname.get_child(tag.lower())',
    'ctx.path(Label("//conf:a.json")).dirname.get_child(".".join([a, b]))',
    'Label("//conf:a.json").relative(ctx.os.name)',
    'Label("//conf:" + ctx.os.name)',
    'ctx.symlink(ctx.path(Label("//conf:a.json")).dirname, "x")',
  ])('is looked for in the folders of what code is given: %s', (expression) => {
    const inputs = withRule(READS + expression);
    expect(looksFor(inputs, 'conf/any.txt')).toBe(true);
    expect(looksFor(inputs, 'conf/deep/any.txt')).toBe(true);
    expect(looksFor(inputs, 'other/any.txt')).toBe(false);
  });

  test('is not looked for in folders that only rules of other repositories are given', () => {
    const module = `${OWN_MODULE}e = use_extension("@rules_js//npm:extensions.bzl", "e")\ne.lock(file = "//conf:a.json")\n`;
    const inputs = withRule(`${READS}x.lower()`, { 'MODULE.bazel': module });
    expect(looksFor(inputs, 'conf/any.txt')).toBe(false);
  });

  test('is no code for external repositories only because other code has its name', () => {
    const inputs = withRule('ctx.read(x)', {
      'MODULE.bazel': `${OWN_MODULE}e = use_extension("//tools:defs.bzl", "e")\n`,
      'tools/defs.bzl': 'load("//tools:load.bzl", "x")',
      'tools/load.bzl': '',
      'lib/defs.bzl': 'x = "//lib:thing"',
      'lib/load.bzl': 'x = "//lib:thing"',
    });
    expect([...inputs.code].filter((path) => path.startsWith('lib/'))).toEqual([]);
    expect(inputs.labels.has(label('//lib:thing'))).toBe(false);
  });

  test('is code if a BUILD file that a rule writes may load it, and no file of another package is', () => {
    const load = 'ctx.file(\'BUILD\', \'load("@@//tools:%s.bzl", "lib")\' % ctx.attr.kind)';
    const inputs = withRule(load, { 'tools/cc.bzl': '', 'lib/cc.bzl': '' });
    expect(inputs.code.has(workspacePath('tools/cc.bzl'))).toBe(true);
    expect(inputs.code.has(workspacePath('lib/cc.bzl'))).toBe(false);
  });

  test('is no code for external repositories only because code lists folders', () => {
    const inputs = withRule(`${READS}x.readdir()`, { 'rules/defs.bzl': 'x = "//flags:mode"' });
    expect(inputs.code.has(workspacePath('rules/defs.bzl'))).toBe(false);
    expect(inputs.labels.has(label('//flags:mode'))).toBe(false);
  });

  test('is no BUILD file, because rules write those', () => {
    expect(looksFor(withRule(`${READS}ctx.file("BUILD.bazel", "")`), 'app/BUILD.bazel')).toBe(false);
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

  test('may be made of a package that a text names and of a name', () => {
    const { labels } = withRule('ctx.file("BUILD", "alias(actual = \'%s:%s\')" % ("@@//lib", name))');
    expect(labels.has(label('//lib:l'))).toBe(true);
    expect(labels.has(label('//other:l'))).toBe(false);
  });

  test('are not all labels if nothing of a label is known', () => {
    const files = { 'MODULE.bazel': 'e = use_extension("//:e.bzl", "e")', 'e.bzl': 'f("@%s//" + package)' };
    expect(inputsOf(files).labels.has(label('//other:l'))).toBe(false);
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
