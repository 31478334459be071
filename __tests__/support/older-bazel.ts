import { writeFileSync } from 'node:fs';

/**
 * Writes a command that behaves as Bazel 6 does with incompatible targets, around a newer Bazel: it refuses
 * `--skip_incompatible_explicit_targets`, and analyses everything before it builds anything.
 *
 * @param command the path of the command
 * @param bazel the newer Bazel
 */
export function writeBazelWithoutSkipping(command: string, bazel: string): string {
  const script = `#!/bin/bash
arguments=()
for word; do
  case $word in
    --skip_incompatible_explicit_targets)
      echo "ERROR: $word :: Unrecognized option: $word" >&2
      exit 2 ;;
    build | test | run) arguments+=("$word" --noexperimental_merged_skyframe_analysis_execution) ;;
    *) arguments+=("$word") ;;
  esac
done
exec '${bazel}' "\${arguments[@]}"
`;
  writeFileSync(command, script, { mode: 0o755 });
  return command;
}

/**
 * Writes a command that lacks some options of a newer Bazel: it does not list them, and refuses them.
 *
 * @param command the path of the command
 * @param bazel the newer Bazel
 * @param options without dashes
 */
export function writeBazelWithoutOptions(command: string, bazel: string, options: readonly string[]): string {
  const script = `#!/bin/bash
for word; do
  case $word in
    ${options.map((option) => `--${option} | --${option}=*`).join(' | ')})
      echo "ERROR: $word :: Unrecognized option: $word" >&2
      exit 2 ;;
    help)
      '${bazel}' "$@" | grep -vE -- '--(\\[no\\])?(${options.join('|')})$'
      exit "\${PIPESTATUS[0]}" ;;
  esac
done
exec '${bazel}' "$@"
`;
  writeFileSync(command, script, { mode: 0o755 });
  return command;
}
