import picomatch from 'picomatch';
import { parse as parseYaml } from 'yaml';
import { splitWords } from '../formats/rc.js';
import { joinedOptions } from '../formats/rc-lines.js';
import type { BazelOptions } from '../adapters/bazel/bazel.js';
import type { RunsOn } from './legs/leg.js';
import { FAN_OUTS, MOST_JOBS, type LegRules } from './legs/legs.js';
import { parsePattern, PatternError, type TargetPattern } from './legs/patterns.js';
import { PLAN_MODES, type PlanMode } from './legs/selection.js';
import { InputError } from '../text/input-error.js';

/** The plan's inputs with their defaults: the same for the action (where action.yml repeats them) and the command line. */
export const PLAN_INPUTS = {
  workspace: '.',
  base: '',
  head: '',
  mode: 'auto',
  targets: '//...',
  'release-kinds': 'artifact_ci_release',
  'release-branches': '',
  'exclude-tags': 'manual,no-ci',
  'always-tags': '',
  'everything-on': '',
  ignore: '',
  'fan-out': 'target',
  'max-jobs': String(MOST_JOBS),
  'runs-on': 'ubuntu-latest',
  runners: '',
  bazel: 'bazel',
  'startup-options': '',
  'query-options': '',
  'leg-options': '',
  snapshots: 'true',
  'github-token': '',
} as const;

export type PlanInputName = keyof typeof PLAN_INPUTS;

/** Whether snapshots of earlier plans are used and kept; `verify`: each one that is used is compared with a full query. */
export type SnapshotUse = 'true' | 'false' | 'read-only' | 'verify';

const SNAPSHOT_USES: readonly SnapshotUse[] = ['true', 'false', 'read-only', 'verify'];

/** Gives an input as the user wrote it; empty where they did not. */
export type InputReader = (name: PlanInputName) => string;

/** Matches a path of the repository. */
export type PathMatcher = (path: string) => boolean;

/** The plan's inputs, checked. */
export interface PlanInputs {
  /** Relative to the repository, `''` for its root. */
  readonly workspace: string;
  /** A revision, or null: by the event. */
  readonly base: string | null;
  readonly head: string | null;
  readonly mode: PlanMode | 'auto';
  readonly targets: readonly TargetPattern[];
  readonly isReleaseKind: (ruleClass: string) => boolean;
  /** Null: the repository's default branch. */
  readonly isReleaseBranch: ((branch: string) => boolean) | null;
  readonly excludeTags: readonly string[];
  /** Tests with one of these run in every plan. */
  readonly alwaysTags: readonly string[];
  readonly everythingOn: PathMatcher;
  readonly ignore: PathMatcher;
  readonly legs: LegRules;
  readonly bazel: BazelOptions;
  /** Options of the input `query-options` that would hide packages which the legs see: they are not used. */
  readonly unusedQueryOptions: readonly string[];
  /** Lines of options that legs are called with: what they name is watched. */
  readonly legOptions: readonly string[];
  readonly snapshots: SnapshotUse;
  /** Empty: no calls to GitHub. */
  readonly githubToken: string;
}

/**
 * Checks all inputs.
 *
 * @throws InputError for the first one that cannot be used
 */
export function parsePlanInputs(read: InputReader): PlanInputs {
  const value = (name: PlanInputName): string => read(name).trim() || PLAN_INPUTS[name];
  const legOptions = lines(value('leg-options'));
  const queryOptions = splitOptions('query-options', value('query-options'));
  const unusedQueryOptions = hidingOptions(queryOptions, legOptions);
  return {
    workspace: parseWorkspace(value('workspace')),
    base: value('base') || null,
    head: value('head') || null,
    mode: oneOf('mode', value('mode'), ['auto', ...PLAN_MODES]),
    targets: parseTargets(value('targets')),
    isReleaseKind: matcher('release-kinds', words(value('release-kinds'))),
    isReleaseBranch:
      value('release-branches') === '' ? null : matcher('release-branches', words(value('release-branches'))),
    excludeTags: words(value('exclude-tags')),
    alwaysTags: words(value('always-tags')),
    everythingOn: pathMatcher('everything-on', lines(value('everything-on'))),
    ignore: pathMatcher('ignore', lines(value('ignore'))),
    legs: {
      fanOut: oneOf('fan-out', value('fan-out'), FAN_OUTS),
      maxJobs: parseMaxJobs(value('max-jobs')),
      runsOn: parseRunsOn('runs-on', value('runs-on')),
      runners: parseRunners(value('runners')),
    },
    bazel: {
      command: value('bazel'),
      startupOptions: splitOptions('startup-options', value('startup-options')),
      queryOptions: queryOptions.filter((option) => !unusedQueryOptions.includes(option)),
    },
    unusedQueryOptions,
    legOptions,
    snapshots: oneOf('snapshots', value('snapshots'), SNAPSHOT_USES),
    githubToken: value('github-token'),
  };
}

/** @returns the folder relative to the repository, `''` for its root. @throws InputError */
export function parseWorkspace(text: string): string {
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  if (text.startsWith('/') || parts.includes('..')) {
    throw new InputError('workspace', text, 'a folder inside the repository, relative to its root');
  }
  return parts.join('/');
}

function parseTargets(text: string): TargetPattern[] {
  return text
    .split(/\s+(?=-?@{0,2}\/\/)|\n/)
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
    .map((pattern) => {
      try {
        return parsePattern(pattern);
      } catch (error) {
        if (!(error instanceof PatternError)) throw error;
        throw new InputError(
          'targets',
          pattern,
          'target patterns like //..., //a/..., //a:all, //a:b, each also with a - before it',
        );
      }
    });
}

function parseMaxJobs(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MOST_JOBS) {
    throw new InputError(
      'max-jobs',
      text,
      `a whole number from 1 to ${MOST_JOBS} (GitHub's limit for a matrix)`,
    );
  }
  return count;
}

function parseRunsOn(name: PlanInputName, text: string): RunsOn {
  if (!text.startsWith('[')) return text;
  return checkRunsOn(name, text, readYaml(name, text, A_RUNNER));
}

const A_RUNNER = 'a runner label, or a list of labels like [self-hosted, linux]';

function checkRunsOn(name: PlanInputName, text: string, value: unknown): RunsOn {
  if (typeof value === 'string' && value !== '') return value;
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((label): label is string => typeof label === 'string' && label !== '')
  ) {
    return value;
  }
  throw new InputError(name, text, A_RUNNER);
}

function parseRunners(text: string): ReadonlyMap<string, RunsOn> {
  const allowed = 'a YAML map from tag to runner, one a line, like `gpu: [self-hosted, gpu]`';
  if (text === '') return new Map();
  const value = readYaml('runners', text, allowed);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError('runners', text, allowed);
  return new Map(
    Object.entries(value).map(([tag, runner]) => [
      tag,
      checkRunsOn('runners', `${tag}: ${JSON.stringify(runner)}`, runner),
    ]),
  );
}

function readYaml(name: PlanInputName, text: string, allowed: string): unknown {
  try {
    return parseYaml(text);
  } catch {
    throw new InputError(name, text, allowed);
  }
}

function oneOf<Word extends string>(name: PlanInputName, text: string, allowed: readonly Word[]): Word {
  const word = allowed.find((candidate) => candidate === text);
  if (word === undefined) throw new InputError(name, text, allowed.join(', '));
  return word;
}

/** No path that git lists starts or ends with a slash, so a glob that does would match nothing, without a word. */
function pathMatcher(name: PlanInputName, globs: readonly string[]): PathMatcher {
  const wrong = globs.find((glob) => glob.startsWith('/') || glob.endsWith('/'));
  if (wrong !== undefined) {
    throw new InputError(
      name,
      wrong,
      `globs of files, relative to the repository and without a / at either end: ${relativeGlob(wrong)}`,
    );
  }
  return matcher(name, globs);
}

/** What a glob with a slash at its start or end was meant to be. */
function relativeGlob(glob: string): string {
  const parts = glob.replace(/^\/+/, '').split('/');
  if (parts.at(-1) !== '') return parts.join('/');
  while (parts.at(-1) === '') parts.pop();
  return (parts.at(-1) === '**' ? parts : [...parts, '**']).join('/');
}

function matcher(name: PlanInputName, globs: readonly string[]): PathMatcher {
  if (globs.length === 0) return () => false;
  const negative = globs.find((glob) => glob.startsWith('!'));
  if (negative !== undefined) {
    throw new InputError(name, negative, 'globs without a leading !, like docs/** or **/*.md');
  }
  // With `s`, ** also passes over a line end in a name: `everything-on` must not miss one.
  return picomatch([...globs], { dot: true, flags: 's' });
}

/** Options of Bazel, written as in an rc file. @throws InputError if one is no option */
export function splitOptions(name: string, text: string): string[] {
  const split = text.split('\n').flatMap(splitWords);
  const wrong = split.find((word) => !word.startsWith('-'));
  if (wrong !== undefined)
    throw new InputError(name, wrong, 'options of Bazel, each in the form --name or --name=value');
  return split;
}

/** Options that hide packages from queries alone: what the legs see, a plan has to see. */
function hidingOptions(queryOptions: readonly string[], legOptions: readonly string[]): string[] {
  const ofLegs = new Set(legOptions.flatMap((line) => joinedOptions(splitWords(line))));
  return queryOptions.filter(
    (option) => /^--(deleted_packages|package_path)=/.test(option) && !ofLegs.has(option),
  );
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
