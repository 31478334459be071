import type { MemoryWorkspace } from './memory-workspace.js';
import type { Random } from './random.js';

/** One edit of a workspace; undefined where there is nothing that it could edit. */
export type Edit = (workspace: MemoryWorkspace, random: Random) => MemoryWorkspace | undefined;

const FOLDERS = ['', 'a', 'a/b', 'a/b/c', 'a/e', 'd', 'd/e', 'd/e/f', 'lib', 'lib/x', 'external/y', 'g'];
const FILE_NAMES = ['x.txt', 'y.txt', 'z.sh', 'sp ace.txt', 'ü.txt', 'x', 'data.json', 'BUILD.txt', 'build'];
/** A .bzl file loads only those behind it in this list: there are no cycles. */
const STARLARK = [
  'a/k0.bzl',
  'k1.bzl',
  'a/b/k2.bzl',
  'lib/k3.bzl',
  'lib/x/k4.bzl',
  'd/k5.bzl',
  'd/e/s/k6.bzl',
];
/** Names that Bazel's target patterns know, too. */
const PATTERN_NAMES = ['all-targets', 'all', '*'];
const GLOBS = ['*.txt', '**', '**/*.txt', '*', 'b/**', 'e/*', '**/x.txt'];

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function isBuildFile(path: string): boolean {
  return /(^|\/)BUILD(\.bazel)?$/.test(path);
}

function packagesOf(workspace: MemoryWorkspace): string[] {
  const buildFiles = workspace.paths.filter(isBuildFile);
  return [...new Set(buildFiles.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))))];
}

function labelOf(path: string, workspace: MemoryWorkspace): string | undefined {
  const packages = packagesOf(workspace);
  for (let folder = path; folder !== '';) {
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
    if (packages.includes(folder))
      return `//${folder}:${folder === '' ? path : path.slice(folder.length + 1)}`;
  }
  return undefined;
}

function anyFile(
  workspace: MemoryWorkspace,
  random: Random,
  accepts: (path: string) => boolean,
): string | undefined {
  const paths = workspace.paths.filter(accepts);
  return paths.length === 0 ? undefined : random.pick(paths);
}

function isPlain(path: string): boolean {
  return !/\.bzl$|MODULE|WORKSPACE|REPO|\.bazel|prelude/.test(path) && !isBuildFile(path);
}

/** The text of a BUILD file. */
function buildText(workspace: MemoryWorkspace, random: Random): string {
  const loads: string[] = [];
  const statements: string[] = [];
  const anyPackage = (): string => random.pick([...packagesOf(workspace), 'no/such']);
  const count = 1 + random.below(5);
  for (let index = 0; index < count; index += 1) {
    const name = random.chance(3) ? random.pick(PATTERN_NAMES) : `t${index}`;
    const rule = (ruleClass: string, attributes: string): string =>
      `${ruleClass}(name = "${name}", ${attributes})`;
    const glob = `glob(["${random.pick(GLOBS)}"], exclude_directories = ${random.below(2)}, allow_empty = True)`;
    const other = `//${anyPackage()}:t${random.below(5)}`;
    const starlark = random.pick(STARLARK);
    const label = workspace.files.has(starlark) ? labelOf(starlark, workspace) : undefined;
    const makers: (() => string)[] = [
      () => rule('filegroup', `srcs = ${glob}`),
      () => rule('filegroup', `srcs = ${glob}`),
      () =>
        rule(
          'filegroup',
          `tags = subpackages(include = ["${random.pick(['**', '*', 'b/**'])}"], allow_empty = True)`,
        ),
      () =>
        rule(
          'genrule',
          `srcs = ["${other}", "x.txt"], outs = ["t${index}.out"], cmd = "echo ${random.below(3)}"`,
        ),
      () => rule('alias', `actual = "${other}"`),
      () => rule('test_suite', random.chance(50) ? `tests = ["${other}"]` : ''),
      () => rule('sh_test', `srcs = ["z.sh"], size = "${random.pick(['small', 'large'])}", data = ${glob}`),
      () => rule('package_group', `packages = ["//${anyPackage()}"]`),
      () =>
        rule(
          'filegroup',
          `srcs = ["y.txt"], visibility = ["${random.pick([other, '//visibility:public'])}"]`,
        ),
      () => rule('filegroup', `srcs = select({"${other}": ["x.txt"], "//conditions:default": ${glob}})`),
      () => `exports_files(["x${index}"], visibility = ["${other}"])`,
    ];
    if (label !== undefined) {
      loads.push(`load("${label}", v${index} = "V", m${index} = "m", r${index} = "r")`);
      makers.push(
        ...Array.from({ length: 4 }, () => () => `m${index}(name = "${name}")`),
        ...Array.from(
          { length: 4 },
          () => () => rule(`r${index}`, `deps = ["${other}"], srcs = ${glob}, tags = v${index}`),
        ),
      );
    }
    statements.push(random.pick(makers)());
  }
  const header = random.chance(25) ? [`package(default_visibility = ["//${anyPackage()}:__pkg__"])`] : [];
  return [...loads, ...header, ...statements, ''].join('\n');
}

/** The text of a .bzl file: a value, a macro and a rule. */
function starlarkText(path: string, workspace: MemoryWorkspace, random: Random): string {
  const behind = STARLARK.slice(STARLARK.indexOf(path) + 1).filter((other) => workspace.files.has(other));
  const loaded = behind.length > 0 && random.chance(60) ? labelOf(random.pick(behind), workspace) : undefined;
  const body = random.pick([
    'native.filegroup(name = name, tags = V)',
    'native.filegroup(name = name, srcs = native.glob(["**"], exclude_directories = 0, allow_empty = True))',
    'native.filegroup(name = name, tags = sorted(native.existing_rules().keys()))',
    'native.filegroup(name = name, tags = V + [native.package_name()])',
    'native.filegroup(name = name, tags = native.subpackages(include = ["**"], allow_empty = True))',
  ]);
  return [
    loaded === undefined ? '# nothing to load' : `load("${loaded}", W = "V")`,
    `V = ["v${random.below(4)}"]${loaded === undefined ? '' : ' + W'}`,
    'def m(name):',
    `    ${body}`,
    'def _aspect_impl(target, ctx):',
    '    return []',
    'def _impl(ctx):',
    '    return []',
    `_aspect = aspect(implementation = _aspect_impl, attr_aspects = ["deps"], attrs = {` +
      `"_tool": attr.label(default = "//:a${random.below(3)}")})`,
    'r = rule(implementation = _impl, attrs = {"srcs": attr.label_list(allow_files = True), ' +
      `"deps": attr.label_list(aspects = [_aspect]), "_tool": attr.label(default = "//:t${random.below(3)}")})`,
    '',
  ].join('\n');
}

/** Every kind of edit, by name. A name that comes with a number is more frequent. */
export const EDITS: Readonly<Record<string, Edit>> = {
  'rewrite a BUILD file': (workspace, random) => {
    const path = anyFile(workspace, random, isBuildFile);
    return path === undefined ? undefined : workspace.withFiles({ [path]: buildText(workspace, random) });
  },
  'rewrite a BUILD file 2': (workspace, random) => EDITS['rewrite a BUILD file']?.(workspace, random),
  'comment in a BUILD file': (workspace, random) => {
    const path = anyFile(workspace, random, isBuildFile);
    return path === undefined
      ? undefined
      : workspace.withFiles({ [path]: `# ${random.below(1000)}\n\n${workspace.text(path)}` });
  },
  'new package': (workspace, random) => {
    const path = join(random.pick(FOLDERS), random.pick(['BUILD', 'BUILD.bazel']));
    return workspace.withFiles({ [path]: buildText(workspace, random) });
  },
  'new package 2': (workspace, random) => EDITS['new package']?.(workspace, random),
  'BUILD file removed': (workspace, random) => {
    const path = anyFile(workspace, random, isBuildFile);
    return path === undefined ? undefined : workspace.without(path);
  },
  'BUILD file renamed': (workspace, random) => {
    const path = anyFile(workspace, random, isBuildFile);
    if (path === undefined) return undefined;
    const other = path.endsWith('.bazel') ? path.slice(0, -'.bazel'.length) : `${path}.bazel`;
    return workspace.without(path).withFiles({ [other]: workspace.text(path) });
  },
  'folder removed': (workspace, random) => {
    const folder = random.pick(FOLDERS);
    return folder === '' ? undefined : workspace.without(folder);
  },
  'folder moved': (workspace, random) => {
    const [from, to] = [random.pick(FOLDERS), random.pick(FOLDERS)];
    if (from === '' || to === '' || to.startsWith(from) || from.startsWith(to)) return undefined;
    const moved = [...workspace.files].filter(([path]) => path.startsWith(`${from}/`));
    return moved.reduce(
      (result: MemoryWorkspace, [path, file]) => result.with(join(to, path.slice(from.length + 1)), file),
      workspace.without(from),
    );
  },
  'file added': (workspace, random) => {
    const path = join(random.pick(FOLDERS), random.pick(FILE_NAMES));
    return workspace.files.has(path) ? undefined : workspace.withFiles({ [path]: 'new' });
  },
  'file added 2': (workspace, random) => EDITS['file added']?.(workspace, random),
  'file added in a new folder': (workspace, random) =>
    workspace.withFiles({
      [join(random.pick(FOLDERS), `n${random.below(3)}/${random.pick(FILE_NAMES)}`)]: 'new',
    }),
  'file removed': (workspace, random) => {
    const path = anyFile(workspace, random, isPlain);
    return path === undefined ? undefined : workspace.without(path);
  },
  'file renamed': (workspace, random) => {
    const path = anyFile(workspace, random, isPlain);
    const file = workspace.files.get(path ?? '');
    if (path === undefined || file === undefined) return undefined;
    return workspace.without(path).with(join(random.pick(FOLDERS), random.pick(FILE_NAMES)), file);
  },
  'file becomes a folder': (workspace, random) => {
    const path = anyFile(workspace, random, isPlain);
    return path === undefined ? undefined : workspace.withFiles({ [`${path}/x.txt`]: 'in a folder' });
  },
  'source edited': (workspace, random) => {
    const path = anyFile(workspace, random, isPlain);
    if (workspace.files.get(path ?? '')?.mode === '120000') return undefined;
    return path === undefined ? undefined : workspace.withFiles({ [path]: `edited ${random.below(1000)}` });
  },
  'file made executable': (workspace, random) => {
    const path = anyFile(workspace, random, isPlain);
    const file = workspace.files.get(path ?? '');
    if (path === undefined || file?.mode !== '100644') return undefined;
    return workspace.with(path, { ...file, mode: '100755' });
  },
  '.bzl file written': (workspace, random) => {
    const path = random.pick(STARLARK);
    return workspace.withFiles({ [path]: starlarkText(path, workspace, random) });
  },
  '.bzl file written 2': (workspace, random) => EDITS['.bzl file written']?.(workspace, random),
  '.bzl file written 3': (workspace, random) => EDITS['.bzl file written']?.(workspace, random),
  '.bzl file removed': (workspace, random) => {
    const path = anyFile(workspace, random, (each) => each.endsWith('.bzl'));
    return path === undefined ? undefined : workspace.without(path);
  },
  'comment in a .bzl file': (workspace, random) => {
    const path = anyFile(workspace, random, (each) => each.endsWith('.bzl'));
    if (workspace.files.get(path ?? '')?.mode === '120000') return undefined;
    return path === undefined
      ? undefined
      : workspace.withFiles({ [path]: `# ${random.below(1000)}\n${workspace.text(path)}` });
  },
  '.bzl file behind a symlink': (workspace, random) => {
    const path = anyFile(workspace, random, (each) => each.endsWith('.bzl'));
    if (path === undefined || workspace.files.get(path)?.mode === '120000') return undefined;
    const up = '../'.repeat(path.split('/').length - 1);
    return workspace.withFiles({ 'g/real.txt': workspace.text(path) }).withLink(path, `${up}g/real.txt`);
  },
  'text behind a symlink edited': (workspace) => {
    const text = workspace.text('g/real.txt');
    return text === '' ? undefined : workspace.withFiles({ 'g/real.txt': text.replaceAll('"v', '"w') });
  },
  'BUILD file behind a symlink': (workspace, random) => {
    const path = anyFile(workspace, random, isBuildFile);
    if (path === undefined || workspace.files.get(path)?.mode === '120000') return undefined;
    const up = '../'.repeat(path.split('/').length - 1);
    return workspace
      .withFiles({ 'g/build.txt': buildText(workspace, random) })
      .withLink(path, `${up}g/build.txt`);
  },
  'BUILD text behind a symlink edited': (workspace, random) =>
    workspace.files.has('g/build.txt')
      ? workspace.withFiles({ 'g/build.txt': buildText(workspace, random) })
      : undefined,
  'symlink added': (workspace, random) => {
    const folder = random.pick(FOLDERS);
    const up = folder === '' ? '' : '../'.repeat(folder.split('/').length);
    const target = random.pick([
      ...FOLDERS.filter((each) => each !== ''),
      ...workspace.paths,
      'no/such/file',
    ]);
    if (folder.startsWith(target) || target.startsWith(`${folder}/ln`)) return undefined;
    return workspace.withLink(join(folder, `ln${random.below(2)}`), `${up}${target}`);
  },
  'symlink removed': (workspace, random) => {
    const path = anyFile(workspace, random, (each) => workspace.files.get(each)?.mode === '120000');
    return path === undefined ? undefined : workspace.without(path);
  },
  'symlink removed 2': (workspace, random) => EDITS['symlink removed']?.(workspace, random),
  '.bazelignore changed': (workspace, random) =>
    workspace.files.has('.bazelignore')
      ? workspace.without('.bazelignore')
      : workspace.withFiles({ '.bazelignore': `${random.pick(['a/b', 'd/e', 'lib/x', 'a/e'])}\n` }),
  'nested workspace': (workspace, random) => {
    const path = join(
      random.pick(['lib/x', 'd/e/f', 'g']),
      random.pick(['WORKSPACE', 'MODULE.bazel', 'REPO.bazel']),
    );
    return workspace.files.has(path) ? workspace.without(path) : workspace.withFiles({ [path]: '' });
  },
  'nested workspace removed': (workspace, random) => {
    const path = anyFile(workspace, random, (each) => /\/(WORKSPACE|MODULE\.bazel|REPO\.bazel)$/.test(each));
    return path === undefined ? undefined : workspace.without(path);
  },
  'comment in MODULE.bazel': (workspace, random) =>
    workspace.withFiles({ 'MODULE.bazel': `# ${random.below(1000)}\n${workspace.text('MODULE.bazel')}` }),
  'REPO.bazel changed': (workspace, random) =>
    workspace.withFiles({ 'REPO.bazel': `repo(features = ["f${random.below(3)}"])\n` }),
  'prelude changed': (workspace, random) => {
    const path = 'tools/build_rules/prelude_bazel';
    if (workspace.files.has(path)) return workspace.without(path);
    const prelude = `def filegroup(name, **kwargs):\n    native.filegroup(name = name, testonly = ${random.below(2)}, **kwargs)\n`;
    return workspace.withFiles({ [path]: prelude });
  },
  'package of the prelude': (workspace) =>
    workspace.files.has('tools/build_rules/BUILD')
      ? workspace.without('tools/build_rules/BUILD')
      : workspace.withFiles({ 'tools/build_rules/BUILD': '' }),
  'rc file changed': (workspace, random) =>
    workspace.files.has('.bazelrc')
      ? workspace.without('.bazelrc')
      : workspace.withFiles({
          '.bazelrc': `common --deleted_packages=${random.pick(['a/b', 'd', 'lib/x'])}\n`,
        }),
};
