"""Container images, and pushers of them that work as oci_push of rules_oci does.

They stand for a rule set such as rules_oci, so that the example needs no network.
"""

load(":quote.bzl", "shell_array", "shell_quote")

ImageInfo = provider(
    doc = "A container image.",
    fields = {
        "digest": "File with the digest of the manifest.",
        "layout": "Folder with the image, in the OCI image layout.",
    },
)

# The manifest names the config and the layer by their digests, and the index names the manifest.
_MAKE_IMAGE = """
set -euo pipefail
app=$1 layout=$2 digest=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$layout/blobs/sha256" "$work/root/app"

add_blob() {
  sha=$(sha256sum <"$1" | cut -c 1-64)
  size=$(wc -c <"$1")
  mv "$1" "$layout/blobs/sha256/$sha"
}

cp "$app" "$work/root/app/"
# The same app makes the same layer, whenever and by whomever it is built.
tar --create --file="$work/layer" --directory="$work/root" --format=ustar --sort=name --mtime=@0 \
  --owner=0 --group=0 --numeric-owner --mode=755 app
add_blob "$work/layer"
layer='{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:'$sha'","size":'$size'}'

printf '%s' '{"architecture":"amd64","os":"linux","config":{"Entrypoint":["/app/'"${app##*/}"'"]},' \
  '"rootfs":{"type":"layers","diff_ids":["sha256:'"$sha"'"]}}' >"$work/config"
add_blob "$work/config"
config='{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:'$sha'","size":'$size'}'

type=application/vnd.oci.image.manifest.v1+json
printf '%s' '{"schemaVersion":2,"mediaType":"'$type'","config":'"$config"',"layers":['"$layer"']}' >"$work/manifest"
add_blob "$work/manifest"

printf '%s' '{"schemaVersion":2,"manifests":[{"mediaType":"'$type'","digest":"sha256:'$sha'","size":'$size'}]}' \
  >"$layout/index.json"
printf '%s' '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
printf 'sha256:%s' "$sha" >"$digest"
"""

def _image_impl(ctx):
    layout = ctx.actions.declare_directory(ctx.label.name)
    digest = ctx.actions.declare_file(ctx.label.name + ".digest")
    args = ctx.actions.args()
    args.add(ctx.executable.app)
    args.add(layout.path)
    args.add(digest)
    ctx.actions.run_shell(
        outputs = [layout, digest],
        inputs = [ctx.executable.app],
        arguments = [args],
        command = _MAKE_IMAGE,
        mnemonic = "Image",
        progress_message = "Making the image %{label}",
    )
    return [
        DefaultInfo(files = depset([layout])),
        ImageInfo(digest = digest, layout = layout),
    ]

image = rule(
    implementation = _image_impl,
    attrs = {"app": attr.label(mandatory = True, executable = True, cfg = "target", doc = "The program.")},
    provides = [ImageInfo],
    doc = "An image that has one program in it, and no base.",
)

def _image_push_impl(ctx):
    info = ctx.attr.image[ImageInfo]
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.expand_template(
        template = ctx.file._template,
        output = script,
        substitutions = {
            "%{digest}": shell_quote(info.digest.short_path),
            "%{layout}": shell_quote(info.layout.short_path),
            "%{repository}": shell_quote(ctx.attr.repository),
            "%{tags}": shell_array(ctx.attr.remote_tags),
        },
        is_executable = True,
    )
    return [
        DefaultInfo(executable = script, runfiles = ctx.runfiles([info.digest, info.layout])),
        # Here a container_release finds the digest of the image as it was built.
        OutputGroupInfo(digest = depset([info.digest])),
    ]

image_push = rule(
    implementation = _image_push_impl,
    attrs = {
        "image": attr.label(mandatory = True, providers = [ImageInfo], doc = "The image."),
        "remote_tags": attr.string_list(doc = "Tags that the image gets in the registry."),
        "repository": attr.string(mandatory = True, doc = "Where the image goes in the registry."),
        "_template": attr.label(default = "//tools:image_push.sh.tpl", allow_single_file = True),
    },
    executable = True,
    doc = """Pushes an image when `bazel run` runs it, and prints its name and digest.

The variable `REGISTRY` names the registry, such as localhost:5000, and `SKOPEO` the program skopeo. Without a registry, the image
goes as an archive into the example's release folder.""",
)
