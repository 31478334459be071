#!/usr/bin/env bash
# Records the build event streams in __tests__/formats/streams from a real Bazel, on a workspace made for it.
# Usage: scripts/record-build-events.sh      (BAZEL=path/to/bazel, default: bazel from the PATH)
set -euo pipefail
cd "$(dirname "$0")/.."
bazel=${BAZEL:-bazel}
node=$PWD/node_modules/.bin/node
streams=$PWD/__tests__/formats/streams
room=$(mktemp -d)
workspace=$room/workspace
mkdir -p "$workspace/missing_dep" "$workspace/incompatible" "$workspace/odd" "$workspace/library" "$streams"

run_bazel() {
  (cd "$workspace" && "$bazel" --output_base="$room/output_base" --max_idle_secs=60 "$@")
}
trap 'run_bazel shutdown >/dev/null 2>&1 || true; chmod -R u+w "$room"; rm -rf "$room"' EXIT

echo 'bazel_dep(name = "platforms", version = "0.0.11")' >"$workspace/MODULE.bazel"
cat >"$workspace/BUILD" <<'BUILD'
sh_test(name = "pass_test", srcs = ["pass.sh"])
sh_test(name = "fail_test", srcs = ["fail.sh"])
sh_test(name = "flaky_test", srcs = ["flaky.sh"], flaky = True, tags = ["no-sandbox"])
sh_test(name = "slow_test", srcs = ["slow.sh"])
sh_test(name = "sharded_test", srcs = ["sharded.sh"], shard_count = 3)
sh_test(name = "broken_test", srcs = ["pass.sh"], data = [":broken"])
genrule(name = "broken", outs = ["broken.txt"], cmd = "echo the compiler says no >&2; exit 3")
genrule(name = "fine", outs = ["fine.txt"], cmd = "echo fine >$@")
exports_files(["pass.sh"])
BUILD
echo 'sh_test(name = "missing_dep_test", srcs = ["//:pass.sh"], data = ["//missing:dep"])' >"$workspace/missing_dep/BUILD"
echo 'sh_test(name = "incompatible_test", srcs = ["//:pass.sh"], target_compatible_with = ["@platforms//:incompatible"])' \
  >"$workspace/incompatible/BUILD"
echo 'genrule(name = "café", outs = ["out.txt"], cmd = "echo >$@")' >"$workspace/odd/BUILD"
echo 'filegroup(name = "library")' >"$workspace/library/BUILD"
echo 'exit 0' >"$workspace/pass.sh"
printf 'printf "\\033[31mexpected 1, got 2\\033[0m\\n"; exit 1\n' >"$workspace/fail.sh"
printf 'if [ -e "%s/ran" ]; then exit 0; fi; touch "%s/ran"; echo first attempt; exit 1\n' "$room" "$room" >"$workspace/flaky.sh"
echo 'sleep 60' >"$workspace/slow.sh"
echo 'touch "$TEST_SHARD_STATUS_FILE"; echo "shard $TEST_SHARD_INDEX"; [ "$TEST_SHARD_INDEX" != 1 ]' >"$workspace/sharded.sh"
chmod +x "$workspace"/*.sh

# Puts fixed names in place of this machine's paths, and drops what describes the machine and not the build.
scrub() {
  ROOM=$room "$node" --input-type=module -e '
    import { readFileSync, writeFileSync } from "node:fs";
    const [from, to] = process.argv.slice(1);
    const machine = ["unstructuredCommandLine", "structuredCommandLine", "optionsParsed", "options",
      "workspaceStatus", "buildMetrics", "buildToolLogs", "configuration", "convenienceSymlinksIdentified"];
    const scrubbed = (line) => {
      let event;
      try { event = JSON.parse(line); } catch { return line; }
      for (const name of machine) delete event[name];
      if (event.started) event.started = { uuid: event.started.uuid, buildToolVersion: event.started.buildToolVersion, command: event.started.command };
      return JSON.stringify(event);
    };
    const text = readFileSync(from, "utf8").split("\n").map(scrubbed).join("\n");
    const plain = text.replaceAll(process.env.ROOM, "/room").replace(/"hostname":"[^"]*"/g, "\"hostname\":\"host\"");
    writeFileSync(to, plain);
  ' "$room/events" "$streams/$1.jsonl"
}

# record <name> <expected exit code> <bazel arguments>
record() {
  local name=$1 expected=$2 code=0
  shift 2
  run_bazel "$@" --keep_going --skip_incompatible_explicit_targets --color=no --curses=no \
    --build_event_json_file="$room/events" >"$room/log" 2>&1 || code=$?
  if [ "$code" != "$expected" ]; then
    cat "$room/log" >&2
    echo "record-build-events: $name: bazel ended with $code, expected $expected" >&2
    exit 1
  fi
  scrub "$name"
}

record pass 0 test //:pass_test
record cached 0 test //:pass_test
record fail 3 test //:fail_test
record flaky 0 test //:flaky_test
record timeout 3 test --test_timeout=1 //:slow_test
record sharded 3 test //:sharded_test
record runs-per-test 0 test --runs_per_test=2 //:pass_test
record build-failure 1 test //:broken_test //:pass_test
record analysis-failure 1 test //missing_dep:missing_dep_test //:pass_test
record load-failure 1 test //:pass_test //:vanished_test
record incompatible 0 test //incompatible:incompatible_test
record no-tests 4 test //library:library
record build 1 build //:fine //:broken //odd:café //incompatible:incompatible_test

# A test in the middle of which Bazel is asked to end, and the same stream as a machine leaves it that dies then.
(cd "$workspace" && exec "$bazel" --output_base="$room/output_base" test --nocache_test_results --color=no --curses=no \
  --build_event_json_file="$room/events" //:pass_test //:slow_test >"$room/log" 2>&1) &
client=$!
for _ in $(seq 100); do
  if grep -q '"testSummary":{"totalRunCount"' "$room/events" 2>/dev/null && grep -q pass_test "$room/events"; then break; fi
  sleep 0.2
done
kill -TERM "$client"
wait "$client" && exit 1
scrub interrupted
"$node" --input-type=module -e '
  import { readFileSync, writeFileSync } from "node:fs";
  const [folder] = process.argv.slice(1);
  const text = readFileSync(`${folder}/interrupted.jsonl`, "utf8");
  const summary = text.indexOf("\"testSummary\":{\"totalRunCount\"");
  writeFileSync(`${folder}/cut.jsonl`, text.slice(0, text.indexOf("\n", summary) + 30));
' "$streams"
ls -l "$streams"
