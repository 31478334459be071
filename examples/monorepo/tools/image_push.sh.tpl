#!/bin/bash
# Pushes an image as oci_push of rules_oci does: first by its digest, then its tags. It prints the name with the digest.
set -euo pipefail

layout=%{layout}
repository=%{repository}
tags=(%{tags})
digest=$(cat %{digest})

while [[ $# -gt 0 ]]; do
  case $1 in
    --repository | -r) repository=$2 && shift 2 ;;
    --repository=*) repository=${1#*=} && shift ;;
    --tag | -t) tags+=("$2") && shift 2 ;;
    --tag=*) tags+=("${1#*=}") && shift ;;
    *)
      echo "image_push: unknown argument $1" >&2
      exit 2
      ;;
  esac
done

# copy_to REFERENCE: copies the image into the registry. Standard output is for the name and the digest alone.
copy_to() {
  local options=(--preserve-digests)
  # As docker and crane do, for registries on this machine.
  [[ ! $REGISTRY =~ ^(localhost|127\.0\.0\.1)(:|$) ]] || options+=(--dest-tls-verify=false)
  "${SKOPEO:-skopeo}" copy "${options[@]}" "oci:$layout" "docker://$REGISTRY/$repository$1" >&2
}

# Makes an archive of the image. It is moved into place, so a reader never sees half of it.
archive() {
  local archive=${RELEASE_FOLDER:-/tmp/monorepo-releases}/images/$repository.tar unfinished
  mkdir -p "$(dirname "$archive")"
  unfinished=$(mktemp "$archive.XXXXXX")
  tar --create --dereference --file="$unfinished" --directory="$layout" .
  mv "$unfinished" "$archive"
  echo "No REGISTRY is set, so the image is in $archive" >&2
}

if [[ -n ${REGISTRY:-} ]]; then
  copy_to "@$digest"
  for tag in ${tags[@]+"${tags[@]}"}; do copy_to ":$tag"; done
  echo "$REGISTRY/$repository@$digest"
else
  archive
  echo "localhost/$repository@$digest"
fi
