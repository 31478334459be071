import type { LegRules } from '../legs/legs.js';

/** Bazel's names for the operating systems that GitHub has runners for. */
const PLATFORMS = ['linux', 'macos', 'windows'] as const;

const LABELS = { linux: /linux|ubuntu/i, macos: /macos/i, windows: /windows/i };

/**
 * The operating systems on which legs may run, with Bazel's names. If the labels of a runner name none, it may have any.
 *
 * @param here the system of the plan, on which the command line runs the legs
 */
export function platformsOfLegs(
  { runsOn, runners }: Pick<LegRules, 'runsOn' | 'runners'>,
  here: NodeJS.Platform,
): string[] {
  const ofRunners = [runsOn, ...runners.values()].flatMap((labels) => {
    const named = PLATFORMS.filter((platform) =>
      [labels].flat().some((label) => LABELS[platform].test(label)),
    );
    return named.length === 0 ? PLATFORMS : named;
  });
  return [...new Set([...ofRunners, systemName(here)])];
}

function systemName(platform: NodeJS.Platform): string {
  const names: Partial<Record<NodeJS.Platform, string>> = { darwin: 'macos', win32: 'windows' };
  return names[platform] ?? platform;
}
