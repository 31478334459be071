#!/usr/bin/env bash
# Runs the steps of a release one after the other. Made by the rules of bazel_affected; see docs/releases.md.
set -u -o pipefail

release=%{label}
channel=%{channel}
count=%{count}
refusal=%{refusal}
workspace=%{workspace}

# Each function describes a step with variables: what to do, the program that does it, and how bazel run would run that.
%{steps}

# Tells how to call this, on standard error.
usage() {
  cat >&2 <<END_OF_TEXT
Usage: bazel run $release -- [--dry-run] [--only STEP]

  --dry-run    says what each step would publish, and runs nothing
  --only STEP  runs one step: its number, its label, or the name in its label
END_OF_TEXT
}

# Ends the release with a message. @param 2: the exit code
stop() {
  if [[ -n $started ]]; then
    if [[ -n $step_started ]]; then
      note_step "${2:-1}"
      note_subjects
    fi
    write_receipt failed 2>/dev/null
  fi
  printf 'error: %s: %s\n' "$release" "$1" >&2
  exit "${2:-1}"
}

now() {
  date -u +%Y-%m-%dT%H:%M:%SZ
}

# Prints a text as a JSON string.
json() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\t'/\\t}
  text=${text//$'\r'/\\r}
  printf '"%s"' "$(printf '%s' "$text" | LC_ALL=C tr -d '\000-\037')"
}

sha256_of() {
  if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -c 1-64
}

# Sets `found` to the path of a program as Bazel built it: its own runfiles tree lies beside it.
find_program() {
  local link="$runfiles/$1"
  [[ -e $link ]] || stop "the step $label is missing: $1 is not there. Build the release again"
  if [[ -L $link ]]; then found=$(readlink "$link"); else found=$link; fi
  [[ $found == /* ]] || found="$(dirname "$link")/$found"
  [[ -x $found ]] || stop "the step $label is not executable: $found"
  # Without a link to it, the tree may be that of an earlier build, with other files.
  [[ $has_tree == yes && -d $found.runfiles ]] ||
    stop "the step $label has no runfiles tree beside $found: do not use --nobuild_runfile_links for releases"
}

# Runs a program as `bazel run` does: in its own runfiles tree, with its own arguments and variables, and with more arguments.
run_program() {
  local found
  find_program "$program"
  local folder="$found.runfiles/$workspace"
  [[ -d $folder ]] || folder="$found.runfiles"
  (
    cd "$folder" || exit 1
    unset JAVA_RUNFILES RUNFILES_DIR RUNFILES_MANIFEST_FILE RUNFILES_MANIFEST_ONLY TEST_SRCDIR BAZEL_AFFECTED_RECEIPT
    export BAZEL_AFFECTED_STEP_RESULT="$work/result"
    # env would take a path with a = for a variable.
    exec env ${environment[@]+"${environment[@]}"} "$BASH" -c 'exec "$@"' bash "$found" ${arguments[@]+"${arguments[@]}"} "$@"
  )
}

# Runs a program as above, shows what it prints, and sets `subjects` to what it says that it published.
run_step() {
  local found
  find_program "$program"
  rm -f "$work/result" "$work/output"
  run_program "$@" | tee "$work/output"
  local status=${PIPESTATUS[0]} said printed=
  said=$(subjects_in "$work/result")
  # What publishes a deployment or a file may show references that others published.
  [[ $kind != run && $kind != push ]] || printed=$(subjects_in "$work/output")
  subjects=${said:-$printed}
  return "$status"
}

# Prints the lines of a file that are the name of an image and its digest.
subjects_in() {
  [[ -f $1 ]] || return 0
  LC_ALL=C tr -d '\r' <"$1" | grep -E '^[A-Za-z0-9._:/-]+@sha256:[0-9a-f]{64}$' || true
}

# Prints the first subject of a file.
first_in() {
  subjects_in "$1" | head -n 1
}

# Finds out which image was pushed. It sets `image` (name and digest) and `digest`.
learn_image() {
  local said printed built
  said=$(first_in "$work/result")
  printed=$(first_in "$work/output")
  built=$(digest_as_built)
  image=${said:-$printed}
  digest=${image##*@}
  local other
  for other in "${said##*@}" "${printed##*@}" "$built"; do
    [[ -n $other ]] || continue
    digest=${digest:-$other}
    [[ $other == "$digest" ]] || stop "it is unclear which image was pushed: $label says $digest, and $other. No deployment was published"
  done
}

digest_as_built() {
  [[ -n $built_digest ]] || return 0
  local found_digest
  found_digest=$(grep -oE '[0-9a-f]{64}' "$runfiles/$built_digest" | head -n 1)
  [[ -n $found_digest ]] || return
  printf 'sha256:%s' "$found_digest"
}

push_image() {
  digest_as_built >/dev/null || stop "the file with the digest of the image as it was built has none, so nothing was pushed"
  run_step || return
  learn_image
}

# Publishes a deployment file with the digest of the image.
publish_deployment() {
  # If only this step runs, the image is the one that was built.
  digest=${digest:-$(digest_as_built)}
  [[ -n $digest ]] || stop "the digest of the pushed image is unknown, so $shown_file is not published: the push has to print it as name@sha256:…, or give image_digest"
  local source="$runfiles/$file"
  [[ -f $source ]] || stop "the deployment file $shown_file is missing"
  grep -qE '\{\{(IMAGE|DIGEST)\}\}' "$source" || stop "the deployment file $shown_file names no image: write {{IMAGE}} or {{DIGEST}} where it belongs"
  if [[ -z $image && $image_place =~ ^[A-Za-z0-9._:/-]+$ ]]; then image="$image_place@$digest"; fi
  if [[ -z $image ]] && grep -qF '{{IMAGE}}' "$source"; then
    stop "the name of the pushed image is unknown, so {{IMAGE}} in $shown_file stands for nothing: write {{DIGEST}}, with the name before it"
  fi
  local rendered
  rendered="$work/deployments/$(basename "$file")"
  mkdir -p "$work/deployments"
  sed -e "s|{{IMAGE}}|$image|g" -e "s|{{DIGEST}}|$digest|g" "$source" >"$rendered" || return
  run_step "$rendered"
}

# Publishes a file, unless the same content is there already and stays for ever.
publish_file() {
  local source="$runfiles/$file" own there
  [[ -f $source ]] || stop "the file $shown_file is missing"
  own=$(sha256_of "$source")
  [[ ${#own} == 64 ]] || stop "the digest of $shown_file cannot be computed: neither sha256sum nor shasum works"
  there=$(digest_there) || stop "it cannot be found out what is at $destination: $look_label failed, or did not print one SHA-256"
  if [[ $versions == immutable && -n $there ]]; then
    [[ $there == "$own" ]] || stop "another content is at $destination, and versions are immutable: it has the digest sha256:$there, and the file sha256:$own. Give the file another version"
    note="was there already"
  else
    run_step "$source" "$destination" || return
  fi
  subjects="$destination@sha256:$own"
}

# Prints the digest of what is at the destination; nothing if nothing is there, or that is unknown.
digest_there() {
  [[ -n $look_program ]] || return 0
  local label=$look_label program=$look_program has_tree=$look_has_tree
  local environment=(${look_environment[@]+"${look_environment[@]}"}) arguments=(${look_arguments[@]+"${look_arguments[@]}"})
  local printed
  printed=$(run_program "$destination") || return
  [[ $printed =~ [^[:space:]] ]] || return 0
  local digests
  digests=$(printf '%s' "$printed" | tr 'A-F' 'a-f' | grep -oE '[0-9a-f]{64}' | sort -u)
  [[ ${#digests} == 64 ]] || return
  printf '%s' "$digests"
}

do_step() {
  case $kind in
    run) run_step ;;
    push) push_image ;;
    deploy) publish_deployment ;;
    publish) publish_file ;;
  esac
}

# Writes the receipt, if somebody wants one. @param outcome: running, released, failed
write_receipt() {
  [[ -n ${BAZEL_AFFECTED_RECEIPT:-} ]] || return 0
  local part="$BAZEL_AFFECTED_RECEIPT.part"
  {
    printf '{\n  "version": 1,\n  "label": %s,\n  "channel": "%s",\n  "outcome": "%s",\n' "$(json "$release")" "$channel" "$1"
    printf '  "commit": %s,\n' "$(json_or_null "${BAZEL_AFFECTED_COMMIT:-}")"
    printf '  "only": %s,\n' "$(json_or_null "$only")"
    printf '  "contentDigest": %s,\n' "$(json_or_null "${BAZEL_AFFECTED_CONTENT_DIGEST:-}")"
    printf '  "started": "%s",\n  "ended": "%s",\n' "$started" "$(now)"
    printf '  "steps": [%s],\n  "subjects": [%s]\n}\n' "$receipt_steps" "$receipt_subjects"
  } >"$part" && mv -f "$part" "$BAZEL_AFFECTED_RECEIPT"
}

json_or_null() {
  if [[ -n $1 ]]; then json "$1"; else printf null; fi
}

# Adds a step to the receipt.
note_step() {
  local entry
  entry="{\"label\": $(json "$label"), \"does\": \"$kind\", \"started\": \"$step_started\", \"ended\": \"$(now)\", \"exitCode\": $1, \"note\": $(json_or_null "$note")}"
  receipt_steps="${receipt_steps:+$receipt_steps, }$entry"
}

# Adds to the receipt what a step published.
note_subjects() {
  local subject as=oci
  [[ $kind != publish ]] || as=file
  while IFS= read -r subject; do
    [[ -n $subject ]] || continue
    local name=${subject%@*}
    # The tag of an image is no part of its name; the port of a registry is.
    [[ $kind == publish || ${name##*/} != *:* ]] || name=${name%:*}
    subject="{\"name\": $(json "$name"), \"digest\": \"${subject##*@}\", \"kind\": \"$as\"}"
    receipt_subjects="${receipt_subjects:+$receipt_subjects, }$subject"
  done <<<"$(printf '%s\n' "$subjects" | awk '!seen[$0]++')"
}

is_chosen() {
  [[ -z $only || $only == "$1" || $only == "$label" || $only == "${label##*[:/]}" ]]
}

describe() {
  kind='' words='' label='' program='' has_tree=no image_place='' file='' shown_file='' built_digest='' destination='' versions='' look_program='' look_label='' look_has_tree=no note=''
  environment=() arguments=() look_environment=() look_arguments=()
  subjects=''
  "step_$1"
}

dry_run=no
only=
started=
step_started=
while [[ $# -gt 0 ]]; do
  case $1 in
    --dry-run) dry_run=yes ;;
    --only)
      [[ $# -gt 1 ]] || { usage; stop 'the option --only needs a step' 2; }
      only=$2
      shift
      [[ -n $only ]] || stop 'the option --only needs a step' 2
      ;;
    --only=*)
      only=${1#--only=}
      [[ -n $only ]] || stop 'the option --only needs a step' 2
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      usage
      stop "unknown argument $1. Arguments are never handed to the steps: write those of a step into its BUILD file" 2
      ;;
  esac
  shift
done

runfiles=$0.runfiles
[[ -d $runfiles ]] || runfiles=${RUNFILES_DIR:-$(cd .. && pwd)}

chosen=0
steps=
for ((at = 1; at <= count; at++)); do
  describe "$at"
  steps="${steps:+$steps, }$at. $label"
  ! is_chosen "$at" || chosen=$((chosen + 1))
done
[[ $chosen -gt 0 ]] || stop "there is no step $only. The steps are: $steps" 2
[[ -z $only || $chosen == 1 ]] || stop "$chosen steps are called $only: give the number of one. The steps are: $steps" 2

if [[ $dry_run == yes ]]; then
  printf 'Dry run of %s: nothing runs.\n' "$release"
  [[ -z $refusal ]] || printf 'Without --dry-run it is refused: %s.\n' "$refusal"
  for ((at = 1; at <= count; at++)); do
    describe "$at"
    ! is_chosen "$at" || printf '%d. %s\n' "$at" "$words"
  done
  exit 0
fi

[[ -z $refusal ]] || stop "$refusal"

work=$(mktemp -d) || stop 'no temporary folder can be made'
trap 'rm -rf "$work"' EXIT
# A step that ends with success in spite of the signal must not be followed by another one.
trap 'stop "stopped by a signal. Later steps did not run" 130' INT TERM HUP
started=$(now)
receipt_steps=
receipt_subjects=
image=
digest=
write_receipt running || stop "the receipt $BAZEL_AFFECTED_RECEIPT cannot be written, so nothing was released"

for ((at = 1; at <= count; at++)); do
  describe "$at"
  is_chosen "$at" || continue
  step_started=$(now)
  printf 'Step %d of %d %s\n' "$at" "$count" "$words" >&2
  do_step
  status=$?
  [[ $status == 0 ]] ||
    stop "step $at, $label, ended with exit code $status. $((count - at)) later steps did not run" "$status"
  note_step 0
  note_subjects
  step_started=
  write_receipt running || stop "the receipt $BAZEL_AFFECTED_RECEIPT cannot be written any more"
done

write_receipt released || stop "the receipt $BAZEL_AFFECTED_RECEIPT cannot be written any more"
