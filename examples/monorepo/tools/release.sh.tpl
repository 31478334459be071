#!/bin/bash
# Publishes one artifact by copying it into a folder.
set -euo pipefail

artifact=%{artifact}
destination=${RELEASE_FOLDER:-/tmp/monorepo-releases}/%{destination}
published=$destination/$(basename "$artifact")

mkdir -p "$destination"
# The file is moved into place, so a reader never sees half of it.
unfinished=$(mktemp "$destination/.unfinished.XXXXXX")
trap 'rm -f "$unfinished"' EXIT
cp "$artifact" "$unfinished"
chmod 755 "$unfinished"
mv "$unfinished" "$published"
echo "Released $published"
