"""How `bazel run` would run a target: with its `args` and its environment, which a program that only starts it loses."""

load(":words.bzl", "split_words")

StepInfo = provider(
    doc = "How `bazel run` would run an executable target.",
    fields = {
        "args": "list of strings: its arguments, as words.",
        "env": "dict of strings: the variables that it sets.",
        "publishes": "string: where it publishes, as its own attributes say; empty if they do not.",
    },
)

# Attributes with targets that `$(location …)` in `args` and `env` may name.
_LOCATED = ["srcs", "data", "deps", "tools"]

# Rules of Bazel itself, of which it takes `env` without a provider. Other rules offer RunEnvironmentInfo.
_WITH_ENV = [language + suffix for language in ["cc", "java", "py", "sh"] for suffix in ["_binary", "_test"]]

# Attributes of public pushers that say where they publish: rules_oci, rules_img, rules_helm, rules_docker.
_PLACES = ["registry", "repository", "repository_file", "repository_url"]

def _located(ctx):
    found = {}
    for name in _LOCATED:
        value = getattr(ctx.rule.attr, name, None)
        for target in value if type(value) == type([]) else []:
            if type(target) == "Target":
                found[target.label] = target
    return found.values()

def _expanded(ctx, attribute, text, targets):
    if "$" not in text:
        return text

    # In `args` and `env` of an executable, `$(location)` is a path below its runfiles.
    rooted = text.replace("$(location ", "$(rootpath ").replace("$(locations ", "$(rootpaths ")
    return ctx.expand_make_variables(attribute, ctx.expand_location(rooted, targets), {})

def _args(ctx, targets):
    words = []
    value = getattr(ctx.rule.attr, "args", None)
    for text in value if type(value) == type([]) else []:
        words.extend(split_words(_expanded(ctx, "args", text, targets)))
    return words

def _env(target, ctx, targets):
    if RunEnvironmentInfo in target:
        return target[RunEnvironmentInfo].environment
    value = getattr(ctx.rule.attr, "env", None)
    if ctx.rule.kind not in _WITH_ENV or type(value) != type({}):
        return {}
    return {name: _expanded(ctx, "env", text, targets) for name, text in value.items()}

def _publishes(ctx, args):
    # Arguments of pushers override their attributes.
    if [arg for arg in args if arg.startswith("-r") or arg.startswith("--repository") or arg.startswith("--registry")]:
        return ""
    parts = []
    for name in _PLACES:
        value = getattr(ctx.rule.attr, name, None)
        if type(value) == "string" and value:
            parts.append(value)
        elif type(value) == "Target":
            parts.append("(as %s says)" % value.label)
    return "/".join(parts)

def _step_aspect_impl(target, ctx):
    if StepInfo in target or not target.files_to_run or not target.files_to_run.executable:
        return []
    targets = _located(ctx)
    args = _args(ctx, targets)
    return [StepInfo(
        args = args,
        env = _env(target, ctx, targets),
        publishes = _publishes(ctx, args),
    )]

step_aspect = aspect(
    implementation = _step_aspect_impl,
    doc = "Reads how `bazel run` would run a target.",
)
