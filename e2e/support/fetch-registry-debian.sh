#!/bin/bash
# Puts docker-registry and skopeo, as the machine's distribution packages them, into a folder.
#
#   e2e/support/fetch-registry-debian.sh FOLDER
#
# The programs are not installed: they are unpacked with all their libraries, down to the loader, and FOLDER/skopeo and
# FOLDER/docker-registry start them with these. So they run wherever the folder is seen, also in the chroot of Debian's Bazel,
# which has other libraries. It needs no root. A folder that is there is kept.
set -euo pipefail
folder=$1

give_up() {
  echo "fetch-registry-debian: $1" >&2
  exit 1
}

[[ ! -e $folder ]] || exit 0
{ command -v apt-get && command -v dpkg; } >/dev/null ||
  give_up 'docker-registry and skopeo come from packages of Debian or Ubuntu, and this machine has no apt-get or no dpkg.'

mkdir -p "$(dirname "$folder")"
work=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,cache/archives/partial,result/lib}
apt() {
  # Without the status of the machine, all that the packages need is downloaded, as on a machine that has nothing.
  apt-get -q -o Dir::State::lists="$work/lists" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none "$@"
}
{ apt update && apt install -y --no-install-recommends --download-only docker-registry skopeo; } >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  give_up 'the packages docker-registry and skopeo cannot be had (see above).'
}
for package in "$work"/cache/archives/*.deb; do dpkg -x "$package" "$work/tree"; done

shopt -s nullglob
loaders=("$work"/tree/{,usr/}lib/*-linux-*/ld-linux*.so.*)
[[ ${#loaders[@]} != 0 ]] || give_up 'the packages have no loader of programs (ld-linux….so).'
library_path=$(printf ':%s' "$work"/tree/{,usr/}lib/*-linux-*)
cp -L "${loaders[0]}" "$work/result/lib/loader"
for program in docker-registry skopeo; do
  cp "$work/tree/usr/bin/$program" "$work/result/lib/$program"
  libraries=$("${loaders[0]}" --library-path "${library_path#:}" --list "$work/tree/usr/bin/$program" |
    awk -v tree="$work/tree/" 'index($3, tree) == 1 { print $3 }')
  for library in $libraries; do cp -L "$library" "$work/result/lib/"; done
done
echo '{"default": [{"type": "insecureAcceptAnything"}]}' >"$work/result/policy.json"

# write_program NAME OPTION…: options are read by a shell, in which $here is the folder.
write_program() {
  cat >"$work/result/$1" <<SH
#!/bin/sh
here=\$(cd "\$(dirname "\$0")" && pwd)
exec "\$here/lib/loader" --library-path "\$here/lib" "\$here/lib/$1" ${*:2} "\$@"
SH
  chmod 755 "$work/result/$1"
}
write_program docker-registry
write_program skopeo '--policy "$here/policy.json"'
"$work/result/docker-registry" --version >&2 && "$work/result/skopeo" --version >&2 ||
  give_up 'the programs were unpacked but do not start (see above).'
# Tests that run at the same time may both have got here.
mv -T "$work/result" "$folder" 2>/dev/null || [[ -e $folder ]]
