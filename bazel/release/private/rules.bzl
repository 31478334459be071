"""The rules that release: they run steps one after the other, each as `bazel run` would run it."""

load(":step.bzl", "StepInfo", "step_aspect")
load(":words.bzl", "shell_array", "shell_quote")

def _shown(label):
    """Returns the label as a user of the main repository writes it."""
    text = str(label)
    return text[text.index("//"):] if text.startswith("@//") or text.startswith("@@//") else text

def _program(ctx, target, link):
    """Returns what starts a target as `bazel run` does.

    Args:
      ctx: the context of the rule.
      target: the target.
      link: the path, below the runfiles of the release, at which the executable is found. It is of the step alone: two targets
        may have executables with the same path, if they are built in two configurations.

    Returns:
      A struct with `lines`, assignments of a shell script, and `links`, as root symlinks of runfiles.
    """
    executable = target.files_to_run.executable if target.files_to_run else None
    if not executable or StepInfo not in target:
        fail("%s cannot be run: a step of a release is an executable target, such as an oci_push or a *_binary" % target.label)
    info = target[StepInfo]
    manifest = target.files_to_run.runfiles_manifest
    return struct(
        lines = [
            "label=" + shell_quote(_shown(target.label)),
            "program=" + shell_quote(link),
            "has_tree=" + ("yes" if manifest and manifest.path.endswith(".runfiles/MANIFEST") else "no"),
            "environment=(%s)" % shell_array([name + "=" + value for name, value in (info.env | ctx.attr.env).items()]),
            "arguments=(%s)" % shell_array(info.args),
        ],
        links = {link: executable},
        shown = _shown(target.label),
        place = info.publishes,
        with_arguments = ", with the arguments " + " ".join(info.args) if info.args else "",
    )

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

def _file(variable, file, link):
    """Returns lines and links as `_program` does, for a file or None."""
    if not file:
        return struct(lines = [variable + "=''"], links = {})
    return struct(lines = [variable + "=" + shell_quote(link)], links = {link: file})

def _step(kind, words, lines, parts):
    """Returns one step: what it does in words, and its lines, which are its own and those that `_program` and `_file` returned."""
    all_lines = ["kind=" + kind, "words=" + shell_quote(words)] + lines
    links = {}
    for part in parts:
        all_lines.extend(part.lines)
        links.update(part.links)
    return struct(lines = all_lines, links = links, words = words)

def _image_digest(ctx):
    """Returns the file with the digest of the image as it was built; None if the push does not offer it."""
    if ctx.file.image_digest:
        return ctx.file.image_digest
    push = ctx.attr.image_push
    if push and OutputGroupInfo in push and hasattr(push[OutputGroupInfo], "digest"):
        files = push[OutputGroupInfo].digest.to_list()
        return files[0] if len(files) == 1 else None
    return None

def _steps(ctx):
    """Returns what a release does, in order: structs with the lines of a shell function that describes it, and its links."""
    folder = "bazel_affected_release/%d/"
    steps = []
    for step in ctx.attr.steps:
        program = _program(ctx, step, folder % len(steps) + "program")
        place = ", which publishes to " + program.place if program.place else ""
        steps.append(_step("run", "runs " + program.shown + place + program.with_arguments, [], [program]))
    if ctx.attr.image_push:
        here = folder % len(steps)
        program = _program(ctx, ctx.attr.image_push, here + "program")
        place = " to " + program.place if program.place else ""
        words = "pushes the image with " + program.shown + place + program.with_arguments
        steps.append(_step("push", words, [], [
            program,
            _file("built_digest", _image_digest(ctx), here + "digest"),
        ]))
    for deployment in ctx.files.deployments:
        here = folder % len(steps)
        place = ctx.attr.image_push[StepInfo].publishes
        program = _program(ctx, ctx.attr.deployment_publisher, here + "program")
        words = "publishes " + deployment.short_path + " with " + program.shown + program.with_arguments
        steps.append(_step("deploy", words, ["image_place=" + shell_quote(place), "shown_file=" + shell_quote(deployment.short_path)], [
            program,
            _file("built_digest", _image_digest(ctx), here + "digest"),
            _file("file", deployment, here + "file/" + deployment.basename),
        ]))
    if ctx.attr.file:
        here = folder % len(steps)
        look = ctx.attr.digest_at_destination
        looking = _program(ctx, look, here + "look") if look else struct(lines = ["program=''"], links = {})
        program = _program(ctx, ctx.attr.file_publisher, here + "program")
        words = "publishes %s to %s with %s%s" % (ctx.file.file.short_path, ctx.attr.destination, program.shown, program.with_arguments)
        steps.append(_step("publish", words, [
            "destination=" + shell_quote(ctx.attr.destination),
            "versions=" + ctx.attr.versions,
            "shown_file=" + shell_quote(ctx.file.file.short_path),
        ], [
            struct(lines = ["look_" + line for line in looking.lines], links = looking.links),
            program,
            _file("file", ctx.file.file, here + "file/" + ctx.file.file.basename),
        ]))
    return steps

def _programs(ctx):
    found = list(ctx.attr.steps)
    for target in [ctx.attr.image_push, ctx.attr.deployment_publisher, ctx.attr.file_publisher, ctx.attr.digest_at_destination]:
        if target:
            found.append(target)
    return found

def _release_impl(ctx):
    steps = _steps(ctx)
    if not steps:
        fail("%s has nothing to release" % ctx.label)
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    functions = ["step_%d() {\n  %s\n}" % (at + 1, "\n  ".join(step.lines)) for at, step in enumerate(steps)]
    links = {}
    for step in steps:
        links.update(step.links)
    ctx.actions.expand_template(
        template = ctx.file._launcher,
        output = script,
        substitutions = {
            "%{channel}": ctx.attr._channel,
            "%{count}": str(len(steps)),
            "%{label}": shell_quote(_shown(ctx.label)),
            "%{refusal}": shell_quote(ctx.attr.refusal),
            "%{workspace}": shell_quote(ctx.workspace_name),
            # It comes last, because a text in it could look like another placeholder.
            "%{steps}": "\n\n".join(functions),  # buildifier: disable=unsorted-dict-items
        },
        is_executable = True,
    )
    dry_run = ctx.actions.declare_file(ctx.label.name + ".dry-run.txt")
    refusal = "It is refused: %s.\n" % ctx.attr.refusal if ctx.attr.refusal else ""
    lines = ["%d. %s\n" % (at + 1, step.words) for at, step in enumerate(steps)]
    ctx.actions.write(dry_run, refusal + "".join(lines))
    return [DefaultInfo(
        executable = script,
        # Where a release is only built, the second one says what it would do.
        files = depset([script, dry_run]),
        runfiles = ctx.runfiles(
            root_symlinks = links,
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
