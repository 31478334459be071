import type { WorkspacePath } from '../../graph/label.js';
import { isLink, type ShownChange } from '../../graph/change.js';
import { BAZEL_WRAPPER } from '../../graph/bazel-files.js';
import type { Surroundings } from './surroundings.js';

/**
 * Adds to the changes the paths below each changed symlink or submodule that rc files, module files or options name.
 * Git lists the link itself as changed, but no path below it.
 */
export function withNamedBelowLinks(
  changes: readonly ShownChange[],
  surroundings: Pick<Surroundings, 'moduleInputs' | 'rcFiles' | 'namedInOptions'>,
): readonly ShownChange[] {
  const links = changes.filter(isLink);
  if (links.length === 0) return changes;
  const named = new Set([
    BAZEL_WRAPPER,
    ...surroundings.rcFiles,
    ...surroundings.moduleInputs.code,
    ...surroundings.moduleInputs.named.all(),
    ...[...surroundings.namedInOptions].map((path) => path.replace(/\/$/, '') as WorkspacePath),
  ]);
  const behind = links.flatMap((link) =>
    [...named].filter((path) => path.startsWith(`${link.path}/`)).map((path) => ({ ...link, path })),
  );
  return [...changes, ...behind];
}
