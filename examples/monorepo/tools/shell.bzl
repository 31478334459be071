"""Shell programs made of libraries: each app is one self-contained script."""

ShellInfo = provider(
    doc = "The scripts of a shell library.",
    fields = {"scripts": "depset of Files in dependency order: a library's dependencies come before it."},
)

def _scripts(ctx):
    return depset(
        ctx.files.srcs,
        order = "postorder",
        transitive = [dep[ShellInfo].scripts for dep in ctx.attr.deps],
    )

def _shell_library_impl(ctx):
    scripts = _scripts(ctx)
    return [ShellInfo(scripts = scripts), DefaultInfo(files = scripts)]

def _shell_app_impl(ctx):
    app = ctx.actions.declare_file(ctx.label.name + ".sh")
    args = ctx.actions.args()
    args.add(app)
    args.add_all(_scripts(ctx))
    ctx.actions.run_shell(
        outputs = [app],
        inputs = _scripts(ctx),
        arguments = [args],
        command = """
set -eu
app=$1; shift
{ echo '#!/bin/bash'; echo 'set -euo pipefail'; cat "$@"; } > "$app"
chmod +x "$app"
""",
        mnemonic = "ShellApp",
        progress_message = "Joining %{output}",
    )
    return [DefaultInfo(
        executable = app,
        files = depset([app]),
        runfiles = ctx.runfiles([app]),
    )]

_ATTRS = {
    "srcs": attr.label_list(allow_files = [".sh"], doc = "Scripts, in the order in which they are read."),
    "deps": attr.label_list(providers = [ShellInfo], doc = "Libraries that are read before `srcs`."),
}

shell_library = rule(
    implementation = _shell_library_impl,
    attrs = _ATTRS,
    provides = [ShellInfo],
    doc = "Shell functions for use by several apps.",
)

shell_app = rule(
    implementation = _shell_app_impl,
    attrs = _ATTRS,
    executable = True,
    doc = "One executable script: first all libraries that it needs, then its own `srcs`.",
)
