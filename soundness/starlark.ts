/** Starlark files of generated workspaces. Numbers in them are what edits turn. */

export interface Numbers {
  /** Comments and docstrings: no behaviour. */
  comment: number;
  /** What an implementation writes. */
  code: number;
  /** A default or a constant. */
  value: number;
}

/** Text of a file, by path. */
export const STARLARK: Readonly<Record<string, (numbers: Numbers) => string>> = {
  'rules/render.bzl': ({ comment, code, value }) => `# Comment ${comment}
def _render_impl(ctx):
    """Docstring ${comment}."""
    out = ctx.actions.declare_file(ctx.label.name + ".rendered")
    ctx.actions.run_shell(
        inputs = ctx.files.srcs,
        outputs = [out],
        tools = [ctx.executable._printer],
        command = "(%s; echo code ${code} %s; cat /dev/null %s) > %s" % (
            ctx.executable._printer.path,
            ctx.attr.note,
            " ".join([file.path for file in ctx.files.srcs if not file.is_directory]),
            out.path,
        ),
    )
    return [DefaultInfo(files = depset([out]))]

render = rule(
    implementation = _render_impl,
    attrs = {
        "srcs": attr.label_list(allow_files = True),
        "note": attr.string(default = "note${value}"),
        "_printer": attr.label(default = "//tools:printer", executable = True, cfg = "exec"),
    },
)
`,
  'rules/report.bzl': ({ comment, code, value }) => `# Comment ${comment}
load("//rules:words.bzl", "WORD")

Seen = provider(fields = ["files"])

def _seen_impl(target, ctx):
    """Docstring ${comment}."""
    below = []
    for name in ["srcs", "deps", "data"]:
        for dep in getattr(ctx.rule.attr, name, []) or []:
            if type(dep) == "Target" and Seen in dep:
                below.append(dep[Seen].files)
    out = ctx.actions.declare_file(ctx.label.name + ".seen")
    ctx.actions.run_shell(
        inputs = [ctx.file._suffix] + target[DefaultInfo].files.to_list(),
        outputs = [out],
        command = "(echo %s ${code}; cat %s) > %s" % (
            ctx.label.name,
            " ".join([file.path for file in [ctx.file._suffix] + target[DefaultInfo].files.to_list() if not file.is_directory]),
            out.path,
        ),
    )
    return [Seen(files = depset([out], transitive = below))]

seen = aspect(
    implementation = _seen_impl,
    attr_aspects = ["srcs", "deps", "data"],
    attrs = {"_suffix": attr.label(default = "//rules:suffix.txt", allow_single_file = True)},
)

def _report_impl(ctx):
    files = depset(transitive = [dep[Seen].files for dep in ctx.attr.deps if Seen in dep])
    out = ctx.actions.declare_file(ctx.label.name + ".report")
    ctx.actions.run_shell(
        inputs = files,
        outputs = [out],
        command = "(echo %s ${value}; cat /dev/null %s) > %s" % (
            WORD,
            " ".join([file.path for file in files.to_list()]),
            out.path,
        ),
    )
    return [DefaultInfo(files = depset([out]))]

report = rule(implementation = _report_impl, attrs = {"deps": attr.label_list(aspects = [seen])})
`,
  'rules/words.bzl': ({ comment, value }) => `# Comment ${comment}
WORD = "word${value}"
`,
  'rules/macros.bzl': ({ comment, code }) => `# Comment ${comment}
def bundle(name, srcs, script):
    """Docstring ${comment}."""
    native.filegroup(name = name, srcs = srcs)
    native.genrule(
        name = name + "_index",
        srcs = srcs,
        outs = [name + ".index"],
        cmd = "(echo ${code}; cat /dev/null $(SRCS)) > $@",
    )
    native.sh_test(name = name + "_test", size = "small", srcs = [script], data = [":" + name + "_index"])

def gather(name):
    native.filegroup(
        name = name,
        srcs = native.glob(["assets/**"], allow_empty = True),
    )
`,
  'rules/settings.bzl': ({ comment }) => `# Comment ${comment}
Setting = provider(fields = ["value"])

def _setting_impl(ctx):
    return [Setting(value = ctx.build_setting_value)]

string_flag = rule(implementation = _setting_impl, build_setting = config.string(flag = True))
bool_flag = rule(implementation = _setting_impl, build_setting = config.bool(flag = True))
`,
  'rules/transitions.bzl': ({ comment, code, value }) => `# Comment ${comment}
_ALLOWLIST = "@bazel_tools//tools/allowlists/function_transition_allowlist"

def _join(ctx, files):
    out = ctx.actions.declare_file(ctx.label.name + ".joined")
    ctx.actions.run_shell(
        inputs = files,
        outputs = [out],
        command = "(echo ${code}; cat /dev/null %s) > %s" % (
            " ".join([file.path for file in files if not file.is_directory]),
            out.path,
        ),
    )
    return [DefaultInfo(files = depset([out]))]

def _join_impl(ctx):
    return _join(ctx, ctx.files.deps)

def _mode_transition_impl(settings, attr):
    return {"//flags:mode": attr.mode}

def _payload_transition_impl(settings, attr):
    """Docstring ${comment}."""
    return {"//flags:payload": "//flags:fancy"}

def _computed_transition_impl(settings, attr):
    return {"//flags:payload": "//flags/%s:file" % attr.flavor}

def _split_transition_impl(settings, attr):
    return {"first": {"//flags:mode": "one"}, "second": {"//flags:mode": "${value % 2 === 1 ? 'two' : 'three'}"}}

with_mode = rule(
    implementation = _join_impl,
    cfg = transition(implementation = _mode_transition_impl, inputs = [], outputs = ["//flags:mode"]),
    attrs = {
        "deps": attr.label_list(allow_files = True),
        "mode": attr.string(default = "two"),
        "_allowlist_function_transition": attr.label(default = _ALLOWLIST),
    },
)

with_payload = rule(
    implementation = _join_impl,
    cfg = transition(implementation = _payload_transition_impl, inputs = [], outputs = ["//flags:payload"]),
    attrs = {
        "deps": attr.label_list(allow_files = True),
        "_allowlist_function_transition": attr.label(default = _ALLOWLIST),
    },
)

with_flavor = rule(
    implementation = _join_impl,
    cfg = transition(implementation = _computed_transition_impl, inputs = [], outputs = ["//flags:payload"]),
    attrs = {
        "deps": attr.label_list(allow_files = True),
        "flavor": attr.string(default = "sweet"),
        "_allowlist_function_transition": attr.label(default = _ALLOWLIST),
    },
)

in_two_modes = rule(
    implementation = _join_impl,
    attrs = {
        "deps": attr.label_list(
            allow_files = True,
            cfg = transition(implementation = _split_transition_impl, inputs = [], outputs = ["//flags:mode"]),
        ),
        "_allowlist_function_transition": attr.label(default = _ALLOWLIST),
    },
)
`,
  'rules/toolchain.bzl': ({ comment, code }) => `# Comment ${comment}
def _thing_toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(payload = ctx.file.payload, word = ctx.attr.word)]

thing_toolchain = rule(
    implementation = _thing_toolchain_impl,
    attrs = {"payload": attr.label(allow_single_file = True), "word": attr.string()},
)

def _use_thing_impl(ctx):
    thing = ctx.toolchains["//toolchains:type"]
    out = ctx.actions.declare_file(ctx.label.name + ".thing")
    ctx.actions.run_shell(
        inputs = [thing.payload],
        outputs = [out],
        command = "(echo %s ${code}; cat %s) > %s" % (thing.word, thing.payload.path, out.path),
    )
    return [DefaultInfo(files = depset([out]))]

use_thing = rule(implementation = _use_thing_impl, toolchains = ["//toolchains:type"])
`,
  'ext/read.bzl': ({ comment, code }) => `# Comment ${comment}
def _value_repo_impl(rctx):
    rctx.file("o.txt", rctx.attr.value + "${code}")
    rctx.file("BUILD", 'exports_files(["o.txt"])')

value_repo = repository_rule(implementation = _value_repo_impl, attrs = {"value": attr.string()})

def _values_impl(mctx):
    """Docstring ${comment}."""
    for module in mctx.modules:
        for tag in module.tags.value:
            value_repo(name = tag.name, value = mctx.read(tag.src))

values = module_extension(
    implementation = _values_impl,
    tag_classes = {"value": tag_class(attrs = {"name": attr.string(), "src": attr.label()})},
)
`,
  'ext/direct.bzl': ({ comment, code }) => `# Comment ${comment}
def _file_repo_impl(rctx):
    rctx.file("o.txt", rctx.read(rctx.attr.src) + "${code}")
    rctx.file("BUILD", 'exports_files(["o.txt"])')

file_repo = repository_rule(implementation = _file_repo_impl, attrs = {"src": attr.label()})
`,
};
