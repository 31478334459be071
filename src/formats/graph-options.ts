import { joinedOptions, optionsFor } from './rc-lines.js';
import type { RcLine } from './rc.js';

/**
 * Options of which a graph depends: which packages and repositories there are, and what their code may do.
 * From `bazel help flags-as-proto` of 7.7.1, among those that `query` and `build` have in common; the rest of those is about
 * caches, connections, logs and looks.
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

/** Experimental and incompatible options change what Bazel's language does, but for those that begin like this. */
const OTHER_EXPERIMENTS =
  /^incompatible_remote|^experimental_(announce|bep|build_event|check_(external|output)|circuit|collect|command_profile|disk_cache|downloader|force_gc|guard|profile|publish|record|remote|repository_(cache|downloader)|run_bep|scale|stream|throttle|ui|use_|windows|worker|workspace_rules_log)/;

/** The name of an option without dashes, value and a `no` that turns it off. */
function optionName(option: string): string {
  const name = /^--([^=]*)/.exec(option)?.[1] ?? '';
  const positive = name.replace(/^no(?=[a-z])/, '');
  return GRAPH_OPTIONS.has(positive) || EXPERIMENT.test(positive) ? positive : name;
}

const EXPERIMENT = /^(experimental|incompatible)_/;

/** Whether a graph depends on an option, written `--name`, `--noname` or `--name=value`. */
export function isGraphOption(option: string): boolean {
  const name = optionName(option);
  return GRAPH_OPTIONS.has(name) || (EXPERIMENT.test(name) && !OTHER_EXPERIMENTS.test(name));
}

/**
 * Rc lines under which `bazel query` loads what `bazel build` loads; null where it does so as they are. Options stand in
 * rc files that give queries another graph: `query --deleted_packages=app` hides from a plan what the legs see.
 *
 * @param ofSystem the lines of the machine's own rc file, which stay in force and are no part of the answer
 * @param lines those of the other files
 * @param queryOptions what queries get on the command line: a configuration counts that they turn on
 * @param platform the name that `--enable_platform_specific_config` turns on
 * @param known the names of the options that `bazel query` has, in this Bazel
 */
export function linesWithGraphOfBuilds(
  ofSystem: readonly RcLine[],
  lines: readonly RcLine[],
  queryOptions: readonly string[],
  platform: string,
  known: ReadonlySet<string>,
): RcLine[] | null {
  const configurations = queryOptions.filter((option) =>
    /^--(config=|enable_platform_specific_config$)/.test(option),
  );
  const graphOptions = (commands: readonly string[], more: readonly RcLine[]): string[] =>
    optionsFor(commands, [...ofSystem, ...lines, ...more], platform).filter(
      (option) => isGraphOption(option) && known.has(optionName(option)),
    );
  const ofBuilds = graphOptions([...FOR_ALL, 'build'], []);
  const ofQueries = graphOptions([...FOR_ALL, 'query'], [{ command: 'query', words: configurations }]);
  if (ofBuilds.join('\0') === ofQueries.join('\0')) return null;
  // Whatever line or configuration has them, and whoever turns it on: what builds have stands in the last line.
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

/** Each query of a plan has it anyway. Bazel refuses a `--config` of which no option is left. */
const HARMLESS_OPTIONS = '--noshow_progress';

const FOR_ALL = ['always', 'common'];

/** Packages that `--deleted_packages` takes out of a graph: `app`, `//app`, `@//app`, several with commas between. */
export function deletedPackagesIn(options: readonly string[]): string[] {
  return options
    .filter((option) => option.startsWith('--deleted_packages='))
    .flatMap((option) => option.slice('--deleted_packages='.length).split(','))
    .map((name) => name.replace(/^@{0,2}\/\//, ''));
}
