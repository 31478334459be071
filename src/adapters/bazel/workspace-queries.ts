import { rmSync } from 'node:fs';
import { parseResolvedRegistrations } from '../../formats/resolved-registrations.js';
import type { Registration } from '../../formats/module-calls.js';
import { parseWorkspaceDefinitions, type WorkspaceDefinitions } from '../../formats/workspace-definitions.js';
import { textIfReadable } from '../disk/external-files.js';
import { programEnd } from '../process/end.js';
import { BazelError } from './bazel-error.js';
import type { TextCommands } from './text-commands.js';

/** What Bazel says if it reads no WORKSPACE file. */
const NOT_READ = 'the WORKSPACE file is disabled';

/** Asks about the external repositories that a WORKSPACE file defines. Those that it loads code from are fetched. */
export class WorkspaceQueries {
  /**
   * @param printDefinitions prints the definitions of rules that match a pattern
   * @param resolvedFile a path for what Bazel writes, absolute
   */
  constructor(
    private readonly commands: TextCommands,
    private readonly printDefinitions: (pattern: string) => Promise<string>,
    private readonly resolvedFile: string,
  ) {}

  /**
   * How the WORKSPACE file defines each repository, also those that Bazel adds to it; null if Bazel does not read it.
   *
   * @throws BazelError if Bazel gives no answer; BazelStartError; QueryOutputError
   */
  async definitions(): Promise<WorkspaceDefinitions | null> {
    try {
      return parseWorkspaceDefinitions(await this.printDefinitions('//external:all-targets'));
    } catch (error) {
      if (error instanceof BazelError && error.output.includes(NOT_READ)) return null;
      throw error;
    }
  }

  /**
   * The toolchains and execution platforms that the WORKSPACE file registers, in the order in which Bazel considers them.
   * Only `bazel sync` says them. It is told to fetch a repository with a name that none can have.
   *
   * @throws BazelError if Bazel gives no answer; BazelStartError; QueryOutputError
   */
  async registrations(): Promise<readonly Registration[]> {
    rmSync(this.resolvedFile, { force: true });
    const { exitCode, signal, stderr } = await this.commands.call(
      ['sync'],
      // Otherwise Bazel would fetch everything again that the WORKSPACE file loads code from.
      ['--configure', '--only=/', `--experimental_repository_resolved_file=${this.resolvedFile}`],
    );
    if (exitCode !== 0)
      throw new BazelError('asking bazel sync for registrations', programEnd(exitCode, signal), stderr);
    return parseResolvedRegistrations(textIfReadable(this.resolvedFile) ?? '');
  }
}
