"""Tests that compare the output of a program with a file."""

load(":quote.bzl", "shell_quote")

def _golden_test_impl(ctx):
    test = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(
        test,
        """#!/bin/bash
set -euo pipefail
diff --unified --label expected --label printed {expected} <({app} {arguments})
""".format(
            app = shell_quote(ctx.executable.app.short_path),
            arguments = " ".join([shell_quote(argument) for argument in ctx.attr.arguments]),
            expected = shell_quote(ctx.file.expected.short_path),
        ),
        is_executable = True,
    )
    runfiles = ctx.runfiles([ctx.file.expected, ctx.executable.app])
    return [DefaultInfo(
        executable = test,
        runfiles = runfiles.merge(ctx.attr.app[DefaultInfo].default_runfiles),
    )]

golden_test = rule(
    implementation = _golden_test_impl,
    attrs = {
        "app": attr.label(mandatory = True, executable = True, cfg = "target", doc = "The program."),
        "arguments": attr.string_list(doc = "The arguments of the program."),
        "expected": attr.label(mandatory = True, allow_single_file = True, doc = "The file with the expected output."),
    },
    test = True,
    doc = "Passes if the program prints exactly the expected file.",
)
