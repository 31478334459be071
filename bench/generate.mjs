/**
 * Generates a monorepo of any size as a git repository with one commit. Each package has four rules (a library, a generated
 * file, a tool, a test) and depends on some libraries of earlier packages.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const MACROS = `
def library(name, srcs, deps):
    native.filegroup(name = name, srcs = srcs, data = deps, visibility = ["//visibility:public"])
    native.genrule(name = name + "_index", srcs = srcs, outs = [name + ".index"], cmd = "cat $(SRCS) > $@")
`;

/**
 * @param {string} folder is created
 * @param {number} count of packages
 * @returns {string[]} the packages' paths
 */
export function generate(folder, count) {
  mkdirSync(folder, { recursive: true });
  write(folder, 'MODULE.bazel', 'module(name = "generated")\n');
  write(folder, '.bazelrc', 'common --lockfile_mode=off\n');
  write(folder, 'build/BUILD.bazel', '');
  write(folder, 'build/macros.bzl', MACROS);
  const packages = Array.from({ length: count }, (_, index) => packagePath(index));
  packages.forEach((name, index) => {
    writePackage(folder, name, index, packages);
  });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'config', 'user.name', 'Bench');
  git(folder, 'config', 'user.email', 'bench@example.com');
  git(folder, 'config', 'gc.auto', '0');
  commit(folder, 'generated');
  // A clone has one pack instead of one file per object.
  git(folder, 'repack', '-a', '-d', '--quiet');
  return packages;
}

/**
 * @param {string} folder
 * @param {string} message
 * @returns {string} the commit's id
 */
export function commit(folder, message) {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', `--message=${message}`);
  return git(folder, 'rev-parse', 'HEAD').trim();
}

/**
 * @param {string} folder
 * @param {string[]} args
 */
export function git(folder, ...args) {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

/** @param {number} index */
function packagePath(index) {
  return `area${Math.floor(index / 1000)}/group${Math.floor(index / 25) % 40}/package${index}`;
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {number} index
 * @param {readonly string[]} packages
 */
function writePackage(folder, name, index, packages) {
  // Each package uses one near and one far library of earlier packages, so a change of an early package reaches many.
  const deps =
    index === 0
      ? []
      : [packages[index - 1 - ((index * 7) % Math.min(index, 20))], packages[Math.floor(index / 3)]];
  const labels = [...new Set(deps)].map((dep) => `"//${dep}:lib"`).join(', ');
  write(
    folder,
    `${name}/BUILD.bazel`,
    `load("//build:macros.bzl", "library")

library(
    name = "lib",
    srcs = glob(["*.txt"]),
    deps = [${labels}],
)

filegroup(
    name = "tool",
    srcs = ["tool.sh"],
    data = [":lib"],
)

sh_test(
    name = "test",
    size = "small",
    srcs = ["test.sh"],
    data = [":tool"],
)
`,
  );
  for (const file of ['one.txt', 'two.txt', 'tool.sh', 'test.sh'])
    write(folder, `${name}/${file}`, `${name} ${file}\n`);
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} text
 */
export function write(folder, name, text) {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
