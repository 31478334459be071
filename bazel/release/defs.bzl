"""What BUILD files load: macros for releases, and the rules that they make.

    load("@bazel_affected//release:defs.bzl", "artifact_release", "container_release", "file_release")

Each macro makes three targets, which all build what is released:

| target       | `bazel run` of it                                                              |
| ------------ | ------------------------------------------------------------------------------ |
| `<name>`     | says what is released, and how to release it                                   |
| `<name>.ci`  | releases it; the rule class is `artifact_ci_release`, so that CI finds it      |
| `<name>.dev` | releases it from a laptop; the rule class is `artifact_dev_release`            |
"""

load(
    "//release/private:macros.bzl",
    _artifact_release = "artifact_release",
    _container_release = "container_release",
    _file_release = "file_release",
)
load(
    "//release/private:rules.bzl",
    _artifact_ci_release = "artifact_ci_release",
    _artifact_dev_release = "artifact_dev_release",
)

artifact_release = _artifact_release
container_release = _container_release
file_release = _file_release
artifact_ci_release = _artifact_ci_release
artifact_dev_release = _artifact_dev_release
