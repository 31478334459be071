"""Releases: a BUILD file declares what is released, and CI decides when.

bazel-affected recognises a release by its rule class, `artifact_ci_release`. It builds the release on pull requests, and
runs it (`bazel run`) on pushes to a release branch.
"""

load(":quote.bzl", "shell_quote")

def _artifact_ci_release_impl(ctx):
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.expand_template(
        template = ctx.file._template,
        output = script,
        substitutions = {
            "%{artifact}": shell_quote(ctx.file.artifact.short_path),
            "%{destination}": shell_quote(ctx.attr.destination or ctx.label.package),
        },
        is_executable = True,
    )
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles([ctx.file.artifact]))]

artifact_ci_release = rule(
    implementation = _artifact_ci_release_impl,
    attrs = {
        "artifact": attr.label(mandatory = True, allow_single_file = True, doc = "The file to release."),
        "destination": attr.string(doc = "Folder below the release folder; the package's path if empty."),
        "_template": attr.label(default = "//tools:release.sh.tpl", allow_single_file = True),
    },
    executable = True,
    doc = """Publishes one file when `bazel run` runs it.

The example's "registry" is a folder: `RELEASE_FOLDER` in the environment, else /tmp/monorepo-releases.""",
)
