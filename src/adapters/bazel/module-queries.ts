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
import type { TextCommands } from './text-commands.js';

/** Keeps each command line far below the limits of operating systems. */
const REPOSITORIES_AT_ONCE = 1000;

/** What Bazel says if it reads no module files. */
const NOT_READ = 'Bzlmod has to be enabled';

/**
 * Asks `bazel mod` about external repositories. It evaluates module extensions, but does not fetch the repositories that
 * they define.
 */
export class ModuleQueries {
  constructor(private readonly commands: TextCommands) {}

  /**
   * Whether Bazel reads no module files.
   *
   * @throws BazelStartError
   */
  async areOff(): Promise<boolean> {
    const { exitCode, stderr } = await this.commands.call(['mod', 'graph'], []);
    return exitCode !== 0 && stderr.includes(NOT_READ);
  }

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
    const { exitCode, signal, stdout, stderr } = await this.commands.call(
      ['mod', command],
      [...options, '--', ...names],
    );
    if (exitCode !== 0)
      throw new BazelError(`asking bazel mod ${command}`, programEnd(exitCode, signal), stderr);
    return stdout;
  }
}

function* inParts<Member>(members: readonly Member[]): Generator<readonly Member[]> {
  for (let at = 0; at < members.length; at += REPOSITORIES_AT_ONCE)
    yield members.slice(at, at + REPOSITORIES_AT_ONCE);
}
