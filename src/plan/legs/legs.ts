import type { Label } from '../../graph/label.js';
import type { RuleTarget } from '../../graph/target.js';
import { expectedSeconds } from './duration.js';
import { MODES, type Leg, type Mode, type RunsOn } from './leg.js';
import { placeOf, runnerOf, type ProjectOf, type RunnerRules } from './place.js';
import type { Selection } from './selection.js';
import type { Wait } from './waits.js';

/**
 * How targets are distributed over legs: one leg each, legs of about equal time, or all in one. Each release always has
 * its own leg, unless the limit of jobs prevents it.
 */
export type FanOut = 'target' | 'balanced' | 'single';

export const FAN_OUTS: readonly FanOut[] = ['target', 'balanced', 'single'];

/** GitHub's own limit for one matrix. */
export const MOST_JOBS = 256;

export interface LegRules extends RunnerRules {
  readonly fanOut: FanOut;
  /** The maximum number of legs. It is exceeded only if modes, runners and projects alone need more. */
  readonly maxJobs: number;
}

/** Fixed cost of a job (checkout, caches, Bazel's start, analysis) in seconds, until it is measured. */
const JOB_SECONDS = 90;

/** With bins of at least this many seconds, the fixed cost of a job is at most a quarter of its work. */
const SMALLEST_BIN_SECONDS = 4 * JOB_SECONDS;

const LONGEST_NAME = 100;

/** Targets that can share a leg: one mode, one runner, one project, and releases that wait alike. */
interface Group {
  readonly mode: Mode;
  readonly runsOn: RunsOn;
  readonly rules: readonly RuleTarget[];
  readonly seconds: number;
}

interface Bin {
  readonly rules: RuleTarget[];
  seconds: number;
}

/**
 * Distributes the selected targets over legs. Every target is in exactly one leg, and the longest leg comes first.
 *
 * @param waits what each release waits for
 */
export function legsOf(
  selection: Selection,
  rules: LegRules,
  projectOf: ProjectOf = () => null,
  waits: ReadonlyMap<Label, Wait> = new Map(),
): Leg[] {
  const groups = MODES.flatMap((mode) => groupsOf(mode, selection.chosen[mode], rules, projectOf, waits));
  const counts = legCounts(groups, rules);
  const legs = groups.flatMap((group, index) => fill(group, counts[index] ?? 1));
  legs.sort(
    (one, other) => other.bin.seconds - one.bin.seconds || (keyOf(one.bin) < keyOf(other.bin) ? -1 : 1),
  );
  const names = new Set<string>();
  return legs.map(({ group, bin }) => {
    const targets = bin.rules.map((rule) => rule.label).sort();
    const leg = { name: legName(targets, names), mode: group.mode, targets, runsOn: group.runsOn };
    return { ...leg, ...awaitedBy(targets, waits) };
  });
}

/** What the releases of one leg wait for. All of them wait for all tests, or none does. */
function awaitedBy(
  targets: readonly Label[],
  waits: ReadonlyMap<Label, Wait>,
): Pick<Leg, 'ownTests' | 'waitsForTests'> {
  const ofTargets = targets.flatMap((label) => waits.get(label) ?? []);
  if (ofTargets.some(({ kind }) => kind === 'all tests')) return { waitsForTests: true };
  const tests = new Set(ofTargets.flatMap((wait) => (wait.kind === 'own tests' ? wait.tests : [])));
  return tests.size === 0 ? {} : { ownTests: [...tests].sort() };
}

function groupsOf(
  mode: Mode,
  chosen: readonly RuleTarget[],
  rules: LegRules,
  projectOf: ProjectOf,
  waits: ReadonlyMap<Label, Wait>,
): Group[] {
  const byRunner = new Map<string, { runsOn: RunsOn; rules: RuleTarget[] }>();
  for (const rule of chosen) {
    const runsOn = runnerOf(rule, rules);
    const isLate = waits.get(rule.label)?.kind === 'all tests';
    const key = `${placeOf(rule, rules, projectOf)} ${isLate}`;
    const group = byRunner.get(key) ?? { runsOn, rules: [] };
    group.rules.push(rule);
    byRunner.set(key, group);
  }
  return [...byRunner.values()].map((group) => ({
    mode,
    ...group,
    seconds: group.rules.reduce((sum, rule) => sum + expectedSeconds(rule), 0),
  }));
}

/** The number of legs for each group: as many as the fan-out asks for, or fewer if that exceeds the limit. */
function legCounts(groups: readonly Group[], rules: LegRules): number[] {
  const wanted = groups.map((group) => wantedLegs(group, rules.fanOut));
  const limit = Math.max(rules.maxJobs, groups.length);
  const isRelease = groups.map(({ mode }) => mode === 'release');
  const releases = sum(wanted.filter((_, at) => isRelease[at]));
  const others = wanted.filter((_, at) => !isRelease[at]);
  // Other targets share legs before releases do.
  if (releases + others.length > limit) return shrink(wanted, limit);
  const shrunk = shrink(others, limit - releases).values();
  return wanted.map((count, at) => (isRelease[at] ? count : (shrunk.next().value ?? 1)));
}

function wantedLegs(group: Group, fanOut: FanOut): number {
  // The name of a release leg is the lock that keeps two runs from making the same release at once. A leg with several
  // releases could only be locked as a whole.
  if (group.mode === 'release') return group.rules.length;
  switch (fanOut) {
    case 'target':
      return group.rules.length;
    case 'balanced':
      return Math.min(group.rules.length, Math.max(1, Math.floor(group.seconds / SMALLEST_BIN_SECONDS)));
    case 'single':
      return 1;
  }
}

/** Reduces counts in proportion until their sum is within the limit. Each count stays at least 1. */
function shrink(wanted: readonly number[], limit: number): number[] {
  const total = sum(wanted);
  if (total <= limit) return [...wanted];
  const counts = wanted.map((count) => Math.max(1, Math.floor((count / total) * limit)));
  // Groups that were raised to one leg may make the sum exceed the limit, so the largest counts are reduced.
  for (let over = sum(counts) - limit; over > 0; over--) {
    const largest = counts.indexOf(Math.max(...counts));
    counts[largest] = (counts[largest] ?? 1) - 1;
  }
  return counts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Distributes targets over bins: the longest first, each into the lightest bin. */
function fill(group: Group, count: number): { group: Group; bin: Bin }[] {
  const bins: Bin[] = Array.from({ length: count }, () => ({ rules: [], seconds: 0 }));
  const longestFirst = [...group.rules].sort((one, other) => expectedSeconds(other) - expectedSeconds(one));
  for (const rule of longestFirst) {
    const lightest = bins.reduce((best, bin) =>
      bin.seconds < best.seconds || (bin.seconds === best.seconds && bin.rules.length < best.rules.length)
        ? bin
        : best,
    );
    lightest.rules.push(rule);
    lightest.seconds += expectedSeconds(rule);
  }
  return bins.map((bin) => ({ group, bin }));
}

function keyOf(bin: Bin): string {
  return bin.rules[0]?.label ?? '';
}

/** A name that a person recognises: the target itself, or the first of several. It is short, printable and unique. */
function legName(targets: readonly Label[], taken: Set<string>): string {
  const more = targets.length > 1 ? ` + ${targets.length - 1} more` : '';
  // Control and format characters could forge log lines or hide text.
  const first = (targets[0] ?? '').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
  for (let count = 1; ; count++) {
    const suffix = count === 1 ? more : `${more} (${count})`;
    const name = shorten(first, LONGEST_NAME - suffix.length) + suffix;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

/** Cuts a text at its start, where labels differ least, and never inside a character. */
function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return `…${text.slice(-(length - 1)).replace(/^[\uDC00-\uDFFF]/, '')}`;
}
