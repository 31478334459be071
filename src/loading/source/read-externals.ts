import { join } from 'node:path';
import type { Bazel } from '../../adapters/bazel/bazel.js';
import { textIfReadable } from '../../adapters/disk/external-files.js';
import {
  END_OF_FILE,
  includesFiles,
  moduleCallsIn,
  type ModuleCalls,
  type Registration,
} from '../../formats/module-calls.js';
import type { ModuleGraph } from '../../formats/module-graph.js';
import type { RepositoryDefinition } from '../../formats/repository-definitions.js';
import { QueryOutputError } from '../../formats/query-proto.js';
import { StarlarkSyntaxError } from '../../formats/starlark-parser.js';
import { MODULE_FILE } from '../../graph/bazel-files.js';
import type { Label } from '../../graph/label.js';
import { MAIN, mappingGroupOf, type CanonicalName, type RepositoryMapping } from '../../graph/repository.js';
import {
  MAIN_MODULE,
  type ExternalModule,
  type ExternalRepository,
  type Externals,
} from '../externals/external-repositories.js';
import { definedRepository } from './defined-repository.js';
import {
  besideModules,
  workspaceFileIn,
  withBinds,
  withWorkspaceNames,
  workspaceMappings,
  workspaceRepositories,
  type ReadWorkspace,
} from './read-workspace.js';
import { RuleCode, type FoldersOnDisk } from './rule-code.js';

/**
 * Fetches some modules and reads what their MODULE.bazel calls, which is not known of a module that was never fetched.
 *
 * @throws BazelError, BazelStartError, QueryOutputError
 */
export async function withFetchedModules(
  bazel: Bazel,
  externals: Externals,
  names: readonly CanonicalName[],
): Promise<Externals> {
  await bazel.targetsMatching(names.map((name) => `@@${name}//:all` as Label));
  const externalFolder = await bazel.externalFolder();
  const modules = [...externals.modules].map(([name, module]) => {
    const calls = names.includes(module.repository)
      ? callsOfModule(module.repository, [
          textIfReadable(join(externalFolder, module.repository, MODULE_FILE)),
        ])
      : module.calls;
    return [name, { ...module, calls }] as const;
  });
  return { ...externals, modules: new Map(modules) };
}

/**
 * Asks Bazel for the external repositories of a workspace. Module extensions are evaluated, but the repositories that
 * they define are not fetched.
 *
 * @param ownModuleFiles the texts of MODULE.bazel and of the files that it includes
 * @param workspace what a WORKSPACE file defines as well; null if Bazel reads none
 * @throws BazelError, BazelStartError, ModuleOutputError
 */
export async function readExternals(
  bazel: Bazel,
  ownModuleFiles: readonly string[],
  workspace: ReadWorkspace | null = null,
): Promise<Externals> {
  const { modules: queries } = bazel;
  const beside = workspace === null ? null : besideModules(workspace);
  const inWorkspace = beside?.definitions ?? new Map<CanonicalName, RepositoryDefinition>();
  const printed = await mappingsOfAll(bazel, [...inWorkspace.keys()]);
  const mappings = beside === null ? printed : withWorkspaceNames(beside, printed);
  const ofModules = [...mappings.keys()].filter((name) => !inWorkspace.has(name));
  const definitions = await queries.definitions(ofModules);
  const folders = await foldersOf(bazel);
  const code = new RuleCode(folders, mappings, new Map([...inWorkspace, ...definitions]));
  const repositories = new Map<CanonicalName, ExternalRepository>();
  for (const name of mappings.keys()) {
    const definition = definitions.get(name);
    if (definition !== undefined) repositories.set(name, definedRepository(definition, code, folders));
  }
  const mapping = mappings.get(MAIN) ?? new Map<string, CanonicalName>();
  const modules = modulesOf(await queries.graph(), mappings, ownModuleFiles, folders.externalFolder);
  if (beside !== null) {
    const file = workspaceFileIn(folders.workspace, 'beside modules');
    const found = workspaceRepositories(beside, file, mapping, code, folders);
    for (const each of found.repositories) repositories.set(each.name, each);
    modules.set(found.module.name, found.module);
  }
  return {
    mapping,
    mappings,
    repositories: beside === null ? repositories : withBinds(beside, repositories),
    modules,
  };
}

/**
 * The external repositories of a workspace in which Bazel reads no module files.
 *
 * @param mainNames what labels may call the main repository
 * @throws BazelError, BazelStartError, QueryOutputError
 */
export async function externalsOfWorkspace(
  bazel: Bazel,
  workspace: ReadWorkspace,
  mainNames: readonly string[],
): Promise<Externals> {
  // Bazel itself adds this one to every WORKSPACE file.
  if (!workspace.definitions.has('bazel_tools' as CanonicalName))
    throw new QueryOutputError('Bazel did not print all repositories of the WORKSPACE file');
  const mappings = workspaceMappings(workspace, mainNames);
  const mapping = mappings.get(MAIN) ?? new Map<string, CanonicalName>();
  const folders = await foldersOf(bazel);
  const code = new RuleCode(folders, mappings, workspace.definitions);
  const file = workspaceFileIn(folders.workspace, 'alone');
  const { repositories, module } = workspaceRepositories(workspace, file, mapping, code, folders);
  return {
    mapping,
    mappings,
    repositories: withBinds(workspace, new Map(repositories.map((each) => [each.name, each]))),
    modules: new Map([[module.name, module]]),
  };
}

async function foldersOf(bazel: Bazel): Promise<FoldersOnDisk> {
  return { workspace: bazel.workspace, externalFolder: await bazel.externalFolder() };
}

/**
 * The mappings of the main repository and of all that can be seen from it, directly or not. Bazel is asked for one
 * repository of each group, because an extension may define thousands that all see each other.
 *
 * @param others repositories that count as seen
 */
async function mappingsOfAll(
  { modules }: Bazel,
  others: readonly CanonicalName[],
): Promise<Map<CanonicalName, RepositoryMapping>> {
  const ofGroups = new Map<string, RepositoryMapping>();
  const found = new Map<CanonicalName, RepositoryMapping>();
  let names = new Set([MAIN, ...others]);
  while (names.size > 0) {
    const unknown = new Map([...names].map((name) => [mappingGroupOf(name), name] as const));
    for (const group of ofGroups.keys()) unknown.delete(group);
    const asked = await modules.mappings([...unknown.values()].sort());
    for (const [name, mapping] of asked) ofGroups.set(mappingGroupOf(name), mapping);
    for (const name of names) found.set(name, ofGroups.get(mappingGroupOf(name)) ?? new Map());
    const seen = [...asked.values()].flatMap((mapping) => [...mapping.values()]);
    names = new Set(seen.filter((name) => !found.has(name)));
  }
  return found;
}

function modulesOf(
  graph: ModuleGraph,
  mappings: ReadonlyMap<CanonicalName, RepositoryMapping>,
  ownFiles: readonly string[],
  externalFolder: string,
): Map<string, ExternalModule> {
  const names = namesOf(graph);
  const nameOf = (key: string): string => names.get(key) ?? key;
  const modules = new Map<string, ExternalModule>();
  const waiting: (readonly [string, CanonicalName])[] = [[graph.root, MAIN]];
  for (const [key, repository] of waiting) {
    if (modules.has(nameOf(key))) continue;
    const dependencies = graph.dependencies.get(key) ?? [];
    const texts =
      repository === MAIN ? ownFiles : [textIfReadable(join(externalFolder, repository, MODULE_FILE))];
    modules.set(nameOf(key), {
      name: nameOf(key),
      repository,
      dependencies: dependencies.map((each) => nameOf(each.key)).sort(),
      calls: callsOfModule(repository, texts),
    });
    for (const each of dependencies) {
      const canonical =
        mappings.get(repository)?.get(each.apparentName) ?? (each.apparentName as CanonicalName);
      waiting.push([each.key, canonical]);
    }
  }
  return modules;
}

/** The names of modules without their versions, unless there are several versions of one. */
function namesOf({ root, dependencies }: ModuleGraph): Map<string, string> {
  const keys = [...dependencies.keys()].filter((key) => key !== root);
  const short = (key: string): string => key.replace(/@.*$/, '');
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(short(key), (counts.get(short(key)) ?? 0) + 1);
  return new Map([
    [root, MAIN_MODULE],
    ...keys.map((key) => [key, counts.get(short(key)) === 1 ? short(key) : key] as const),
  ]);
}

/** Of another module than the main one, only MODULE.bazel is read, and not what it includes. */
function callsOfModule(repository: CanonicalName, texts: readonly (string | null)[]): ModuleCalls | null {
  const calls = callsIn(texts);
  return repository !== MAIN && calls !== null && includesFiles(calls) ? null : calls;
}

function callsIn(texts: readonly (string | null)[]): ModuleCalls | null {
  try {
    const calls = texts.map((text) => (text === null ? null : moduleCallsIn(text)));
    if (!calls.every((each) => each !== null)) return null;
    return {
      dependencies: calls.flatMap((each, index) => [...each.dependencies, `${END_OF_FILE} ${index}`]),
      registrations: calls.flatMap((each) => [...each.registrations, END_OF_REGISTRATIONS]),
      unread: calls.every((each) => each.unread === null)
        ? null
        : JSON.stringify(calls.map((each) => each.unread)),
      isComplete: calls.every((each) => each.isComplete),
    };
  } catch (error) {
    if (error instanceof StarlarkSyntaxError) return null;
    throw error;
  }
}

const END_OF_REGISTRATIONS: Registration = { function: END_OF_FILE, patterns: [], isForDevelopment: false };
