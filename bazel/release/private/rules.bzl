"""The rules that release: they run steps one after the other, each as `bazel run` would run it."""

load(":step.bzl", "StepInfo", "step_aspect")
load(":words.bzl", "shell_array", "shell_quote")

def _runfiles_path(ctx, file):
    """Returns the path of a file below the runfiles folder of a program."""
    if file.short_path.startswith("../"):
        return file.short_path[len("../"):]
    return ctx.workspace_name + "/" + file.short_path

def _shown(label):
    """Returns the label as a user of the main repository writes it."""
    text = str(label)
    return text[text.index("//"):] if text.startswith("@//") or text.startswith("@@//") else text

def _program(ctx, target):
    """Returns what starts a target as `bazel run` does, as assignments of a shell script."""
    executable = target.files_to_run.executable if target.files_to_run else None
    if not executable or StepInfo not in target:
        fail("%s cannot be run: a step of a release is an executable target, such as an oci_push or a *_binary" % target.label)
    info = target[StepInfo]
    return [
        "label=" + shell_quote(_shown(target.label)),
        "program=" + shell_quote(_runfiles_path(ctx, executable)),
        "environment=(%s)" % shell_array([name + "=" + value for name, value in (info.env | ctx.attr.env).items()]),
        "arguments=(%s)" % shell_array(info.args),
        "place=" + shell_quote(info.publishes),
    ]

def _files_of(target):
    """Returns what has to be there to run a target: it has a runfiles tree of its own, which the manifest makes."""
    runfiles = target[DefaultInfo].default_runfiles
    links = [
        link.target_file
        for links in [runfiles.symlinks, runfiles.root_symlinks]
        for link in links.to_list()
    ]
    own = [target.files_to_run.executable]
    if target.files_to_run.runfiles_manifest:
        own.append(target.files_to_run.runfiles_manifest)
    return depset(own + links, transitive = [runfiles.files])

def _file_lines(ctx, variable, file):
    return [variable + "=" + shell_quote(_runfiles_path(ctx, file) if file else "")]

def _published_lines(ctx, file):
    return _file_lines(ctx, "file", file) + ["shown_file=" + shell_quote(file.short_path)]

def _image_digest(ctx):
    """Returns the file with the digest of the image as it was built; None if the push does not offer it."""
    if ctx.file.image_digest:
        return ctx.file.image_digest
    push = ctx.attr.image_push
    if push and OutputGroupInfo in push and hasattr(push[OutputGroupInfo], "digest"):
        files = push[OutputGroupInfo].digest.to_list()
        return files[0] if len(files) == 1 else None
    return None

def _acts(ctx):
    """Returns what a release does, in order: for each act, the lines of a shell function that describes it."""
    acts = [["kind=run"] + _program(ctx, step) for step in ctx.attr.steps]
    if ctx.attr.image_push:
        acts.append(
            ["kind=push"] + _program(ctx, ctx.attr.image_push) + _file_lines(ctx, "built_digest", _image_digest(ctx)),
        )
    for deployment in ctx.files.deployments:
        acts.append(
            ["kind=deploy"] + _program(ctx, ctx.attr.deployment_publisher) +
            ["image_place=" + shell_quote(ctx.attr.image_push[StepInfo].publishes)] +
            _file_lines(ctx, "built_digest", _image_digest(ctx)) + _published_lines(ctx, deployment),
        )
    if ctx.attr.file:
        look = ctx.attr.digest_at_destination
        acts.append(
            ["kind=publish"] +
            (["look_" + line for line in _program(ctx, look)] if look else ["look_program=''"]) +
            _program(ctx, ctx.attr.file_publisher) +
            _published_lines(ctx, ctx.file.file) +
            ["destination=" + shell_quote(ctx.attr.destination), "versions=" + ctx.attr.versions],
        )
    return acts

def _programs(ctx):
    found = list(ctx.attr.steps)
    for target in [ctx.attr.image_push, ctx.attr.deployment_publisher, ctx.attr.file_publisher, ctx.attr.digest_at_destination]:
        if target:
            found.append(target)
    return found

def _release_impl(ctx):
    acts = _acts(ctx)
    if not acts:
        fail("%s has nothing to release" % ctx.label)
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    functions = ["act_%d() {\n  %s\n}" % (at + 1, "\n  ".join(lines)) for at, lines in enumerate(acts)]
    ctx.actions.expand_template(
        template = ctx.file._launcher,
        output = script,
        substitutions = {
            "%{acts}": "\n\n".join(functions),
            "%{channel}": ctx.attr._channel,
            "%{count}": str(len(acts)),
            "%{label}": shell_quote(_shown(ctx.label)),
            "%{refusal}": shell_quote(ctx.attr.refusal),
            "%{workspace}": shell_quote(ctx.workspace_name),
        },
        is_executable = True,
    )
    files = ctx.files.deployments + ctx.files.file
    digest = _image_digest(ctx)
    if digest:
        files.append(digest)
    return [DefaultInfo(
        executable = script,
        runfiles = ctx.runfiles(
            files = files,
            transitive_files = depset(transitive = [_files_of(target) for target in _programs(ctx)]),
        ),
    )]

def _attributes(channel):
    def program(doc):
        return attr.label(aspects = [step_aspect], cfg = "target", doc = doc)

    return {
        "deployment_publisher": program("Is run once for each of the `deployments`, with the path of the file as its last argument."),
        "deployments": attr.label_list(
            allow_files = True,
            doc = "Templates in which `{{IMAGE}}` stands for the name of the pushed image with its digest, and `{{DIGEST}}` for the digest.",
        ),
        "destination": attr.string(doc = "Where the `file` goes, as the `file_publisher` understands it."),
        "digest_at_destination": program("Is run with the destination as its last argument, and prints the SHA-256 of what is there, or nothing."),
        "env": attr.string_dict(doc = "Variables for all steps."),
        "file": attr.label(allow_single_file = True, doc = "A file that is published."),
        "file_publisher": program("Is run with the path of the `file` and the `destination` as its last arguments."),
        "image_digest": attr.label(allow_single_file = True, doc = "A file with the digest of the image as it was built."),
        "image_push": program("Pushes an image."),
        "refusal": attr.string(doc = "Why the release cannot be run, but only built; empty if it can."),
        "steps": attr.label_list(aspects = [step_aspect], cfg = "target", doc = "Executable targets, which are run in this order."),
        "versions": attr.string(
            default = "immutable",
            values = ["immutable", "mutable"],
            doc = "Whether what is at a destination stays as it is for ever.",
        ),
        "_channel": attr.string(default = channel),
        "_launcher": attr.label(default = Label("//release/private:launcher.sh.tpl"), allow_single_file = True),
    }

artifact_ci_release = rule(
    implementation = _release_impl,
    attrs = _attributes("ci"),
    executable = True,
    doc = "Releases from CI when `bazel run` runs it. Use the macros in defs.bzl.",
)

artifact_dev_release = rule(
    implementation = _release_impl,
    attrs = _attributes("dev"),
    executable = True,
    doc = "Releases from a laptop when `bazel run` runs it. Use the macros in defs.bzl.",
)

def _about_impl(ctx):
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, "#!/bin/sh\ncat <<'END_OF_TEXT'\n%s\nEND_OF_TEXT\n" % ctx.attr.text, is_executable = True)
    releases = [target[DefaultInfo] for target in ctx.attr.releases]
    return [DefaultInfo(
        executable = script,
        runfiles = ctx.runfiles(transitive_files = depset(
            transitive = [each.files for each in releases] + [each.default_runfiles.files for each in releases],
        )),
    )]

release_description = rule(
    implementation = _about_impl,
    attrs = {
        "releases": attr.label_list(doc = "The releases that are described. They are built with the description."),
        "text": attr.string(mandatory = True),
    },
    executable = True,
    doc = "Prints what is released, and how to release it.",
)
