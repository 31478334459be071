import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackagePath } from '../graph/label.js';
import type { Target } from '../graph/target.js';
import { run, stream, ToolMissingError, type Ended } from '../process/run.js';
import { MessageStream, type Framing } from './message-stream.js';
import { decodeTarget, PRINTED_ATTRIBUTES } from './query-proto.js';
import { parseBazelVersion } from './version.js';

/** Says that Bazel could not do what it was asked; shows Bazel's own words, whole. */
export class BazelError extends Error {
  override name = 'BazelError';

  constructor(
    readonly doing: string,
    readonly exitCode: number,
    /** What Bazel printed, as it printed it. */
    readonly output: string,
  ) {
    super(
      `${output.trim()}\n\n${doing} failed: Bazel ended with exit code ${exitCode}; what it printed stands above.`,
    );
  }
}

/** Says that Bazel cannot be started. */
export class BazelMissingError extends Error {
  override name = 'BazelMissingError';
}

/** How the user wants Bazel called. */
export interface BazelOptions {
  /** The program: a name on the PATH, or a path. */
  readonly command: string;
  readonly startupOptions: readonly string[];
  readonly queryOptions: readonly string[];
}

/**
 * For a server that serves a few queries and ends, start-up and memory matter and peak speed does not:
 * half the time and a third of the memory of the defaults (docs/performance.md).
 */
const SHORT_LIVED_SERVER = [
  '--host_jvm_args=-XX:TieredStopAtLevel=1',
  '--host_jvm_args=-XX:+UseSerialGC',
  // Were this process killed, its server would end by itself.
  '--max_idle_secs=120',
];

/**
 * Options that leave out edges or targets. They stand in many rc files, for people who read a query's output; here
 * whatever they left out would be a target that CI does not run.
 */
const WHOLE_GRAPH = [
  '--implicit_deps',
  '--tool_deps',
  '--nodep_deps',
  '--aspect_deps=conservative',
  '--nokeep_going',
  '--universe_scope=',
  '--noinfer_universe_scope',
  '--proto:rule_inputs_and_outputs',
];

/** A Bazel server of our own, in a folder of our own: the user's server, options and lock stay untouched. */
export class Bazel {
  private started = false;
  private version: Promise<string> | undefined;

  /**
   * @param workspace the folder of the workspace that is queried, absolute
   * @param privateFolder an existing folder for the output base and the query files, absolute
   * @param ownership whether the workspace is ours to write to, or the user's
   */
  constructor(
    private readonly options: BazelOptions,
    private readonly workspace: string,
    private readonly privateFolder: string,
    private readonly ownership: 'ours' | "the user's",
  ) {}

  /**
   * All targets of the workspace, in no order.
   *
   * @throws BazelError if a package does not load; BazelMissingError
   */
  async queryAll(): Promise<Target[]> {
    return this.query('//...:all-targets', 'loading all packages');
  }

  /**
   * All targets of some packages, in no order.
   *
   * @throws BazelError if one of them does not load or is no package; BazelMissingError
   */
  async queryPackages(packages: readonly PackagePath[]): Promise<Target[]> {
    if (packages.length === 0) return [];
    const patterns = packages.map((path) => quoteInQuery(`//${path}:all-targets`));
    return this.query(`set(${patterns.join('\n')})`, `loading ${packages.length} packages`);
  }

  /** What `bazel --version` prints, without the line end. @throws BazelMissingError */
  async versionText(): Promise<string> {
    this.version ??= this.guard(
      run({ tool: this.options.command, args: ['--version'], folder: this.workspace }),
    ).then((ended) => ended.stdout.trim());
    return this.version;
  }

  /**
   * Whether this Bazel can be told to leave MODULE.bazel.lock alone: `--lockfile_mode` is there from 7.0 on
   * (6 has it from 6.2 on, but uses no module files unless asked).
   */
  async canLeaveLockFile(): Promise<boolean> {
    return (parseBazelVersion(await this.versionText())?.major ?? 0) >= 7;
  }

  /** Ends the server; the next query starts another. */
  async restart(): Promise<void> {
    if (this.started) await this.call(['shutdown']);
  }

  /**
   * Ends the server at once, without asking: it works for nobody else, and what it leaves is thrown away. Never throws:
   * it is called when other things have failed already, and on a signal.
   */
  stop(): void {
    try {
      const pid = Number(readFileSync(join(this.outputBase, 'server/server.pid.txt'), 'utf8'));
      if (pid > 1) process.kill(pid, 'SIGKILL');
    } catch {
      // No server was started, or it has ended.
    }
    try {
      rmSync(this.outputBase, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // A folder that Bazel made read-only stays for the system to clean up: it lies in the temporary folder.
    }
  }

  private get outputBase(): string {
    return join(this.privateFolder, 'output-base');
  }

  private startup(): string[] {
    // The output base last: one that the user names is for the legs, and its server is not ours to end.
    return [...SHORT_LIVED_SERVER, ...this.options.startupOptions, `--output_base=${this.outputBase}`];
  }

  private async query(expression: string, doing: string): Promise<Target[]> {
    const framing = await this.framing();
    const queryFile = join(this.privateFolder, 'query');
    writeFileSync(queryFile, expression);
    const args = [
      ...this.startup(),
      'query',
      ...this.options.queryOptions,
      ...WHOLE_GRAPH,
      `--output=${framing}`,
      ...(this.ownership === 'ours' ? [] : [this.readOnlyLockFile()]),
      '--order_output=no',
      '--noproto:locations',
      '--proto:include_synthetic_attribute_hash',
      `--proto:output_rule_attrs=${PRINTED_ATTRIBUTES.join(',')}`,
      '--color=no',
      '--noshow_progress',
      `--query_file=${queryFile}`,
    ];
    const targets: Target[] = [];
    const messages = new MessageStream(framing, (message) => {
      const target = decodeTarget(message);
      if (target !== null) targets.push(target);
    });
    this.started = true;
    const ended = await this.guard(
      stream({ tool: this.options.command, args, folder: this.workspace }, (chunk) => {
        messages.push(chunk);
      }),
    );
    if (ended.exitCode !== 0) throw new BazelError(doing, ended.exitCode, this.shown(ended.stderr));
    messages.end();
    return targets;
  }

  /** What Bazel printed, with paths as the reader knows them, and nothing of its start. */
  private shown(output: string): string {
    return output.replaceAll(`${this.workspace}/`, '').replace(/^Starting local Bazel server.*\n/gm, '');
  }

  /** `--output=streamed_proto` is broken in 7.0.0 alone: https://github.com/bazelbuild/bazel/issues/20613 */
  private async framing(): Promise<Framing> {
    const version = parseBazelVersion(await this.versionText());
    return version?.major === 7 && version.minor === 0 && version.patch === 0 ? 'proto' : 'streamed_proto';
  }

  /** Without a lock file there is nothing to go by, with one there is nothing to change. */
  private readOnlyLockFile(): string {
    return `--lockfile_mode=${existsSync(join(this.workspace, 'MODULE.bazel.lock')) ? 'error' : 'off'}`;
  }

  private async call(args: readonly string[]): Promise<Ended> {
    return this.guard(
      run({ tool: this.options.command, args: [...this.startup(), ...args], folder: this.workspace }),
    );
  }

  private async guard<T>(running: Promise<T>): Promise<T> {
    try {
      return await running;
    } catch (error) {
      if (!(error instanceof ToolMissingError)) throw error;
      throw new BazelMissingError(
        `cannot start Bazel (${this.options.command}): install bazelisk (https://github.com/bazelbuild/bazelisk), ` +
          `or set \`bazel\` to the program. ${error.message}`,
        { cause: error },
      );
    }
  }
}

/** A target pattern as one word of a query: Bazel knows both quotes, and no way to escape one inside itself. */
function quoteInQuery(pattern: string): string {
  return pattern.includes('"') ? `'${pattern}'` : `"${pattern}"`;
}

/** The files of which one makes a folder a Bazel workspace. */
export const WORKSPACE_MARKERS = ['MODULE.bazel', 'REPO.bazel', 'WORKSPACE.bazel', 'WORKSPACE'] as const;

/** Whether a folder is the root of a Bazel workspace. */
export function isWorkspace(folder: string): boolean {
  return WORKSPACE_MARKERS.some((marker) => existsSync(join(folder, marker)));
}
