#!/bin/bash
# Puts Debian's packages of Bazel rule sets into a folder.
#
#   e2e/support/fetch-rule-sets-debian.sh FOLDER PACKAGE…
#
# Only Debian's development suite (sid) has them, and they are files alone, so they are unpacked and not installed: apt
# asks the machine's mirror with lists of its own, below FOLDER. It needs no root. A folder that is complete is kept.
set -euo pipefail
folder=$1
shift

give_up() {
  echo "fetch-rule-sets-debian: $1" >&2
  exit 1
}

[[ ! -e $folder/complete ]] || exit 0
command -v apt-get dpkg >/dev/null || give_up 'this is not a Debian machine: it has no apt-get.'
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | awk '/\/debian\/?$/ && !seen++')
[[ -n $mirror ]] || give_up "there is no Debian mirror in apt's configuration."

mkdir -p "$folder"/{lists/partial,cache/archives/partial,debs}
folder=$(cd "$folder" && pwd)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$folder/sources.list"
apt() {
  (cd "$folder/debs" && apt-get -q \
    -o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=/nonexistent \
    -o Dir::State::lists="$folder/lists" -o Dir::Cache="$folder/cache" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none "$@")
}
{ apt update && apt download "$@"; } >"$folder/log" 2>&1 || {
  cat "$folder/log" >&2
  give_up "Debian's packages cannot be had (see above): $*"
}
for package in "$folder"/debs/*.deb; do dpkg -x "$package" "$folder/tree"; done
rm -r "$folder"/{lists,cache,debs}
touch "$folder/complete"
