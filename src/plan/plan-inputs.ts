import { createHash } from 'node:crypto';
import { hasOpenQuote, splitWords } from '../formats/rc.js';
import { joinedOptions } from '../formats/rc-lines.js';
import type { BazelOptions } from '../adapters/bazel/server.js';
import { globMatcher, pathMatcher, type PathMatcher } from './glob-inputs.js';
import { RELEASE_AFTERS, type ReleaseAfter } from './legs/leg.js';
import { FAN_OUTS, MOST_JOBS, type LegRules } from './legs/legs.js';
import { parsePattern, PatternError, type TargetPattern } from './legs/patterns.js';
import { PLAN_MODES, type PlanMode } from './legs/selection.js';
import { parseRunners, parseRunsOn } from './runner-inputs.js';
import { InputError } from '../text/input-error.js';

/** The plan's inputs with their defaults, for both the action (action.yml repeats them) and the command line. */
export const PLAN_INPUTS = {
  workspace: '.',
  base: '',
  head: '',
  mode: 'auto',
  targets: '//...',
  'release-kinds': 'artifact_ci_release',
  'release-branches': '',
  'release-after': 'own-tests',
  'exclude-tags': 'manual,no-ci',
  'always-tags': '',
  'merge-group-counts': 'true',
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
  'externals-minutes': '10',
  record: 'here',
  'github-token': '',
} as const;

export type PlanInputName = keyof typeof PLAN_INPUTS;

/**
 * Whether snapshots of earlier plans are used and stored. With `verify`, each snapshot that is used is compared with a
 * full query.
 */
export type SnapshotUse = 'true' | 'false' | 'read-only' | 'verify';

const SNAPSHOT_USES: readonly SnapshotUse[] = ['true', 'false', 'read-only', 'verify'];

/** Where it is recorded what external repositories read: in the step that plans, or in a job of its own. */
export type RecordPlace = 'here' | 'later';

const RECORD_PLACES: readonly RecordPlace[] = ['here', 'later'];

/** The inputs that decide which tests run, and how. */
const TEST_SETTINGS: readonly PlanInputName[] = [
  'workspace',
  'targets',
  'exclude-tags',
  'always-tags',
  'everything-on',
  'ignore',
  'runs-on',
  'runners',
  'bazel',
  'startup-options',
  'query-options',
  'leg-options',
];

/** Returns an input as the user wrote it; empty if the user did not set it. */
export type InputReader = (name: PlanInputName) => string;

/** The plan's inputs, checked. */
export interface PlanInputs {
  /** Relative to the repository; `''` is its root. */
  readonly workspace: string;
  /** A revision; null if the event decides. */
  readonly base: string | null;
  readonly head: string | null;
  readonly mode: PlanMode | 'auto';
  readonly targets: readonly TargetPattern[];
  /** Whether the user chose targets; otherwise the patterns are those for all. */
  readonly choosesTargets: boolean;
  /** Globs of rule classes, as the user wrote them. */
  readonly releaseKinds: readonly string[];
  readonly isReleaseKind: (ruleClass: string) => boolean;
  /** Null if only the repository's default branch is a release branch. */
  readonly isReleaseBranch: ((branch: string) => boolean) | null;
  /** What a release waits for. */
  readonly releaseAfter: ReleaseAfter;
  readonly excludeTags: readonly string[];
  /** Tests with one of these tags run in every plan. */
  readonly alwaysTags: readonly string[];
  /** Whether a green run for a merge group counts as the tests of the push of its commit. */
  readonly mergeGroupCounts: boolean;
  /** A digest of the inputs that decide which tests run, and how. */
  readonly testSettings: string;
  readonly everythingOn: PathMatcher;
  readonly ignore: PathMatcher;
  readonly legs: LegRules;
  readonly bazel: BazelOptions;
  /** Options of the input `query-options` that are not used, because they would hide packages that the legs see. */
  readonly unusedQueryOptions: readonly string[];
  /** Lines of options with which legs call Bazel. A change of a path or label that they name affects everything. */
  readonly legOptions: readonly string[];
  readonly snapshots: SnapshotUse;
  /** How long external repositories may be compared. With 0 they are not, and every change of them affects everything. */
  readonly externalsMinutes: number;
  readonly record: RecordPlace;
  /** If it is empty, GitHub is not called. */
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
  const ofLegs = new Set(legOptions.flatMap((line) => joinedOptions(splitWords(line))));
  const unusedQueryOptions = hidingOptions(queryOptions, ofLegs);
  const releaseKinds = words(value('release-kinds'));
  return {
    workspace: parseWorkspace(value('workspace')),
    base: value('base') || null,
    head: value('head') || null,
    mode: oneOf('mode', value('mode'), ['auto', ...PLAN_MODES]),
    targets: parseTargets(value('targets')),
    choosesTargets: value('targets') !== PLAN_INPUTS.targets,
    releaseKinds,
    isReleaseKind: globMatcher('release-kinds', releaseKinds),
    isReleaseBranch:
      value('release-branches') === ''
        ? null
        : globMatcher('release-branches', words(value('release-branches'))),
    releaseAfter: oneOf('release-after', value('release-after'), RELEASE_AFTERS),
    excludeTags: words(value('exclude-tags')),
    alwaysTags: words(value('always-tags')),
    mergeGroupCounts: oneOf('merge-group-counts', value('merge-group-counts'), ['true', 'false']) === 'true',
    testSettings: digestOf(TEST_SETTINGS.map(value)),
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
      sharedConfigurations: queryOptions.filter(
        (option) => option.startsWith('--config=') && ofLegs.has(option),
      ),
    },
    unusedQueryOptions,
    legOptions,
    snapshots: oneOf('snapshots', value('snapshots'), SNAPSHOT_USES),
    externalsMinutes: parseMinutes('externals-minutes', value('externals-minutes')),
    record: oneOf('record', value('record'), RECORD_PLACES),
    githubToken: value('github-token'),
  };
}

/**
 * @returns the folder relative to the repository; `''` is its root
 * @throws InputError
 */
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

function parseMinutes(name: PlanInputName, text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > MOST_MINUTES)
    throw new InputError(name, text, `a whole number of minutes from 0 to ${MOST_MINUTES}`);
  return Number(text);
}

/** A job on a runner of GitHub ends after this time. */
const MOST_MINUTES = 360;

function oneOf<Word extends string>(name: PlanInputName, text: string, allowed: readonly Word[]): Word {
  const word = allowed.find((candidate) => candidate === text);
  if (word === undefined) throw new InputError(name, text, allowed.join(', '));
  return word;
}

/**
 * Splits options of Bazel that are written as in an rc file.
 *
 * @throws InputError if one is not an option, or a quote is not closed
 */
export function splitOptions(name: string, text: string): string[] {
  const open = text.split('\n').find(hasOpenQuote);
  if (open !== undefined) throw new InputError(name, open, { problem: 'has a quote that is not closed' });
  const split = text.split('\n').flatMap(splitWords);
  const wrong = split.find((word) => !word.startsWith('-'));
  if (wrong !== undefined)
    throw new InputError(name, wrong, 'options of Bazel, each in the form --name or --name=value');
  return split;
}

/** Options that hide packages only from queries. They cannot be used, because a plan must see what the legs see. */
function hidingOptions(queryOptions: readonly string[], ofLegs: ReadonlySet<string>): string[] {
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

function digestOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
}
