import { joinedOptions, optionsFor } from './rc-lines.js';
import type { RcLine } from './rc.js';

/**
 * Options that a graph depends on: they decide which packages and repositories exist, and what their code may do. The
 * list is from `bazel help flags-as-proto` of 7.7.1, from the options that `query` and `build` share. The others that
 * they share are about caches, connections, logs and appearance.
 */
const GRAPH_OPTIONS: ReadonlySet<string> = new Set([
  'allow_yanked_versions',
  'check_bzl_visibility',
  'default_visibility',
  'deleted_packages',
  'enable_bzlmod',
  'enable_workspace',
  'ignore_dev_dependency',
  'inject_repository',
  'max_computation_steps',
  'nested_set_depth_limit',
  'override_module',
  'override_repository',
  'package_path',
  'registry',
  'repo_env',
  'repositories_without_autoloads',
  'vendor_dir',
]);

/** Experimental and incompatible options change the semantics of Starlark, except those that begin like this. */
const OTHER_EXPERIMENTS =
  /^incompatible_remote|^experimental_(announce|bep|build_event|check_(external|output)|circuit|collect|command_profile|disk_cache|downloader|force_gc|guard|profile|publish|record|remote|repository_(cache|downloader)|run_bep|scale|stream|throttle|ui|use_|windows|worker|workspace_rules_log)/;

/** The name of an option, without dashes, value, and the `no` that turns it off. */
function nameOfOption(option: string): string {
  const name = /^--([^=]*)/.exec(option)?.[1] ?? '';
  const positive = name.replace(/^no(?=[a-z])/, '');
  return GRAPH_OPTIONS.has(positive) || EXPERIMENT.test(positive) ? positive : name;
}

const EXPERIMENT = /^(experimental|incompatible)_/;

/** Whether a graph depends on an option, which is written `--name`, `--noname` or `--name=value`. */
export function isGraphOption(option: string): boolean {
  const name = nameOfOption(option);
  return GRAPH_OPTIONS.has(name) || (EXPERIMENT.test(name) && !OTHER_EXPERIMENTS.test(name));
}

/** The options that a graph depends on. @param known the names of the options that a command has */
export function graphOptionsAmong(options: readonly string[], known: ReadonlySet<string>): string[] {
  return options.filter((option) => isGraphOption(option) && known.has(nameOfOption(option)));
}

/**
 * Rc lines that make `bazel query` load what `bazel build` loads; null if it does so already. Options in rc files can
 * give queries a different graph: `query --deleted_packages=app` would hide from the plan a package that the legs
 * build.
 *
 * @param ofSystem the lines of the machine's own rc file, which also apply and are not in the result
 * @param lines the lines of the other rc files
 * @param onCommandLine the options of queries on the command line, which may turn on configurations, and the
 *   configurations that builds turn on there as well
 * @param platform the configuration that `--enable_platform_specific_config` turns on
 * @param known the names of the options that `bazel query` has in this Bazel
 */
export function linesWithGraphOfBuilds(
  ofSystem: readonly RcLine[],
  lines: readonly RcLine[],
  onCommandLine: {
    readonly queryOptions: readonly string[];
    readonly sharedConfigurations: readonly string[];
  },
  platform: string,
  known: ReadonlySet<string>,
): RcLine[] | null {
  const configurations = onCommandLine.queryOptions.filter((option) =>
    /^--(config=|enable_platform_specific_config$)/.test(option),
  );
  const graphOptions = (commands: readonly string[], more: readonly RcLine[]): string[] =>
    graphOptionsAmong(optionsFor(commands, [...ofSystem, ...lines, ...more], platform), known);
  const ofBuilds = graphOptions(
    [...FOR_ALL, 'build'],
    [{ command: 'build', words: onCommandLine.sharedConfigurations }],
  );
  const ofQueries = graphOptions([...FOR_ALL, 'query'], [{ command: 'query', words: configurations }]);
  if (ofBuilds.join('\0') === ofQueries.join('\0')) return null;
  // Options of the graph are removed from every line, because any command or configuration may set them. The last line
  // sets the options that builds have.
  const others = lines.map(({ command, words }) =>
    command === 'startup' || IMPORTS.test(command)
      ? { command, words }
      : {
          command,
          words: [...joinedOptions(words).filter((option) => !isGraphOption(option)), HARMLESS_OPTIONS],
        },
  );
  return [...others, { command: 'query', words: ofBuilds }];
}

const IMPORTS = /^(try-)?import/;

/**
 * Keeps lines from becoming empty, because Bazel refuses a `--config` without options. Every query of a plan has this
 * option anyway.
 */
const HARMLESS_OPTIONS = '--noshow_progress';

const FOR_ALL = ['always', 'common'];

/**
 * The packages that `--deleted_packages` removes from a graph: `app`, `//app`, `@//app`, or several separated by
 * commas.
 */
export function deletedPackagesIn(options: readonly string[]): string[] {
  return options
    .filter((option) => option.startsWith('--deleted_packages='))
    .flatMap((option) => option.slice('--deleted_packages='.length).split(','))
    .map((name) => name.replace(/^@{0,2}\/\//, ''));
}

/** What options set instead of the definitions of repositories: `NAME=FOLDER`, in their order. The last one counts. */
export function repositoryOverridesIn(options: readonly string[]): string[] {
  return options
    .filter((option) => /^--(override_repository|inject_repository)=/.test(option))
    .map((option) => option.slice(option.indexOf('=') + 1));
}
