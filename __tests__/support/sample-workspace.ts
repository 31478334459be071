import type { Files } from './files.js';

/** A workspace that loads on any Bazel without a download: one library, tests of it, and a release. */
export const SAMPLE_WORKSPACE: Files = {
  'MODULE.bazel': 'module(name = "sample")\n',
  '.bazelrc': 'common --lockfile_mode=off\n',
  '.gitignore': '/bazel-*\n',
  'rules.bzl': `
def _impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(out, "exit 0", is_executable = True)
    return [DefaultInfo(executable = out)]

_ATTRS = {"srcs": attr.label_list(allow_files = True), "deps": attr.label_list()}
library = rule(implementation = _impl, attrs = _ATTRS, executable = True)
sample_test = rule(implementation = _impl, attrs = _ATTRS, test = True)
artifact_ci_release = rule(implementation = _impl, attrs = _ATTRS, executable = True)
`,
  BUILD: 'exports_files(["rules.bzl"])\n',
  'lib/BUILD':
    'load("//:rules.bzl", "library")\nlibrary(name = "lib", srcs = ["lib.txt"], visibility = ["//visibility:public"])\n',
  'lib/lib.txt': '1\n',
  'app/BUILD': `
load("//:rules.bzl", "artifact_ci_release", "sample_test")
sample_test(name = "app_test", srcs = ["app.txt"], deps = ["//lib"])
sample_test(name = "slow_test", deps = ["//lib"], tags = ["no-ci"])
artifact_ci_release(name = "release", deps = ["//lib"])
`,
  'app/app.txt': '1\n',
  'other/BUILD':
    'load("//:rules.bzl", "sample_test")\nsample_test(name = "other_test", srcs = ["other.txt"])\n',
  'other/other.txt': '1\n',
};
