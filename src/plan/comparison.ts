import type { Change, ShownChange } from '../graph/change.js';
import type { Everything } from './affected/seed.js';
import { symlinksAmong, throughSymlinks } from '../loading/inputs/shown-paths.js';
import type { Repositories } from '../adapters/git/repositories.js';
import type { Repository } from '../adapters/git/repository.js';
import { SUBMODULE_MODE, type CommitId, type RepositoryPath } from '../graph/tree.js';
import type { PlanInputs } from './plan-inputs.js';
import type { Revision } from '../loading/source/revision.js';
import { RevisionFiles, workspacePath } from '../loading/source/revision-files.js';
import type { Revisions } from './revisions.js';

/** The differences between a plan's two revisions. */
export interface Comparison {
  readonly base: Revision;
  readonly head: Revision;
  /** All changes, as git lists them. */
  readonly listed: readonly Change<RepositoryPath>[];
  /** The paths that the input `ignore` excludes. */
  readonly ignored: readonly RepositoryPath[];
  /** The other changes inside the workspace, also at the paths where symlinks show them. */
  readonly shown: readonly ShownChange[];
  /** The paths of the other changes, outside the workspace. */
  readonly outside: readonly RepositoryPath[];
  /**
   * Why everything is affected if symlinks show the changes at more paths than can be listed; `shown` is incomplete
   * then.
   */
  readonly everything: Everything | null;
}

/**
 * The head with its files.
 *
 * @throws GitError
 */
export async function headOf(
  revisions: Revisions,
  inputs: PlanInputs,
  { user, scratch }: Repositories,
): Promise<Revision> {
  const { commit, workingTree } = revisions.head;
  const files = workingTree
    ? await RevisionFiles.ofWorkingTree(commit, inputs.workspace, user, scratch)
    : await RevisionFiles.ofCommit(commit, inputs.workspace, scratch);
  return { commit, workingTree, files };
}

/**
 * Compares a base with the head.
 *
 * @throws GitError
 */
export async function compare(
  base: CommitId,
  head: Revision,
  inputs: PlanInputs,
  repositories: Repositories,
): Promise<Comparison> {
  const { scratch } = repositories;
  const [listed, files] = await Promise.all([
    head.workingTree
      ? workingTreeChanges(base, head.commit, repositories)
      : scratch.changes(base, head.commit),
    RevisionFiles.ofCommit(base, inputs.workspace, scratch),
  ]);
  const considered = listed.filter((change) => !inputs.ignore(change.path));
  const followed = throughSymlinks(considered, symlinksAmong(await head.files.linkTexts()));
  const named =
    followed.kind === 'followed'
      ? followed.changes
      : considered.map((change) => ({ ...change, origin: change.path }));
  return {
    base: { commit: base, workingTree: false, files },
    head,
    listed,
    ignored: listed.map((change) => change.path).filter(inputs.ignore),
    shown: named.flatMap((change) => {
      const path = workspacePath(change.path, inputs.workspace);
      return path === null ? [] : [{ ...change, path }];
    }),
    outside: named
      .map((change) => change.path)
      .filter((path) => workspacePath(path, inputs.workspace) === null),
    everything: followed.kind === 'followed' ? null : everywhereByLinks(followed.change),
  };
}

function everywhereByLinks(change: RepositoryPath): Everything {
  return {
    reason: `${change} changed: symlinks make the change visible at more paths than can be listed`,
    change,
  };
}

/** The escalation that the user asked for: the input `everything-on` matches a changed path. */
export function escalatedByUser(comparison: Comparison, inputs: PlanInputs): Everything | null {
  const change = comparison.listed.find(({ path }) => inputs.everythingOn(path));
  return change === undefined
    ? null
    : { reason: `${change.path} changed: the input everything-on matches it`, change: change.path };
}

/**
 * The escalation for a submodule that changed and whose files are unknown, because it is not checked out or is no
 * longer a submodule.
 *
 * @throws GitError
 */
export async function escalatedBySubmodule(
  comparison: Comparison,
  repository: Repository,
): Promise<Everything | null> {
  for (const { origin, modeBefore, modeAfter } of comparison.shown) {
    if (modeBefore !== SUBMODULE_MODE && modeAfter !== SUBMODULE_MODE) continue;
    if (modeAfter === SUBMODULE_MODE && (await repository.hasSubmodule(origin))) continue;
    const why =
      modeAfter === SUBMODULE_MODE
        ? 'this submodule is not checked out, so its files are not known'
        : 'it is not a submodule any more, so the files that it contained are unknown';
    return { reason: `${origin} changed: ${why}`, change: origin };
  }
  return null;
}

/**
 * The escalation for a change of the workflow file, which decides how and where the legs call Bazel: another workflow
 * may build everything differently.
 */
export function escalatedByWorkflow(
  comparison: Comparison,
  { workflow }: Revisions,
  inputs: PlanInputs,
): Everything | null {
  if (workflow.kind !== 'file') return null;
  const change = comparison.listed.find(({ path }) => path === workflow.path && !inputs.ignore(path));
  return change === undefined
    ? null
    : { reason: `${change.path} changed: this workflow decides how Bazel is called`, change: change.path };
}

/**
 * Compares a base that only the scratch repository has with the working tree. One git call cannot do this, so the
 * changes up to the commit and the changes from there are combined.
 */
async function workingTreeChanges(
  base: CommitId,
  commit: CommitId,
  { user, scratch }: Repositories,
): Promise<Change<RepositoryPath>[]> {
  if ((await user.resolve(base)) !== null) return user.workingTree.changes(base);
  const committed = await scratch.changes(base, commit);
  const uncommitted = await user.workingTree.changes(commit);
  return [...new Map([...committed, ...uncommitted].map((change) => [change.path, change])).values()];
}
