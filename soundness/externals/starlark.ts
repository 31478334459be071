/** Starlark files of module extensions, repository rules, local modules and toolchains of other repositories. */
import type { Numbers } from '../starlark.js';

/** Text of a file, by path. What `code` and `value` write changes its length, too. */
export const EXTERNAL_STARLARK: Readonly<Record<string, (numbers: Numbers) => string>> = {
  'deps/hub.bzl': ({ comment, code }) => `# Comment ${comment}
def _spoke_impl(rctx):
    """Docstring ${comment}."""
    rctx.file("lib.txt", "%s %s ${grown(code)}" % (rctx.attr.package, rctx.attr.release))
    rctx.file("BUILD", """filegroup(
    name = "lib",
    srcs = ["lib.txt"] + %s,
    visibility = ["//visibility:public"],
)
""" % json.encode(["@%s//:lib" % dep for dep in rctx.attr.needs]))

_spoke = repository_rule(
    implementation = _spoke_impl,
    attrs = {"package": attr.string(), "release": attr.string(), "needs": attr.string_list()},
)

_ALL = """def hub_files(name, package):
    native.filegroup(name = name, srcs = ["@%s//" + package])
"""

def _hub_impl(rctx):
    rctx.file("BUILD", "")
    rctx.file("all.bzl", _ALL % rctx.attr.hub)
    for package in rctx.attr.packages:
        rctx.file(package + "/BUILD", """alias(
    name = "%s",
    actual = "@%s_%s//:lib",
    visibility = ["//visibility:public"],
)
""" % (package, rctx.attr.hub, package))

_hub = repository_rule(
    implementation = _hub_impl,
    attrs = {"hub": attr.string(), "packages": attr.string_list()},
)

def _entries(text):
    if text.startswith("{"):
        return json.decode(text)["packages"]
    entries = {}
    for line in text.split("\\n"):
        words = line.split("#")[0].strip().split(" ")
        if words != [""]:
            name, _, release = words[0].partition("==")
            entries[name] = {"version": release, "deps": words[1:]}
    return entries

def _packages_impl(mctx):
    for module in mctx.modules:
        for tag in module.tags.parse:
            entries = _entries(mctx.read(tag.lock or tag.version or tag.integrity))
            for name, entry in entries.items():
                _spoke(
                    name = "%s_%s" % (tag.name, name),
                    package = name,
                    release = entry["version"],
                    needs = ["%s_%s" % (tag.name, dep) for dep in entry["deps"]],
                )
            _hub(name = tag.name, hub = tag.name, packages = sorted(entries))

packages = module_extension(
    implementation = _packages_impl,
    tag_classes = {"parse": tag_class(attrs = {
        "name": attr.string(),
        "lock": attr.label(),
        "version": attr.label(),
        "integrity": attr.label(),
    })},
)
`,
  'odd/ext.bzl': ({ comment, code }) => `# Comment ${comment}
def _odd_repo_impl(rctx):
    rctx.file("o.txt", rctx.attr.text + "${grown(code)}" + rctx.read(rctx.attr.strip_prefix))
    rctx.file("BUILD", 'exports_files(["o.txt"])')

_odd_repo = repository_rule(
    implementation = _odd_repo_impl,
    attrs = {"text": attr.string(), "strip_prefix": attr.label()},
)

def _odd_impl(mctx):
    """Docstring ${comment}."""
    for module in mctx.modules:
        for tag in module.tags.it:
            texts = [mctx.read(tag.version)] + [mctx.read(note) for note in tag.features]
            texts += [mctx.read(label) + word for label, word in tag.urls.items()]
            _odd_repo(name = tag.name, text = "".join(texts), strip_prefix = tag.sha256)

odd = module_extension(
    implementation = _odd_impl,
    tag_classes = {"it": tag_class(attrs = {
        "name": attr.string(),
        "version": attr.label(),
        "features": attr.label_list(),
        "urls": attr.label_keyed_string_dict(),
        "sha256": attr.label(),
    })},
)
`,
  'lists/ext.bzl': ({ comment, code }) => `# Comment ${comment}
def _text_repo_impl(rctx):
    rctx.file("o.txt", rctx.attr.text + "${grown(code)}")
    rctx.file("BUILD", 'exports_files(["o.txt"])')

_text_repo = repository_rule(implementation = _text_repo_impl, attrs = {"text": attr.string()})

def _hub_impl(rctx):
    for name in rctx.attr.names:
        rctx.file(name + "/BUILD", """alias(
    name = "%s",
    actual = "@listed_%s//:o.txt",
    visibility = ["//visibility:public"],
)
""" % (name, name))

_hub = repository_rule(implementation = _hub_impl, attrs = {"names": attr.string_list()})

def _names(text):
    if text.startswith("{"):
        return json.decode(text)["files"]
    lines = [line.split("#")[0].strip() for line in text.split("\\n")]
    return [line for line in lines if line]

def _listed_impl(mctx):
    """Docstring ${comment}."""
    for module in mctx.modules:
        for tag in module.tags.files:
            names = []
            for name in _names(mctx.read(tag.manifest)):
                if name.startswith("//"):
                    text = mctx.read(Label(name))
                elif "/" in name:
                    path = mctx.path(tag.manifest).dirname.dirname
                    for part in name.split("/"):
                        path = path.get_child(part)
                    text = mctx.read(path)
                else:
                    text = mctx.read(mctx.path(tag.manifest).dirname.get_child("data").get_child(name))
                names.append(name.split(":")[-1].split("/")[-1].removesuffix(".txt"))
                _text_repo(name = "listed_" + names[-1], text = text)
            _hub(name = "listed", names = names)

listed = module_extension(
    implementation = _listed_impl,
    tag_classes = {"files": tag_class(attrs = {"manifest": attr.label()})},
)
`,
  'repos/files.bzl': ({ comment, code }) => `# Comment ${comment}
def _files_repo_impl(rctx):
    """Docstring ${comment}."""
    repos = rctx.workspace_root.get_child("repos")
    rctx.file("label.txt", rctx.read(rctx.attr.src) + "${grown(code)}")
    rctx.file("path.txt", rctx.read(repos.get_child("by_path.txt")))
    rctx.template("template.txt", rctx.attr.template, {"{NOTE}": rctx.attr.note})
    rctx.symlink(rctx.attr.link, "link.txt")
    rctx.file("patched.txt", "before\\n")
    rctx.patch(rctx.attr.change, strip = 1)
    names = sorted([entry.basename for entry in repos.get_child("folder").readdir()])
    rctx.file("names.txt", " ".join(names))
    tree = repos.get_child("tree")
    rctx.watch_tree(tree)
    found = rctx.execute(["sh", "-c", "find . -type f | sort | xargs cat"], working_directory = str(tree))
    rctx.file("tree.txt", found.stdout)
    rctx.file("BUILD", 'exports_files(glob(["*.txt"]))')

files_repo = repository_rule(
    implementation = _files_repo_impl,
    attrs = {
        "src": attr.label(),
        "template": attr.label(),
        "link": attr.label(),
        "change": attr.label(),
        "note": attr.string(),
    },
)
`,
  'programs/run.bzl': ({ comment, code }) => `# Comment ${comment}
def _program_repo_impl(rctx):
    """Docstring ${comment}."""
    programs = rctx.workspace_root.get_child("programs")
    result = rctx.execute(
        [
            "sh",
            rctx.path(rctx.attr.script),
            rctx.path(rctx.attr.argument),
            programs.get_child("by_path.txt"),
        ],
        environment = {"INPUT": str(programs.get_child("by_environment.txt"))},
        working_directory = str(programs.get_child("folder")),
    )
    if result.return_code != 0:
        fail(result.stderr)
    rctx.file("o.txt", result.stdout + "${grown(code)}")
    rctx.file("BUILD", 'exports_files(["o.txt"])')

program_repo = repository_rule(
    implementation = _program_repo_impl,
    attrs = {"script": attr.label(), "argument": attr.label()},
)
`,
  'paths/ext.bzl': ({ comment, code }) => `# Comment ${comment}
_TABLE = """
first papers/one.txt
second papers/two.txt
"""
_SPLIT = "shards|deep|one.txt"

def _below(path, parts):
    for part in parts:
        path = path.get_child(part)
    return path

def _path_repo_impl(rctx):
    """Docstring ${comment}."""
    root = rctx.workspace_root
    own = rctx.name.replace("+", "~").split("~")[-1]
    rctx.file("own.txt", rctx.read(root.get_child(own).get_child("own.txt")) + "${grown(code)}")
    rctx.file("split.txt", rctx.read(_below(root, _SPLIT.split("|"))))
    for line in _TABLE.split("\\n"):
        key, _, path = line.partition(" ")
        if key == "second":
            rctx.file("table.txt", rctx.read(_below(root, path.split("/"))))
    rctx.file("BUILD", 'exports_files(glob(["*.txt"]))')

_path_repo = repository_rule(implementation = _path_repo_impl)

def _folder_repo_impl(rctx):
    folder = _below(rctx.workspace_root, rctx.attr.folder.split("/"))
    rctx.watch_tree(folder)
    for entry in folder.readdir():
        rctx.symlink(entry, entry.basename)
    rctx.file("BUILD", """filegroup(
    name = "all",
    srcs = glob(["**/*.txt"]),
    visibility = ["//visibility:public"],
)
""")

_folder_repo = repository_rule(implementation = _folder_repo_impl, attrs = {"folder": attr.string()})

def _paths_impl(mctx):
    for module in mctx.modules:
        for tag in module.tags.read:
            _path_repo(name = "shelf")
            for line in mctx.read(tag.manifest).split("\\n"):
                words = line.split("//")[0].strip().split(" ")
                if words[0] == "replace":
                    _folder_repo(name = words[1], folder = words[3].removeprefix("./"))

paths = module_extension(
    implementation = _paths_impl,
    tag_classes = {"read": tag_class(attrs = {"manifest": attr.label()})},
)
`,
  'back/repo.bzl': ({ comment, code }) => `# Comment ${comment}
def _back_repo_impl(rctx):
    """Docstring ${comment}."""
    rctx.file("own.txt", rctx.attr.note + "${grown(code)}")
    rctx.file("BUILD", """filegroup(
    name = "all",
    srcs = ["own.txt", "@@//back:data.txt", "@@//back:lib"],
    visibility = ["//visibility:public"],
)

exports_files(["own.txt"])
""")

back_repo = repository_rule(implementation = _back_repo_impl, attrs = {"note": attr.string()})
`,
  'mods/one/defs.bzl': ({ comment, code }) => `# Comment ${comment}
load(":words.bzl", "WORD")

def one_files(name):
    """Docstring ${comment}."""
    native.genrule(
        name = name,
        outs = [name + ".txt"],
        srcs = ["@one//:seed"],
        cmd = "(echo %s ${grown(code)}; cat $(SRCS)) > $@" % WORD,
    )
`,
  'mods/one/words.bzl': ({ comment, value }) => `# Comment ${comment}
WORD = "word${grown(value)}"
`,
  'mods/two/unused.bzl': ({ comment, value }) => `# Comment ${comment}
UNUSED = ${value}
`,
  'kinds/rule.bzl': ({ comment, code }) => `# Comment ${comment}
def _external_toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(payload = ctx.file.payload, word = ctx.attr.word)]

external_toolchain = rule(
    implementation = _external_toolchain_impl,
    attrs = {"payload": attr.label(allow_single_file = True), "word": attr.string()},
)

def _use_external_impl(ctx):
    thing = ctx.toolchains["//kinds:type"]
    out = ctx.actions.declare_file(ctx.label.name + ".external")
    ctx.actions.run_shell(
        inputs = [thing.payload],
        outputs = [out],
        command = "(echo %s ${code}; cat %s) > %s" % (thing.word, thing.payload.path, out.path),
    )
    return [DefaultInfo(files = depset([out]))]

use_external = rule(implementation = _use_external_impl, toolchains = ["//kinds:type"])
`,
  'kinds/repo.bzl': ({ comment, code }) => `# Comment ${comment}
def _toolchain_repo_impl(rctx):
    rctx.file("payload.txt", rctx.read(rctx.attr.payload) + "${grown(code)}")
    rctx.file("BUILD", """load("@@//kinds:rule.bzl", "external_toolchain")

external_toolchain(name = "thing", payload = "payload.txt", word = "%s")

toolchain(name = "thing_toolchain", toolchain = ":thing", toolchain_type = "@@//kinds:type")
""" % rctx.attr.word)

_toolchain_repo = repository_rule(
    implementation = _toolchain_repo_impl,
    attrs = {"word": attr.string(), "payload": attr.label()},
)

def _chains_impl(mctx):
    """Docstring ${comment}."""
    for module in mctx.modules:
        for tag in module.tags.toolchain:
            _toolchain_repo(name = tag.name, word = tag.word, payload = tag.payload)

chains = module_extension(
    implementation = _chains_impl,
    tag_classes = {"toolchain": tag_class(attrs = {
        "name": attr.string(),
        "word": attr.string(),
        "payload": attr.label(),
    })},
)
`,
};

/** A number whose text has another length than that of the number before. */
function grown(number: number): string {
  return `${number}${'.'.repeat(number % 4)}`;
}
