import { listedOptions } from '../../formats/listed-options.js';
import { parseModuleGraph, type ModuleGraph } from '../../formats/module-graph.js';
import {
  ModuleOutputError,
  parseRepositoryDefinitions,
  type RepositoryDefinition,
} from '../../formats/repository-definitions.js';
import { parseRepositoryMappings } from '../../formats/repository-mappings.js';
import { MAIN, type CanonicalName, type RepositoryMapping } from '../../graph/repository.js';
import { programEnd } from '../process/end.js';
import { BazelError } from './bazel-error.js';
import type { QueryRc } from './query-rc.js';
import type { BazelServer } from './server.js';

/** Keeps each command line far below the limits of operating systems. */
const REPOSITORIES_AT_ONCE = 1000;

/**
 * Asks `bazel mod` about external repositories. It evaluates module extensions, but does not fetch the repositories that
 * they define.
 */
export class ModuleQueries {
  private known: Promise<ReadonlySet<string>> | undefined;

  /**
   * @param queryOptions the user's options for queries; those that `bazel mod` has too are used
   * @param lockFileOptions whether Bazel reads and writes the lock file of the modules
   * @param loggingOptions for the next call, given the names of the options that `bazel mod` has
   */
  constructor(
    private readonly server: BazelServer,
    private readonly rc: QueryRc,
    private readonly queryOptions: readonly string[],
    private readonly lockFileOptions: readonly string[],
    private readonly loggingOptions: (known: ReadonlySet<string>) => readonly string[],
  ) {}

  /** @throws BazelError, BazelStartError, ModuleOutputError */
  async graph(): Promise<ModuleGraph> {
    return parseModuleGraph(await this.ask('graph', ['--output=json', '--include_builtin'], []));
  }

  /**
   * What each repository calls the others that it can see.
   *
   * @param names each once
   * @throws BazelError, BazelStartError, ModuleOutputError
   */
  async mappings(names: readonly CanonicalName[]): Promise<Map<CanonicalName, RepositoryMapping>> {
    const found = new Map<CanonicalName, RepositoryMapping>();
    for (const some of inParts(names)) {
      const mappings = parseRepositoryMappings(await this.ask('dump_repo_mapping', [], some));
      if (mappings.length !== some.length)
        throw new ModuleOutputError(
          `bazel mod dump_repo_mapping printed ${mappings.length} mappings for ${some.length} repositories`,
        );
      some.forEach((name, index) => found.set(name, mappings[index] ?? new Map()));
    }
    return found;
  }

  /**
   * How Bazel makes each repository.
   *
   * @param names without that of the main repository
   * @throws BazelError, BazelStartError, ModuleOutputError
   */
  async definitions(names: readonly CanonicalName[]): Promise<Map<CanonicalName, RepositoryDefinition>> {
    const found = new Map<CanonicalName, RepositoryDefinition>();
    for (const some of inParts(names.filter((name) => name !== MAIN))) {
      const output = await this.ask(
        'show_repo',
        [],
        some.map((name) => `@@${name}`),
      );
      for (const definition of parseRepositoryDefinitions(output)) found.set(definition.name, definition);
      // A repository without a definition would never count as changed.
      const missing = some.find((name) => !found.has(name));
      if (missing !== undefined)
        throw new ModuleOutputError(`bazel mod show_repo printed nothing about @@${missing}`);
    }
    return found;
  }

  private async ask(command: string, options: readonly string[], names: readonly string[]): Promise<string> {
    const known = await this.knownOptions();
    const ofUser = this.queryOptions.filter((option) =>
      known.has(/^--(?:no)?([^=]*)/.exec(option)?.[1] ?? ''),
    );
    const ofBuilds = this.rc.graphOptionsOfBuilds(known);
    const args = [
      'mod',
      command,
      ...ofBuilds,
      ...ofUser,
      ...this.lockFileOptions,
      ...this.loggingOptions(known),
      ...options,
      '--color=no',
      '--',
      ...names,
    ];
    const { exitCode, signal, stdout, stderr } = await this.server.call(args);
    if (exitCode !== 0)
      throw new BazelError(`asking bazel mod ${command}`, programEnd(exitCode, signal), stderr);
    return stdout;
  }

  private knownOptions(): Promise<ReadonlySet<string>> {
    this.known ??= this.server.call(['help', 'mod', '--short']).then(({ stdout }) => listedOptions(stdout));
    return this.known;
  }
}

function* inParts<Member>(members: readonly Member[]): Generator<readonly Member[]> {
  for (let at = 0; at < members.length; at += REPOSITORIES_AT_ONCE)
    yield members.slice(at, at + REPOSITORIES_AT_ONCE);
}
