import { moduleDeclarationIn } from '../formats/starlark-loads.js';
import { MODULE_FILE } from '../graph/bazel-files.js';
import type { WorkspacePath } from '../graph/label.js';
import type { CanonicalName, RepositoryMapping } from '../graph/repository.js';
import type { Externals } from '../loading/externals/external-repositories.js';
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
 * @param options.namesAutoloads whether options name what Bazel takes from other repositories without load statements
 * @param options.ignored changed files that nobody looked at
 * @throws GitError
 */
export async function loadedExternals(
  { base, head }: Comparison,
  repositories: KnownRepositories | null,
  {
    namesAutoloads,
    ignored,
  }: { readonly namesAutoloads: boolean; readonly ignored: ReadonlySet<WorkspacePath> },
  { reader, externals }: PlanTools,
): Promise<KnownExternals | null> {
  const declarations = await Promise.all(
    [base, head].map(async ({ files }) => (await files.texts([MODULE_FILE])).get(MODULE_FILE)),
  );
  const [before, after] = declarations.map((text) =>
    text === undefined ? undefined : moduleDeclarationIn(text),
  );
  if (before !== after) return null;
  const files = filesOfExternals(await reader.allOf(base.files), await reader.allOf(head.files), ignored);
  if (repositories === null) return { ...files, mayDiffer: null };
  if (repositories.kind === 'unknown') return null;
  const { both, changed } = repositories;
  // Bazel prints labels with these names.
  if (!areEqual(both.before.mapping, both.after.mapping)) return null;
  // A folder that a WORKSPACE file makes a repository has no packages of the main one.
  if (localFolders(both.before) !== localFolders(both.after)) return null;
  if (changed.isNothing) return { ...files, mayDiffer: null };
  const version = await externals.version();
  const autoloads = namesAutoloads || version === null || version.major >= FIRST_AUTOLOADING;
  // What is loaded without a load statement is named as bazel_tools names it.
  const isSeen = changed.reachesChange(BAZEL_TOOLS) || !both.after.mappings.has(BAZEL_TOOLS);
  if (autoloads && isSeen) return null;
  const { mapping } = both.after;
  const isKnown = (name: CanonicalName): boolean =>
    [both.before, both.after].some(
      ({ repositories, mappings }) => repositories.has(name) || mappings.has(name),
    );
  const mayDiffer = (name: string): boolean => {
    const canonical = [mapping.get(name) ?? [], name as CanonicalName].flat().filter(isKnown);
    return canonical.length === 0 || canonical.some((each) => changed.reachesChange(each));
  };
  return { ...files, mayDiffer };
}

/** What is known of the files that external repositories read. */
function filesOfExternals(
  before: LoadingInputsOfRevision,
  after: LoadingInputsOfRevision,
  ignored: ReadonlySet<WorkspacePath>,
): Omit<KnownExternals, 'mayDiffer'> {
  const both = [before, after];
  const paths = new Set(both.flatMap(({ behindExternals }) => [...behindExternals]));
  const isLoadable = (path: WorkspacePath): boolean => both.some(({ inputs }) => inputs.starlark.has(path));
  const isBehind = (path: WorkspacePath): boolean =>
    both.every(({ inputs, behindExternals }) => !inputs.everywhere.has(path) || behindExternals.has(path));
  return {
    readByThem: new Set(
      [...paths].filter((path) => !isLoadable(path) && isBehind(path) && !ignored.has(path)),
    ),
    loadedByThem: new Set([...paths].filter(isLoadable)),
  };
}

/** The folders of the workspace that are repositories, for comparisons. */
function localFolders({ repositories }: Externals): string {
  return [...repositories.values()]
    .flatMap(({ localFolder }) => localFolder ?? [])
    .sort()
    .join('\n');
}

function areEqual(one: RepositoryMapping, other: RepositoryMapping): boolean {
  return one.size === other.size && [...one].every(([name, canonical]) => other.get(name) === canonical);
}
