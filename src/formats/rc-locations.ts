import { ROOT_RC_FILE } from '../graph/bazel-files.js';

/** The rc files that Bazel reads without being told, and those that startup options name, in its order. */
export interface RcLocations {
  /** The machine's own. */
  readonly system: readonly string[];
  /** Those of the workspace (relative to it), of the home folder, and those that startup options name. */
  readonly user: readonly string[];
}

/** The machine's own rc file, unless this Bazel was built with another path for it. */
export const SYSTEM_RC_FILE = '/etc/bazel.bazelrc';

/**
 * The rc files in force, see https://bazel.build/run/bazelrc#bazelrc-file-locations
 *
 * @param home the folder of the user, absolute
 * @param named rc files that the environment names
 */
export function rcFilesInForce(
  startupOptions: readonly string[],
  home: string,
  named: readonly string[] = [],
): RcLocations {
  if (isTurnedOn('ignore_all_rc_files', startupOptions, false)) return { system: [], user: [] };
  const byOptions = rcFilesNamedIn(startupOptions);
  const end = byOptions.indexOf('/dev/null');
  return {
    system: isTurnedOn('system_rc', startupOptions, true) ? [SYSTEM_RC_FILE] : [],
    user: [
      ...(isTurnedOn('workspace_rc', startupOptions, true) ? [ROOT_RC_FILE] : []),
      ...(isTurnedOn('home_rc', startupOptions, true) ? [`${home}/${ROOT_RC_FILE}`] : []),
      ...named,
      ...(end < 0 ? byOptions : byOptions.slice(0, end)),
    ],
  };
}

/** The paths that the startup option `--bazelrc` names, as they are written. */
export function rcFilesNamedIn(startupOptions: readonly string[]): string[] {
  return startupOptions.flatMap((option) => /^--bazelrc=(.+)$/s.exec(option)?.[1] ?? []);
}

/** Whether a startup option is on. The last occurrence counts. */
function isTurnedOn(name: string, startupOptions: readonly string[], byDefault: boolean): boolean {
  const last = startupOptions.findLast((option) => [`--${name}`, `--no${name}`].includes(option));
  return last === undefined ? byDefault : last === `--${name}`;
}
