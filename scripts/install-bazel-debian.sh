#!/bin/bash
# Puts Bazel on a Debian machine that reaches a Debian mirror but not Bazel's own downloads.
#
#   scripts/install-bazel-debian.sh [ROOT [COMMAND]]
#
# ROOT     folder for a small Debian system that holds Bazel (default /opt/bazel7; about 2 GB, 1 to 2 minutes)
# COMMAND  the command that runs it (default /usr/local/bin/bazel)
#
# Only Debian's development suite (sid) has a current Bazel, and its packages would upgrade half of a stable
# system. So it goes into a tree of its own, and COMMAND runs it there with chroot, on the caller's own paths:
# it mounts the machine's folders below ROOT. TO REMOVE ROOT, UNMOUNT THEM FIRST, or the removal takes them along:
#
#   for folder in $(findmnt -rno TARGET | grep "^ROOT/" | sort -r); do umount -l "$folder"; done
#   rm -r --one-file-system ROOT
#   rm /usr/share/bazel /opt/bazel-stub-modules     # links to folders of ROOT
#
# It needs root. Prints the path of COMMAND on stdout, progress on stderr. A tree that is there is kept.
#
# What this Bazel can do: build and test sh_*, genrule, cc_* and Starlark rules; query whatever loads. It
# reaches no registry: further modules come by local_path_override alone.
set -euo pipefail
root=${1:-/opt/bazel7}
command=${2:-/usr/local/bin/bazel}

say() { echo "install-bazel-debian: $*" >&2; }
give_up() {
  say "$1"
  exit 1
}

check_machine() {
  [[ $(uname -s) == Linux ]] && command -v apt-get >/dev/null ||
    give_up 'this is not a Debian machine: it has no apt-get.'
  command -v unshare >/dev/null || give_up 'there is no unshare (package util-linux).'
  [[ $(id -u) == 0 ]] || give_up 'this needs root: it makes a chroot.'
}

# Debian's own packages, their signatures verified, below $root.
install_tree() {
  [[ ! -x $root/usr/bin/bazel ]] || return 0
  local mirror log
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | awk '/\/debian\/?$/ && !seen++')
  [[ -n $mirror ]] || give_up "there is no Debian mirror in apt's configuration."
  command -v debootstrap >/dev/null || {
    say 'installing debootstrap'
    apt-get update -qq >&2
    apt-get install -y -qq --no-install-recommends debootstrap >&2
  }
  say "making a Debian sid tree with Bazel in $root (1 to 2 minutes, 2 GB)"
  log=$(mktemp)
  {
    debootstrap --variant=minbase --keyring=/usr/share/keyrings/debian-archive-keyring.gpg sid "$root" "$mirror" &&
      # Machines with a frozen mirror have apt settings that accept its date; the tree needs them as well.
      { cp -n /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true; } &&
      # The JDK's install scripts read /proc.
      unshare --mount sh -c 'mount --rbind /proc "$1/proc" && exec chroot "$1" sh -c "$2"' sh "$root" '
        export DEBIAN_FRONTEND=noninteractive LC_ALL=C
        apt-get update -qq && apt-get install -y -qq --no-install-recommends bazel-bootstrap zip unzip'
  } >"$log" 2>&1 || {
    cat "$log" >&2
    give_up "the tree could not be made (see above). Before another try, remove it as this script's head says."
  }
  rm -f "$log"
}

# Replaces a file in one step: another process may be reading it.
write_file() {
  local file=$1 unfinished
  mkdir -p "$(dirname "$file")"
  unfinished=$(mktemp "$file.XXXXXX")
  cat >"$unfinished"
  chmod "${2:-644}" "$unfinished"
  mv "$unfinished" "$file"
}

# Bazel's own modules depend on some that Debian does not ship. Nothing here uses them; empty ones will do.
MODULES='apple_support protobuf buildozer zlib'
write_stubs() {
  local stubs=$root/opt/bazel-stub-modules module
  for module in $MODULES; do
    write_file "$stubs/$module/BUILD" </dev/null
    write_file "$stubs/$module/MODULE.bazel" <<<"module(name = \"$module\")"
  done
  write_file "$stubs/buildozer/buildozer_binary.bzl" <<'BZL'
def _repo_impl(rctx):
    rctx.file("BUILD", "exports_files([\"buildozer.exe\"])")
    rctx.file("buildozer.exe", "#!/bin/sh\nexit 1\n", executable = True)

_repo = repository_rule(implementation = _repo_impl)

def _impl(_mctx):
    _repo(name = "buildozer_binary")

buildozer_binary = module_extension(implementation = _impl)
BZL
  # Every test rule depends on the coverage tools, a download: without them, deps() of a test does not load.
  write_file "$stubs/remote_coverage_tools/WORKSPACE" </dev/null
  write_file "$stubs/remote_coverage_tools/BUILD" <<'BUILD'
package(default_visibility = ["//visibility:public"])

filegroup(name = "coverage_report_generator")

filegroup(name = "lcov_merger")
BUILD
  { # Debian's /etc/bazel/bazelrc imports this file.
    for module in $MODULES; do
      echo "common --override_module=$module=/opt/bazel-stub-modules/$module"
    done
    echo 'common --override_repository=bazel_tools~remote_coverage_tools_extension~remote_coverage_tools=/opt/bazel-stub-modules/remote_coverage_tools'
    echo 'common --noenable_workspace'
  } | write_file "$root/etc/bazel.bazelrc"
}

# Debian's jar has no version stamp, so `bazel info release` says "development version".
stamp_version() {
  local jar=$root/usr/share/bazel/A-server.jar folder version
  ! chroot "$root" unzip -l "${jar#"$root"}" build-data.properties >/dev/null 2>&1 || return 0
  version=$(chroot "$root" dpkg-query -W -f '${Version}' bazel-bootstrap | sed 's/[+-].*//')
  folder=$(mktemp -d "$root/tmp/stamp.XXXXXX")
  printf 'build.label=%s\nbuild.target=//src:bazel\nbuild.time=0\nbuild.timestamp=0\nbuild.timestamp.as.int=0\n' \
    "$version" >"$folder/build-data.properties"
  chroot "$root" sh -c 'cd "$1" && zip -q "$2" build-data.properties' sh "${folder#"$root"}" "${jar#"$root"}" >&2
  rm -r "$folder"
}

# Bazel links to its own repositories by their paths in the tree. A program outside, such as a plan, follows these links
# too, and would find nothing.
link_repositories() {
  local folder
  for folder in /usr/share/bazel /opt/bazel-stub-modules; do
    [[ -e $folder ]] || ln -sfn "$root$folder" "$folder"
  done
}

write_command() {
  write_file "$command" 755 <<SH
#!/bin/bash
# Bazel from $root, on the caller's own paths (made by bazel-affected's scripts/install-bazel-debian.sh).
set -euo pipefail
root=$root
SH
  cat >>"$command" <<'SH'
[[ $(id -u) == 0 ]] || { echo "$0: needs root: this Bazel runs in a chroot ($root)" >&2; exit 1; }
# The mounts stay, in the machine's own namespace: from one of its own, a client would not know a running server
# again (it compares /proc/PID/cwd) and would start another with each call.
mount_again() {
  ! mountpoint -q "$root$1" || umount -l "$root$1"
  mkdir -p "$root$1"
  # A slave: what is unmounted below $root stays mounted outside.
  mount --rbind --make-rslave "$1" "$root$1"
}
# Not just whether something is mounted there: it may be what another folder of that name was, before it was removed.
share() {
  mountpoint -q "$root$1" && [[ $1 -ef $root$1 ]] || mount_again "$1"
}
share_folders() {
  local folder path
  for folder in /*; do
    case $folder in
      /bin | /boot | /etc | /lib | /lib32 | /lib64 | /libx32 | /media | /mnt | /opt | /run | /sbin | /srv | /usr | /var) ;;
      *) [[ ! -d $folder || -L $folder ]] || share "$folder" ;;
    esac
  done
  # A workspace or a temporary folder may lie in one of the system's folders: then the part that it is in.
  for path in "$PWD" "${HOME:-/root}" "${TMPDIR:-/tmp}"; do
    [[ -d $path && $path =~ ^(/(media|mnt|opt|run|srv|var)/[^/]+|/usr/src) ]] || continue
    [[ $root/ == "${BASH_REMATCH[1]}"/* ]] || share "${BASH_REMATCH[1]}"
  done
}
{
  flock 9 # two that mount at once would mount twice
  share_folders
} 9>"$root/.shared-folders.lock"
exec chroot "$root" /usr/bin/env LC_ALL=C.UTF-8 PATH="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" \
  /bin/sh -c 'cd "$0" && exec bazel "$@"' "$PWD" "$@"
SH
}

works() { [[ -x $command ]] && "$command" --version >&2; }

check_machine
mkdir -p "$root"
exec 9>"$root/.install.lock"
flock 9 # tests start in parallel, and each may be the first to want Bazel
install_tree
write_stubs # they and the command: always, since an older script may have written what is there
stamp_version
link_repositories
write_command
works || give_up "$command was installed but does not start (see above)."
exec 9>&-
echo "$command"
