import { moduleDeclarationIn } from '../formats/starlark-loads.js';
import { MODULE_FILE } from '../graph/bazel-files.js';
import type { WorkspacePath } from '../graph/label.js';
import type { CanonicalName, RepositoryMapping } from '../graph/repository.js';
import type { LoadingInputsOfRevision } from '../loading/inputs/loading-inputs.js';
import type { KnownExternals } from '../loading/snapshot/dirty.js';
import type { Comparison } from './comparison.js';
import type { KnownRepositories } from './known-repositories.js';
import type { PlanTools } from './plan-tools.js';

const BAZEL_TOOLS = 'bazel_tools' as CanonicalName;

/** From this version on, Bazel takes rules from other repositories that no load statement names. */
const FIRST_AUTOLOADING = 8;

/**
 * What is known of the external repositories of both revisions for the loading of packages: what they read reaches only those
 * packages that load code of theirs. Null if it may reach every package.
 *
 * @param repositories null if no change can be noticed by external repositories
 * @param namesAutoloads whether options name what Bazel takes from other repositories without load statements
 * @throws GitError
 */
export async function loadedExternals(
  { base, head }: Comparison,
  repositories: KnownRepositories | null,
  namesAutoloads: boolean,
  { reader, externals }: PlanTools,
): Promise<KnownExternals | null> {
  const declarations = await Promise.all(
    [base, head].map(async ({ files }) => (await files.texts([MODULE_FILE])).get(MODULE_FILE)),
  );
  const [before, after] = declarations.map((text) =>
    text === undefined ? undefined : moduleDeclarationIn(text),
  );
  if (before !== after) return null;
  const readByThem = behindExternals(await reader.allOf(base.files), await reader.allOf(head.files));
  if (repositories === null) return { readByThem, mayDiffer: null };
  if (repositories.kind === 'unknown') return null;
  const { both, changed } = repositories;
  // Bazel prints labels with these names.
  if (!areEqual(both.before.mapping, both.after.mapping)) return null;
  if (changed.isNothing) return { readByThem, mayDiffer: null };
  const version = await externals.version();
  const autoloads = namesAutoloads || version === null || version.major >= FIRST_AUTOLOADING;
  // What is loaded without a load statement is named as bazel_tools names it.
  const isSeen = changed.reachesChange(BAZEL_TOOLS) || !both.after.mappings.has(BAZEL_TOOLS);
  if (autoloads && isSeen) return null;
  const { mapping } = both.after;
  const mayDiffer = (name: string): boolean =>
    [mapping.get(name), name as CanonicalName].some(
      (each) => each !== undefined && changed.reachesChange(each),
    );
  return { readByThem, mayDiffer };
}

/** The files that, in each revision of which they are loading inputs, only external repositories read. */
function behindExternals(
  before: LoadingInputsOfRevision,
  after: LoadingInputsOfRevision,
): Set<WorkspacePath> {
  const isBehind = (path: WorkspacePath, { inputs, behindExternals }: LoadingInputsOfRevision): boolean =>
    !inputs.everywhere.has(path) || behindExternals.has(path);
  const paths = [...before.behindExternals, ...after.behindExternals];
  return new Set(paths.filter((path) => isBehind(path, before) && isBehind(path, after)));
}

function areEqual(one: RepositoryMapping, other: RepositoryMapping): boolean {
  return one.size === other.size && [...one].every(([name, canonical]) => other.get(name) === canonical);
}
