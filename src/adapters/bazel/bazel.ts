import { existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LOCK_FILE } from '../../graph/bazel-files.js';
import { packageOf, type Label, type PackagePath } from '../../graph/label.js';
import { REPOSITORY_MARKERS } from '../../graph/repository-markers.js';
import type { CanonicalName } from '../../graph/repository.js';
import type { Target } from '../../graph/target.js';
import { textIfReadable } from '../disk/external-files.js';
import { QueryOutputError } from '../../formats/query-proto.js';
import { hasSucceeded, programEnd } from '../process/end.js';
import { run, stream, type Ended } from '../process/run.js';
import { BazelError, type BazelFailure } from './bazel-error.js';
import { NOTHING_FOUND, PARTIAL_ANSWER, PROGRAM_FAILED } from '../../formats/exit-codes.js';
import { deletedPackagesIn, repositoryOverridesIn } from '../../formats/graph-options.js';
import type { Framing } from '../../formats/message-stream.js';
import { finishedExitCode, QueryAnswer } from './query-answer.js';
import { ModuleQueries } from './module-queries.js';
import { queryArguments, type QueryFiles, type QueryOutput } from './query-arguments.js';
import { QueryRc, withRcFile } from './query-rc.js';
import type { RulesLogFiles } from './rules-log-files.js';
import { BazelServer, type BazelOptions } from './server.js';
import { TextCommands } from './text-commands.js';
import { WorkspaceQueries } from './workspace-queries.js';
import { orStartError } from './start-error.js';
import { BazelVersionError } from './version-error.js';
import { isTooOld, parseBazelVersion } from '../../formats/bazel-version.js';
import type { LoggedStep } from '../../formats/rules-log.js';
import { listedOptions } from '../../formats/listed-options.js';
import { quotedInQuery } from '../../formats/query-words.js';
import { plural } from '../../text/plural.js';

/** A private Bazel server in a private folder, so that the user's server, options and lock stay untouched. */
export class Bazel {
  private version: Promise<string> | undefined;
  private queryOptions: Promise<ReadonlySet<string>> | undefined;
  private readonly commandOptions = new Map<string, Promise<ReadonlySet<string>>>();
  private external: string | undefined;
  private unlocked: Bazel | undefined;
  private readonly server: BazelServer;

  /**
   * @param workspace the folder of the workspace that is queried, absolute
   * @param privateFolder an existing folder for the output base and the query files, absolute
   * @param ownership whether this program may write to the workspace, or the workspace is the user's
   * @param rulesLog gets what repository rules and module extensions do; null if that is of no interest
   */
  constructor(
    private readonly options: BazelOptions,
    readonly workspace: string,
    private readonly privateFolder: string,
    private readonly ownership: 'ours' | 'ours, without a lock file' | "the user's",
    private readonly rulesLog: RulesLogFiles | null = null,
  ) {
    this.server = new BazelServer(options, workspace, privateFolder);
  }

  /** Ends the server. The next query starts another one. */
  async restart(): Promise<void> {
    await this.server.restart();
  }

  /** Kills the server without waiting for it. Never throws. */
  stop(): void {
    this.server.stop();
  }

  /**
   * All targets of the workspace, in no order.
   *
   * @throws BazelError if a package does not load; BazelStartError
   */
  async queryAll(): Promise<readonly Target[]> {
    return this.query('//...:all-targets', 'loading all packages');
  }

  /**
   * All targets of some packages, in no order.
   *
   * @throws BazelError if one of them does not load or is not a package; BazelStartError
   */
  async queryPackages(packages: readonly PackagePath[]): Promise<readonly Target[]> {
    if (packages.length === 0) return [];
    const doing = `loading ${plural(packages.length, 'package')}`;
    return this.query(patternsOf(packages, doing), doing);
  }

  /**
   * The output of `bazel --version`, without anything that a wrapper prints as well.
   *
   * @throws BazelVersionError if this Bazel is too old; BazelError; BazelStartError
   */
  async versionText(): Promise<string> {
    this.version ??= orStartError(
      run({ tool: this.options.command, args: ['--version'], folder: this.workspace }),
      this.workspace,
    ).then(({ exitCode, signal, stdout, stderr }) => {
      const version = /^bazel .*$/m.exec(stdout)?.[0];
      // A Bazelisk that cannot download Bazel fails here. Every further call would take as long and fail too.
      if (version === undefined && exitCode === PROGRAM_FAILED)
        throw new BazelError('asking Bazel for its version', programEnd(exitCode, signal), stderr);
      if (version !== undefined && isTooOld(parseBazelVersion(version))) throw new BazelVersionError(version);
      return (version ?? stdout).trim();
    });
    return this.version;
  }

  /**
   * Packages, relative to the workspace, that builds leave out because of `--deleted_packages`. Queries leave them out
   * too.
   */
  deletedPackages(): ReadonlySet<PackagePath> {
    const ofOptions = deletedPackagesIn(this.options.queryOptions);
    return new Set([...this.rc().deletedPackages, ...ofOptions] as PackagePath[]);
  }

  /** The folders that options of builds let repositories show, by their names; absolute, or relative to the workspace. */
  overriddenRepositories(): ReadonlyMap<string, string> {
    const ofOptions = repositoryOverridesIn(this.options.queryOptions);
    return new Map(
      [...this.rc().repositoryOverrides, ...ofOptions].map((text) => {
        const [name = '', folder = ''] = text.split(/=(.*)/s);
        return [name, folder.replace('%workspace%', this.workspace)];
      }),
    );
  }

  /** Whether builds, and therefore these queries, look for packages in other folders than the workspace. */
  get buildsLookElsewhere(): boolean {
    const ofOptions = this.options.queryOptions.some((option) => option.startsWith('--package_path='));
    return ofOptions || this.rc().hasPackagePath;
  }

  /**
   * Looks up packages by their names. A query of all packages may have left them out because Bazel does not regard them
   * as packages.
   *
   * @param packages not empty
   * @returns the packages that exist, and what Bazel printed about the others
   * @throws BazelError if the lookup failed; BazelStartError; QueryOutputError
   */
  async existing(
    packages: readonly PackagePath[],
  ): Promise<{ readonly found: ReadonlySet<PackagePath>; readonly said: string }> {
    const doing = 'looking for packages by name';
    const { failure, said, targets } = await this.askTargets(patternsOf(packages, doing), '--keep_going');
    // These exit codes mean that Bazel answered, and reported the packages that it did not find.
    const hasAnswered =
      failure?.kind === 'exited' && [PARTIAL_ANSWER, NOTHING_FOUND].includes(failure.exitCode);
    if (failure !== null && !hasAnswered) throw new BazelError(doing, failure, said);
    const found = failure?.kind === 'exited' && failure.exitCode === NOTHING_FOUND ? [] : await targets();
    return { found: new Set(found.map(({ label }) => packageOf(label))), said };
  }

  /**
   * The targets that labels or patterns match, in no order. What does not load, or cannot be fetched, is missing.
   *
   * @param patterns not empty
   * @throws BazelError if Bazel gives no answer; BazelStartError; QueryOutputError
   */
  async targetsMatching(patterns: readonly Label[]): Promise<readonly Target[]> {
    const doing = `loading ${plural(patterns.length, 'target or pattern')} of external repositories`;
    return this.queryWhatLoads(setOf(patterns, doing), doing);
  }

  /** Asks about the modules of the workspace and the external repositories that they define. */
  get modules(): ModuleQueries {
    return new ModuleQueries(this.textCommands());
  }

  /** Asks about the external repositories that a WORKSPACE file defines. */
  get workspaceFile(): WorkspaceQueries {
    return new WorkspaceQueries(
      this.textCommands(),
      (pattern) => this.printedDefinitions(pattern),
      join(this.privateFolder, 'resolved.bzl'),
    );
  }

  /**
   * The folder in which Bazel keeps external repositories, each in a folder with its canonical name; absolute. Bazel is
   * asked, because a wrapper may choose another output base than this program.
   *
   * @throws BazelError, BazelStartError
   */
  async externalFolder(): Promise<string> {
    if (this.external !== undefined) return this.external;
    const { exitCode, signal, stdout, stderr } = await this.server.call(['info', 'output_base']);
    const folder = stdout.trim();
    if (exitCode !== 0 || folder === '')
      throw new BazelError('asking for the output base', programEnd(exitCode, signal), stderr);
    this.external = join(folder, 'external');
    return this.external;
  }

  /**
   * Whether Bazel works in the folder that this program made for it, and so has fetched nothing before. A wrapper may
   * choose another output base.
   *
   * @throws BazelError, BazelStartError
   */
  async hasOwnOutputBase(): Promise<boolean> {
    return (await this.externalFolder()).startsWith(`${realpathSync(this.privateFolder)}/`);
  }

  /** What repository rules and module extensions did so far. @throws RulesLogError */
  loggedSteps(): LoggedStep[] {
    return this.rulesLog?.steps() ?? [];
  }

  /** The same Bazel, but it neither reads nor writes a lock file of the modules. */
  withoutLockFile(): Bazel {
    this.unlocked ??= new Bazel(
      this.options,
      this.workspace,
      this.privateFolder,
      'ours, without a lock file',
    );
    return this.unlocked;
  }

  /**
   * The same Bazel, whose queries find other files in some external repositories, which are not fetched for them.
   *
   * @param repositories the files by path
   */
  withRepositories(repositories: ReadonlyMap<CanonicalName, ReadonlyMap<string, string>>): Bazel {
    if (repositories.size === 0) return this;
    const overrides = [...repositories].map(([name, files]) => {
      const folder = join(this.privateFolder, 'repositories', name);
      rmSync(folder, { recursive: true, force: true });
      for (const [path, text] of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      return `--override_repository=${name}=${folder}`;
    });
    const queryOptions = [...this.options.queryOptions, ...overrides];
    return new Bazel({ ...this.options, queryOptions }, this.workspace, this.privateFolder, this.ownership);
  }

  /**
   * Whether this Bazel can be told not to write MODULE.bazel.lock. `--lockfile_mode` exists from 7.0 on. (Bazel 6 has
   * it from 6.2 on, but reads no module files unless it is told to.)
   */
  async canLeaveLockFile(): Promise<boolean> {
    return (parseBazelVersion(await this.versionText())?.major ?? 0) >= 7;
  }

  private textCommands(): TextCommands {
    const { queryOptions } = this.options;
    return new TextCommands(
      this.server,
      this.rc(),
      queryOptions,
      this.lockFileOptions(),
      (known) => this.loggingOptions(known),
      this.commandOptions,
    );
  }

  private rc(): QueryRc {
    return new QueryRc(this.workspace, this.options);
  }

  /**
   * The user's startup options for a query. A query must load what builds load, even if rc files set other options for
   * queries.
   */
  private async startupOfQuery(): Promise<readonly string[]> {
    const text = this.rc().textWithGraphOfBuilds(await this.optionsOfQuery());
    if (text === null) return this.options.startupOptions;
    const file = join(this.privateFolder, 'query.bazelrc');
    writeFileSync(file, text);
    return withRcFile(this.options.startupOptions, file);
  }

  /**
   * The names of the options that `query` has in this Bazel; empty if Bazel does not list them.
   *
   * @throws BazelStartError
   */
  private async optionsOfQuery(): Promise<ReadonlySet<string>> {
    this.queryOptions ??= this.server
      .call(['help', 'query', '--short'])
      .then(({ stdout }) => listedOptions(stdout));
    return this.queryOptions;
  }

  /** @throws BazelError if Bazel gives no answer or an incomplete one; BazelStartError; QueryOutputError */
  private async query(expression: string, doing: string): Promise<readonly Target[]> {
    const { failure, said, targets } = await this.askTargets(expression, '--nokeep_going');
    if (failure !== null) throw new BazelError(doing, failure, said);
    return targets();
  }

  /** @throws BazelError if Bazel gives no answer; BazelStartError; QueryOutputError */
  private async queryWhatLoads(expression: string, doing: string): Promise<readonly Target[]> {
    const { failure, said, targets } = await this.askTargets(expression, '--keep_going');
    if (failure === null) return targets();
    const code = failure.kind === 'exited' ? failure.exitCode : null;
    if (code === PARTIAL_ANSWER) return targets();
    if (code === NOTHING_FOUND) return [];
    throw new BazelError(doing, failure, said);
  }

  /**
   * The definitions of rules as Starlark code, with where they were made.
   *
   * @throws BazelError if Bazel gives no answer or an incomplete one; BazelStartError; QueryOutputError
   */
  private async printedDefinitions(pattern: string): Promise<string> {
    const chunks: Buffer[] = [];
    const { failure, said, file } = await this.ask(pattern, '--nokeep_going', 'build', (chunk) => {
      chunks.push(chunk);
    });
    if (failure !== null) throw new BazelError(`loading ${pattern}`, failure, said);
    if (file === null) return Buffer.concat(chunks).toString();
    const text = textIfReadable(file);
    if (text === null) throw new QueryOutputError(`Bazel wrote no answer to ${file}`);
    return text;
  }

  private async askTargets(
    expression: string,
    keepGoing: '--keep_going' | '--nokeep_going',
  ): Promise<Reply & { readonly targets: () => Promise<readonly Target[]> }> {
    const framing = await this.framing();
    let answer = new QueryAnswer(framing);
    const reply = await this.ask(
      expression,
      keepGoing,
      framing,
      (chunk) => {
        answer.push(chunk);
      },
      () => {
        answer = new QueryAnswer(framing);
      },
    );
    return {
      ...reply,
      targets: async () => {
        if (reply.file === null) answer.end();
        else await answer.readFile(reply.file);
        return answer.targets;
      },
    };
  }

  /**
   * @param onPrinted gets the answer as it arrives, if Bazel writes no file
   * @param onStart is called before each attempt
   */
  private async ask(
    expression: string,
    keepGoing: '--keep_going' | '--nokeep_going',
    output: QueryOutput,
    onPrinted: (chunk: Buffer) => void,
    onStart: () => void = () => undefined,
  ): Promise<Reply> {
    const known = await this.optionsOfQuery();
    const files = this.freshFiles(known);
    writeFileSync(files.query, expression);
    const args = queryArguments({
      queryOptions: this.options.queryOptions,
      keepGoing,
      output,
      externals: [...this.lockFileOptions(), ...this.loggingOptions(known)],
      known,
      files,
    });
    const { ended } = await this.server.start(async () => {
      onStart();
      const startup = this.server.startup(await this.startupOfQuery());
      const command = { tool: this.options.command, args: [...startup, ...args], folder: this.workspace };
      const ended = await stream(command, (chunk) => {
        if (files.answer === null) onPrinted(chunk);
      });
      return { ended };
    });
    return {
      failure: await failureOf(ended, files.events),
      said: this.shown(ended.stderr),
      file: files.answer,
    };
  }

  /**
   * Bazel must not take repositories out of a cache: what is not fetched is not logged.
   *
   * @param known the names of the options that the command has
   */
  private loggingOptions(known: ReadonlySet<string>): string[] {
    if (this.rulesLog === null) return [];
    const cache = known.has('repo_contents_cache') ? ['--repo_contents_cache='] : [];
    return [...cache, ...this.rulesLog.nextOptions()];
  }

  /** The files of the next query. Those of the last one are removed. */
  private freshFiles(known: ReadonlySet<string>): QueryFiles {
    const fresh = (name: string): string => {
      const file = join(this.privateFolder, name);
      rmSync(file, { force: true });
      return file;
    };
    return {
      query: fresh('query'),
      answer: known.has('output_file') ? fresh('answer') : null,
      events: known.has('build_event_json_file') ? fresh('query-events.jsonl') : null,
    };
  }

  /** Bazel's output with paths that the user knows, and without the messages of its start. */
  private shown(output: string): string {
    return output
      .replaceAll(`${this.workspace}/`, '')
      .replace(/^(Starting local Bazel server|INFO: Build Event Protocol files).*\n/gm, '');
  }

  /** `--output=streamed_proto` is broken in 7.0.0 only: https://github.com/bazelbuild/bazel/issues/20613 */
  private async framing(): Promise<Framing> {
    const version = parseBazelVersion(await this.versionText());
    return version?.major === 7 && version.minor === 0 && version.patch === 0 ? 'proto' : 'streamed_proto';
  }

  /**
   * In a workspace that is not ours, Bazel must not write the lock file: it must use an existing one as it is, and must
   * not create a missing one.
   */
  private lockFileOptions(): string[] {
    switch (this.ownership) {
      case 'ours':
        return [];
      case 'ours, without a lock file':
        return ['--lockfile_mode=off'];
      case "the user's":
        return [`--lockfile_mode=${existsSync(join(this.workspace, LOCK_FILE)) ? 'error' : 'off'}`];
    }
  }
}

/** The result of a query. */
interface Reply {
  /** Null if Bazel reported success. */
  readonly failure: BazelFailure | null;
  /** Bazel's messages. */
  readonly said: string;
  /** The file to which Bazel wrote its answer; null if it printed that. */
  readonly file: string | null;
}

/** @param eventFile the file in which Bazel records its exit code; null if this Bazel has no option for it */
async function failureOf(
  { exitCode, signal }: Pick<Ended, 'exitCode' | 'signal'>,
  eventFile: string | null,
): Promise<BazelFailure | null> {
  const end = programEnd(exitCode, signal);
  if (!hasSucceeded(end)) return end;
  const finished = eventFile === null ? undefined : await finishedExitCode(eventFile);
  if (finished === null) return { kind: 'unfinished' };
  return finished === undefined || finished === 0 ? null : { kind: 'exited', exitCode: finished };
}

/**
 * A query expression for all targets of some packages.
 *
 * @param doing what the query is for
 * @throws BazelError if a query cannot name one of them
 */
function patternsOf(packages: readonly PackagePath[], doing: string): string {
  const unwritable = packages.find((path) => quotedInQuery(`//${path}`) === null);
  if (unwritable !== undefined) throw notAsked(doing, `the package //${unwritable}`);
  return setOf(
    packages.map((path) => `//${path}:all-targets`),
    doing,
  );
}

/** @throws BazelError if a query cannot name one of the patterns */
function setOf(patterns: readonly string[], doing: string): string {
  const words = patterns.map((pattern) => {
    const quoted = quotedInQuery(pattern);
    if (quoted === null) throw notAsked(doing, pattern);
    return quoted;
  });
  return `set(${words.join('\n')})`;
}

function notAsked(doing: string, what: string): BazelError {
  const why = `a query cannot name ${what}, which has both kinds of quotes in its name`;
  return new BazelError(doing, { kind: 'not asked', why }, '');
}

/** Whether a folder is the root of a Bazel workspace. */
export function isWorkspace(folder: string): boolean {
  return REPOSITORY_MARKERS.some((marker) => existsSync(join(folder, marker)));
}
