import { MemoryWorkspace } from './memory-workspace.js';

/** The workspace that random edits start from. */
export const START = MemoryWorkspace.of({
  'MODULE.bazel': 'module(name = "own")\n',
  BUILD: buildFile('', 'exclude_directories = 0'),
  'x.txt': 'x',
  'k1.bzl': starlarkFile('//lib:k3.bzl', 'native.filegroup(name = name, tags = V)'),
  'a/BUILD': buildFile('//a:k0.bzl', 'exclude_directories = 0'),
  'a/k0.bzl': starlarkFile('//:k1.bzl', 'native.filegroup(name = name, srcs = native.glob(["**"]))'),
  'a/x.txt': 'x',
  'a/b/y.txt': 'y',
  'a/b/c/BUILD': buildFile('//:k1.bzl', ''),
  'a/b/c/x.txt': 'x',
  'a/e/z.sh': 'true',
  'd/BUILD.bazel': buildFile('//lib:k3.bzl', ''),
  'd/e/f/x.txt': 'x',
  'd/e/f/BUILD': buildFile('@own//lib:k3.bzl', ''),
  'd/e/y.txt': 'y',
  'lib/BUILD': 'alias(name = "t0", actual = "//d:t0")\n',
  'lib/k3.bzl': starlarkFile(
    '',
    'native.filegroup(name = name, tags = native.subpackages(include = ["**"], allow_empty = True))',
  ),
  'lib/x/y.txt': 'y',
  'lib/x/BUILD': buildFile('', ''),
  'g/BUILD': buildFile('@@//a:k0.bzl', ''),
});

function buildFile(label: string, globOptions: string): string {
  const use =
    label === '' ? '' : `load("${label}", "V", "m", "r")\n\nm(name = "t2")\n\nr(name = "t3", tags = V)\n`;
  return (
    `${use}\nfilegroup(name = "t0", srcs = glob(["**"], allow_empty = True, ${globOptions}))\n` +
    'filegroup(name = "t1", tags = subpackages(include = ["**"], allow_empty = True))\n'
  );
}

function starlarkFile(label: string, body: string): string {
  const use = label === '' ? 'V = ["v0"]' : `load("${label}", W = "V")\n\nV = W + ["v1"]`;
  const rule = 'r = rule(implementation = _impl, attrs = {"srcs": attr.label_list(allow_files = True)})';
  return `${use}\n\ndef m(name):\n    ${body}\n\ndef _impl(ctx):\n    return []\n\n${rule}\n`;
}
