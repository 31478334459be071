import { join } from 'node:path';
import type { Bazel } from '../../adapters/bazel/bazel.js';
import { isThere } from '../../adapters/disk/external-files.js';
import type { RegisteredPattern, Registration } from '../../formats/module-calls.js';
import type { WorkspaceDefinition } from '../../formats/workspace-definitions.js';
import { WORKSPACE_FILE_BESIDE_MODULES, WORKSPACE_FILES } from '../../graph/bazel-files.js';
import type { WorkspacePath } from '../../graph/label.js';
import { BUILD_FILES } from '../../graph/package.js';
import { MAIN, type CanonicalName, type RepositoryMapping } from '../../graph/repository.js';
import {
  WORKSPACE_MODULE,
  type ExternalModule,
  type ExternalRepository,
} from '../externals/external-repositories.js';
import { mayBeNamedByBazel } from '../externals/foundations.js';
import { definedRepository } from './defined-repository.js';
import type { FoldersOnDisk, RuleCode } from './rule-code.js';
import { workspaceCodeIn, type WorkspaceCode } from './workspace-code.js';

/** What a WORKSPACE file defines. */
export interface ReadWorkspace {
  readonly definitions: ReadonlyMap<CanonicalName, WorkspaceDefinition>;
  readonly registrations: readonly Registration[];
  /** What it defines by `bind`, as code. */
  readonly binds: readonly string[];
}

/**
 * Asks Bazel what the WORKSPACE file defines. The repositories that it loads code from are fetched, and no others.
 *
 * @returns null if Bazel does not read it
 * @throws BazelError, BazelStartError, QueryOutputError
 */
export async function readWorkspace(bazel: Bazel): Promise<ReadWorkspace | null> {
  const { workspaceFile } = bazel;
  const definitions = await workspaceFile.definitions();
  if (definitions === null) return null;
  // The definition of a repository that an option replaces does not count.
  const overridden = [...bazel.overriddenRepositories()]
    .filter(([name]) => !/[~+]/.test(name))
    .map(([name, folder]): WorkspaceDefinition => ({
      name: name as CanonicalName,
      call: `local_repository(\n  name = "${name}",\n  path = "${folder}",\n)\n`,
      ruleFile: null,
      localPath: folder,
      isOfBazel: false,
    }));
  return {
    definitions: new Map([...definitions.repositories, ...overridden].map((each) => [each.name, each])),
    registrations: await workspaceFile.registrations(),
    binds: definitions.binds,
  };
}

/** Repositories that modules define under these very names, so that those of a WORKSPACE file are not used. */
const OF_MODULES = new Set(['bazel_tools', 'platforms', 'local_config_platform']);

/** What a WORKSPACE file defines that is not replaced by modules. */
export function besideModules({ definitions, ...others }: ReadWorkspace): ReadWorkspace {
  return {
    ...others,
    definitions: new Map([...definitions].filter(([name]) => !OF_MODULES.has(name))),
  };
}

/**
 * What repositories call each other if Bazel reads no module files: the main one and those of the WORKSPACE file see all by
 * their names.
 *
 * @param mainNames what labels may call the main repository
 */
export function workspaceMappings(
  { definitions }: ReadWorkspace,
  mainNames: readonly string[],
): Map<CanonicalName, RepositoryMapping> {
  const ofMain = mainNames.filter((name) => name !== '').map((name) => [name, MAIN] as const);
  const all = new Map([...namesSeen(definitions, () => true), ...ofMain]);
  const ofBazel = new Map(namesSeen(definitions, seenByBazel(definitions)));
  return new Map<CanonicalName, RepositoryMapping>([
    [MAIN, new Map([...all, ['', MAIN]])],
    ...[...definitions].map(([name, { isOfBazel }]) => [name, isOfBazel ? ofBazel : all] as const),
  ]);
}

/**
 * The same mappings of modules and others, in which repositories of a WORKSPACE file also see each other.
 *
 * @param mappings as Bazel prints them, which says only what the modules let them see, and what they call otherwise
 */
export function withWorkspaceNames(
  { definitions }: ReadWorkspace,
  mappings: ReadonlyMap<CanonicalName, RepositoryMapping>,
): Map<CanonicalName, RepositoryMapping> {
  const isSeenByBazel = seenByBazel(definitions);
  // Many see the same, and what sees the same is compared only once.
  const known = new Map<string, RepositoryMapping>();
  return new Map(
    [...mappings].map(([name, printed]) => {
      const definition = definitions.get(name);
      if (definition === undefined) return [name, printed];
      const { isOfBazel } = definition;
      const isSeen = isOfBazel ? isSeenByBazel : () => true;
      const key = JSON.stringify([isOfBazel, [...printed]]);
      const seen = [...namesSeen(definitions, isSeen), ...printed].filter(
        ([apparent]) => apparent !== '' && (!isOfBazel || isSeenByBazel(apparent as CanonicalName)),
      );
      const mapping = known.get(key) ?? new Map(seen);
      known.set(key, mapping);
      return [name, mapping];
    }),
  );
}

type Definitions = ReadWorkspace['definitions'];

function namesSeen(
  definitions: Definitions,
  isSeen: (name: CanonicalName) => boolean,
): (readonly [string, CanonicalName])[] {
  return [...definitions.keys()].filter(isSeen).map((name) => [name, name] as const);
}

function seenByBazel(definitions: Definitions): (name: CanonicalName) => boolean {
  return (name) => definitions.get(name)?.isOfBazel === true || mayBeNamedByBazel(name);
}

/**
 * The repositories of a WORKSPACE file, and what its code registers.
 *
 * @param file the WORKSPACE file that Bazel reads
 * @param mapping of the main repository
 */
export function workspaceRepositories(
  workspace: ReadWorkspace,
  file: WorkspacePath,
  mapping: RepositoryMapping,
  rules: RuleCode,
  folders: FoldersOnDisk,
): { readonly repositories: ExternalRepository[]; readonly module: ExternalModule } {
  const { definitions, registrations } = workspace;
  const code = workspaceCodeIn(
    rules.filesFrom(join(folders.workspace, file)),
    (name) => definitions.get(name)?.isOfBazel === true || OF_MODULES.has(name),
  );
  const others = [...definitions.values()].filter(({ isOfBazel }) => !isOfBazel).map(({ name }) => name);
  const places = { registering: [...(code.registering ?? others)], aliases: code.aliases, folders };
  const meant = registrations.map((each) => ({
    ...each,
    patterns: each.patterns.map((pattern) =>
      typeof pattern === 'string' ? meaningOf(pattern, places) : { patterns: [pattern], isCertain: true },
    ),
  }));
  const isCertain = meant.every(({ patterns }) => patterns.every((each) => each.isCertain));
  return {
    repositories: [...definitions.values()].map((definition) =>
      workspaceRepository(definition, mapping, code, rules, folders),
    ),
    module: {
      name: WORKSPACE_MODULE,
      repository: MAIN,
      dependencies: [],
      calls: {
        dependencies: [],
        registrations: meant.map(({ patterns, ...each }) => ({
          ...each,
          patterns: patterns.flatMap((meaning): readonly RegisteredPattern[] => meaning.patterns),
        })),
        // Which of several repositories registers what shows in the code alone.
        unread: isCertain ? null : code.digest,
        isComplete: true,
      },
    },
  };
}

/**
 * The WORKSPACE file that Bazel reads.
 *
 * @param folder of the workspace
 */
export function workspaceFileIn(folder: string, besides: 'beside modules' | 'alone'): WorkspacePath {
  const names = [...(besides === 'alone' ? [] : [WORKSPACE_FILE_BESIDE_MODULES]), ...WORKSPACE_FILES];
  return names.find((name) => isThere(join(folder, name))) ?? WORKSPACE_FILE_BESIDE_MODULES;
}

function workspaceRepository(
  definition: WorkspaceDefinition,
  mapping: RepositoryMapping,
  { mappingsDigest }: WorkspaceCode,
  rules: RuleCode,
  folders: FoldersOnDisk,
): ExternalRepository {
  const repository = definedRepository(definition, rules, folders);
  // What Bazel adds is always the same, apart from the repositories that it names.
  if (definition.isOfBazel) return repository;
  // A rule can make a label of any text that it is given.
  const words = new Set(definition.call.match(/[\w.+~-]+/g));
  const named = [...words].flatMap((word) => mapping.get(word) ?? []);
  const reads = new Set([...repository.reads, ...named]);
  reads.delete(definition.name);
  reads.delete(MAIN);
  return {
    ...repository,
    // No query shows what a repository calls others, so each change of the code may change that.
    definition:
      mappingsDigest === null
        ? repository.definition
        : JSON.stringify([repository.definition, mappingsDigest]),
    reads: [...reads],
    readsMain: repository.readsMain || named.includes(MAIN),
  };
}

/** Where registered patterns may mean something. */
interface Places {
  /** The other repositories that may register something. */
  readonly registering: readonly CanonicalName[];
  readonly aliases: WorkspaceCode['aliases'];
  readonly folders: FoldersOnDisk;
}

/**
 * What a registered pattern may stand for: Bazel prints it as the code wrote it, and the code may be that of another
 * repository, which may call others by other names.
 *
 * @returns also whether only one of these can be meant
 */
function meaningOf(
  pattern: string,
  { registering, aliases, folders }: Places,
): { readonly patterns: readonly string[]; readonly isCertain: boolean } {
  const [, mark = '', name = '', inRepository = ''] = /^(-?@{0,2})([^/]*)(.*)$/s.exec(pattern) ?? [];
  if (mark.includes('@')) {
    const others = aliases
      .filter(([alias]) => alias === name)
      .map(([, other]) => `@@${other}${inRepository}`);
    return { patterns: [pattern, ...new Set(others)], isCertain: others.length === 0 };
  }
  const relative = pattern.replace(/^-/, '');
  const own = relative.includes('//') ? relative : `//${relative}`;
  const mayHave = (root: string): boolean => !isThere(root) || hasPackage(root, own);
  const places = registering.filter((repository) => mayHave(join(folders.externalFolder, repository)));
  const isOfMain = hasPackage(folders.workspace, own);
  const isKnown = places.length > 0 || isOfMain;
  return {
    patterns: [pattern, ...(isKnown ? places : registering).map((repository) => `@@${repository}${own}`)],
    // If no other code registers anything, the pattern is that of Bazel itself.
    isCertain: registering.length === 0 || (isKnown && places.length + (isOfMain ? 1 : 0) === 1),
  };
}

function hasPackage(root: string, pattern: string): boolean {
  const path = pattern.slice(2).replace(/:[^:]*$/, '');
  if (/(^|\/)\.\.\.$/.test(path)) return isThere(join(root, path.replace(/\/?\.\.\.$/, '')));
  return BUILD_FILES.some((name) => isThere(join(root, path, name)));
}

/**
 * The same repositories, of which each one of the WORKSPACE file counts as another one if what is bound is: their BUILD files
 * can name that.
 */
export function withBinds(
  { binds, definitions }: ReadWorkspace,
  repositories: ReadonlyMap<CanonicalName, ExternalRepository>,
): Map<CanonicalName, ExternalRepository> {
  return new Map(
    [...repositories].map(([name, repository]) => {
      const isAware = binds.length > 0 && definitions.get(name)?.isOfBazel === false;
      const definition = JSON.stringify([repository.definition, binds]);
      return [name, isAware ? { ...repository, definition } : repository];
    }),
  );
}
