"""The macros with which BUILD files declare releases."""

load(":rules.bzl", "artifact_ci_release", "artifact_dev_release", "release_description")

def _release(name, what, ci, dev, dev_attribute, common):
    """Makes the three targets of a release.

    Args:
      name: the name of the release.
      what: what is released, in words.
      ci: the attributes of the release of CI.
      dev: the attributes of the release from a laptop; None if there is none.
      dev_attribute: the attribute of the macro without which there is none.
      common: attributes of all three targets, such as tags.
    """
    refusal = "" if dev != None else (
        "it has no %s, and what CI releases is not released from a laptop" % dev_attribute
    )
    artifact_ci_release(name = name + ".ci", **(ci | common))

    # A release that is refused would only fail where all releases of a laptop run.
    dev_common = common if dev != None else common | {"tags": (common.get("tags") or []) + ["manual"]}
    artifact_dev_release(name = name + ".dev", refusal = refusal, **((ci if dev == None else dev) | dev_common))
    label = "//%s:%s" % (native.package_name(), name)
    lines = [
        "%s releases %s." % (label, what),
        "",
        "  bazel run %s.dev              releases from this machine%s" % (label, " (refused: %s)" % refusal if refusal else ""),
        "  bazel run %s.dev -- --dry-run says what it would do, and does nothing" % label,
        "  bazel run %s.ci -- --dry-run  the same of the release that CI makes" % label,
        "",
        "CI runs %s.ci." % label,
    ]
    release_description(
        name = name,
        releases = [":%s.ci" % name, ":%s.dev" % name],
        text = "\n".join(lines),
        **common
    )

def artifact_release(name, steps, dev_steps = None, env = {}, **kwargs):
    """Declares a release that runs some targets one after the other, until one fails.

    Each step runs as `bazel run` would run it: in a runfiles tree of its own, with its `args` and its environment.

    Args:
      name: makes the targets `<name>`, `<name>.ci` and `<name>.dev`.
      steps: executable targets, such as an `oci_push`, a publisher of a package or any `*_binary`.
      dev_steps: what a release from a laptop runs instead. Without them it is refused.
      env: variables for all steps.
      **kwargs: attributes that all rules have, such as tags and visibility.
    """
    _release(
        name,
        "%d step%s" % (len(steps), "" if len(steps) == 1 else "s"),
        {"env": env, "steps": steps},
        None if dev_steps == None else {"env": env, "steps": dev_steps},
        "dev_steps",
        kwargs,
    )

def container_release(
        name,
        image_push,
        deployments = [],
        deployment_publisher = None,
        image_digest = None,
        dev_image_push = None,
        dev_deployment_publisher = None,
        env = {},
        **kwargs):
    """Declares a release that pushes an image, and then publishes deployment files that name it by its digest.

    The digest is what the push says: its file BAZEL_AFFECTED_STEP_RESULT, else the first line of its standard output that is
    `name@sha256:…`, else the digest of the image as it was built. If two of these differ, or there is none, no deployment is
    published.

    Args:
      name: makes the targets `<name>`, `<name>.ci` and `<name>.dev`.
      image_push: pushes the image, such as an `oci_push`.
      deployments: templates with `{{IMAGE}}` or `{{DIGEST}}`.
      deployment_publisher: an executable target that is run with the path of each file, in which the digest is filled in.
      image_digest: a file with the digest of the image as it was built. By default, the output group `digest` of image_push.
      dev_image_push: pushes the image from a laptop. Without it, such a release is refused.
      dev_deployment_publisher: publishes the files from a laptop. Without it, such a release only pushes the image.
      env: variables for all steps.
      **kwargs: attributes that all rules have, such as tags and visibility.
    """
    if deployments and not deployment_publisher:
        fail("container_release %s has deployments, but no deployment_publisher that publishes them" % name)
    digest = {"image_digest": image_digest} if image_digest else {}

    def attributes(push, publisher):
        files = {"deployment_publisher": publisher, "deployments": deployments} if publisher else {}
        return {"env": env, "image_push": push} | digest | files

    _release(
        name,
        "an image" + (" and %d deployment file%s" % (len(deployments), "" if len(deployments) == 1 else "s") if deployments else ""),
        attributes(image_push, deployment_publisher),
        None if dev_image_push == None else attributes(dev_image_push, dev_deployment_publisher),
        "dev_image_push",
        kwargs,
    )

def file_release(
        name,
        file,
        publisher,
        destination,
        versions = "immutable",
        digest_at_destination = None,
        dev_destination = None,
        env = {},
        **kwargs):
    """Declares a release that publishes a file, such as a jar, a tarball or a wheel.

    Args:
      name: makes the targets `<name>`, `<name>.ci` and `<name>.dev`.
      file: what is published.
      publisher: an executable target that is run with the path of the file and the destination.
      destination: where the file goes, as the publisher understands it.
      versions: "immutable" if what is at a destination stays as it is for ever, else "mutable". If it is immutable and the same
        content is there already, the file counts as released. If something else is there, the release fails.
      digest_at_destination: an executable target that is run with the destination, and prints the SHA-256 of what is there, or
        nothing. Without it, it is unknown what is there, and the publisher decides.
      dev_destination: where the file goes from a laptop. Without it, such a release is refused.
      env: variables for all steps.
      **kwargs: attributes that all rules have, such as tags and visibility.
    """
    common = {"env": env, "file": file, "file_publisher": publisher, "versions": versions}
    if digest_at_destination:
        common["digest_at_destination"] = digest_at_destination
    _release(
        name,
        "a file",
        common | {"destination": destination},
        None if dev_destination == None else common | {"destination": dev_destination},
        "dev_destination",
        kwargs,
    )
