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

/** A module extension that defines a repository for each line of a lock file, and a hub with an alias for each. */
const HUB = `
def _spoke(rctx):
    rctx.file("version.txt", rctx.attr.version)
    rctx.file("BUILD", 'filegroup(name = "files", srcs = ["version.txt"], visibility = ["//visibility:public"])')

spoke = repository_rule(implementation = _spoke, attrs = {"version": attr.string()})

def _hub(rctx):
    rctx.file("BUILD", "")
    for name in rctx.attr.names:
        rctx.file(name + "/BUILD", 'alias(name = "%s", actual = "@%s//:files", visibility = ["//visibility:public"])' % (name, name))

hub = repository_rule(implementation = _hub, attrs = {"names": attr.string_list()})

def _locked(mctx):
    pins = [line.split("==") for line in mctx.read(Label("//:lock.txt")).splitlines()]
    for name, version in pins:
        spoke(name = name, version = version)
    hub(name = "hub", names = [name for name, _ in pins])

locked = module_extension(implementation = _locked)
`;

const SPOKES = 300;

/**
 * Adds a hub of external repositories, which every 30th package uses and the last ten packages use the same one of, and
 * then bumps that one.
 *
 * @param {string} folder
 * @param {readonly string[]} packages
 * @returns {{base: string, head: string}} the commits before and after the bump
 */
export function bumpDependency(folder, packages) {
  const lock = (/** @type {string} */ version) =>
    Array.from({ length: SPOKES }, (_, index) => `spoke${index}==${index === 0 ? version : '1.0'}\n`).join(
      '',
    );
  write(
    folder,
    'MODULE.bazel',
    'module(name = "generated")\nlocked = use_extension("//build:hub.bzl", "locked")\nuse_repo(locked, "hub")\n',
  );
  write(folder, 'BUILD.bazel', '');
  write(folder, 'build/hub.bzl', HUB);
  write(folder, 'lock.txt', lock('1.0'));
  packages.forEach((name, index) => {
    const isLast = index >= packages.length - 10;
    if (!isLast && index % 30 !== 0) return;
    const spoke = isLast ? 0 : 1 + ((index / 30) % (SPOKES - 1));
    write(
      folder,
      `${name}/uses/BUILD.bazel`,
      `sh_test(name = "test", srcs = ["test.sh"], data = ["@hub//spoke${spoke}"])\n`,
    );
    write(folder, `${name}/uses/test.sh`, '#!/bin/sh\n');
  });
  const base = commit(folder, 'a hub of dependencies');
  write(folder, 'lock.txt', lock('1.0.1'));
  return { base, head: commit(folder, 'one dependency bumped') };
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
