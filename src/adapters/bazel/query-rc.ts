import { resolve } from 'node:path';
import {
  deletedPackagesIn,
  graphOptionsAmong,
  linesWithGraphOfBuilds,
  repositoryOverridesIn,
} from '../../formats/graph-options.js';
import { linesWithImports, optionsFor, rcText } from '../../formats/rc-lines.js';
import { rcFilesInForce } from '../../formats/rc-locations.js';
import type { RcLine } from '../../formats/rc.js';
import { homeFolder, rcFileText } from '../disk/machine-rc.js';

/** The rc files that apply to a query in a workspace. */
export class QueryRc {
  private readonly ofSystem: readonly RcLine[];
  private readonly ofUser: readonly RcLine[];

  /**
   * @param workspace absolute
   * @param options the user's: startup options may add rc files, or turn some off
   */
  constructor(
    workspace: string,
    private readonly options: QueryOptions,
  ) {
    const read = (path: string): string | null => rcFileText(resolve(workspace, path));
    const lines = (paths: readonly string[]): RcLine[] =>
      paths.flatMap((path) => linesWithImports(path, read));
    const { system, user } = rcFilesInForce(options.startupOptions, homeFolder());
    this.ofSystem = lines(system);
    this.ofUser = lines(user);
  }

  /**
   * Whether these files or the startup options choose Java's garbage collector. A server with two such choices does not
   * start.
   */
  get choosesCollector(): boolean {
    const inFiles = [...this.ofSystem, ...this.ofUser]
      .filter(({ command }) => command === 'startup')
      .flatMap(({ words }) => words);
    return [...inFiles, ...this.options.startupOptions].some((option) => /-XX:\+Use\w*GC\b/.test(option));
  }

  /** Packages that builds leave out, relative to the workspace. Queries must leave them out too. */
  get deletedPackages(): readonly string[] {
    return deletedPackagesIn(this.optionsOfBuilds());
  }

  /** Options of builds that replace repositories by folders. */
  get repositoryOverrides(): readonly string[] {
    return repositoryOverridesIn(this.optionsOfBuilds());
  }

  /** Whether builds look for packages in other folders than the workspace. */
  get hasPackagePath(): boolean {
    return this.optionsOfBuilds().some((option) => /^--package_path=(?!%workspace%\/?$)/.test(option));
  }

  /** The options of builds that a graph depends on. @param known the names of the options that a command has */
  graphOptionsOfBuilds(known: ReadonlySet<string>): string[] {
    return graphOptionsAmong(this.optionsOfBuilds(), known);
  }

  private optionsOfBuilds(): string[] {
    const shared = { command: 'build', words: this.options.sharedConfigurations ?? [] };
    const lines = [...this.ofSystem, ...this.ofUser, shared];
    return optionsFor(['always', 'common', 'build'], lines, platformName());
  }

  /**
   * The text of an rc file that makes queries load what builds load. It replaces all rc files but the machine's. Null
   * if queries load the same already.
   *
   * @param known the names of the options that `bazel query` has
   */
  textWithGraphOfBuilds(known: ReadonlySet<string>): string | null {
    const { queryOptions, sharedConfigurations = [] } = this.options;
    const lines = linesWithGraphOfBuilds(
      this.ofSystem,
      this.ofUser,
      { queryOptions, sharedConfigurations },
      platformName(),
      known,
    );
    return lines === null ? null : rcText(lines);
  }
}

/** The user's options, as far as they decide which rc lines apply to queries and builds. */
interface QueryOptions {
  readonly startupOptions: readonly string[];
  readonly queryOptions: readonly string[];
  readonly sharedConfigurations?: readonly string[];
}

const CHOOSES_FILES = /^--(bazelrc=|(no)?(home|workspace)_rc$|(no)?ignore_all_rc_files$)/;

/** Startup options that make Bazel read the given rc file and the machine's, and no others. */
export function withRcFile(startupOptions: readonly string[], file: string): string[] {
  const others = startupOptions.filter((option) => !CHOOSES_FILES.test(option));
  return ['--noworkspace_rc', '--nohome_rc', `--bazelrc=${file}`, ...others];
}

/** Bazel's name for this operating system in the names of configurations. */
function platformName(): string {
  const names: Partial<Record<NodeJS.Platform, string>> = { darwin: 'macos', win32: 'windows' };
  return names[process.platform] ?? process.platform;
}
