import type { Label } from '../../graph/label.js';
import type { RuleTarget } from '../../graph/target.js';
import type { Mode } from './leg.js';
import { exclusionBy, type TargetPattern } from './patterns.js';

/** What CI does with the targets that a plan selects. */
export type PlanMode = 'test' | 'build' | 'release';

export const PLAN_MODES: readonly PlanMode[] = ['test', 'build', 'release'];

/** The rules that decide which affected targets become legs. */
export interface SelectionRules {
  readonly targets: readonly TargetPattern[];
  /** Tells whether a rule class is one of releases. */
  readonly isReleaseKind: (ruleClass: string) => boolean;
  readonly excludeTags: readonly string[];
  /**
   * With `release`, releases are released; with `build`, they are only built; with `test`, they are left out. Tests run
   * in all three modes.
   */
  readonly mode: PlanMode;
  /** Why no platform can build a rule; null if one may. */
  readonly whyIncompatible: (rule: RuleTarget) => string | null;
}

/** A target that is left out, and the rule that leaves it out. */
export interface Excluded {
  readonly label: Label;
  readonly why: string;
}

export interface Selection {
  readonly chosen: Readonly<Record<Mode, readonly RuleTarget[]>>;
  readonly excluded: readonly Excluded[];
}

/**
 * Divides affected rules into those to test, build and release, and those that are left out, with the rule that leaves
 * them out. Rules that are neither a test nor a release are in no list, because tests and releases cover them.
 *
 * @param rules in any order; every list of the result is sorted by label
 */
export function select(rules: Iterable<RuleTarget>, by: SelectionRules): Selection {
  const chosen: Record<Mode, RuleTarget[]> = { test: [], build: [], release: [] };
  const excluded: Excluded[] = [];
  for (const rule of rules) {
    const kind = legKindOf(rule, by);
    if (kind === null) continue;
    const why = exclusionOf(rule, kind, by);
    if (why !== null) excluded.push({ label: rule.label, why });
    else if (kind === 'test') chosen.test.push(rule);
    else chosen[by.mode === 'release' ? 'release' : 'build'].push(rule);
  }
  for (const list of [chosen.test, chosen.build, chosen.release, excluded]) list.sort(byLabel);
  return { chosen, excluded };
}

/** A selection without its tests, which are left out for a reason. */
export function withoutTests({ chosen, excluded }: Selection, why: string): Selection {
  const tests = chosen.test.map(({ label }) => ({ label, why }));
  return { chosen: { ...chosen, test: [] }, excluded: [...excluded, ...tests].sort(byLabel) };
}

type Kind = 'test' | 'test suite' | 'release';

function legKindOf(rule: RuleTarget, by: SelectionRules): Kind | null {
  // A test stays a test even if the release kinds match it. If it were treated as a release, it would only be built,
  // and the plan would silently skip it.
  if (rule.test !== null) return 'test';
  if (rule.ruleClass === 'test_suite') return 'test suite';
  return by.isReleaseKind(rule.ruleClass) ? 'release' : null;
}

function exclusionOf(rule: RuleTarget, kind: Kind, by: SelectionRules): string | null {
  if (kind === 'test suite') return 'a test_suite is not run itself; its tests are';
  const tag = by.excludeTags.find((excluded) => rule.tags.includes(excluded));
  if (tag !== undefined) return `tag ${tag}`;
  const pattern = exclusionBy(by.targets, rule.label);
  if (pattern === '') return 'no target pattern matches it';
  if (pattern !== null) return `target pattern ${pattern}`;
  if (kind === 'release' && by.mode === 'test') return 'mode test: releases are left out';
  return by.whyIncompatible(rule);
}

function byLabel(one: { readonly label: Label }, other: { readonly label: Label }): number {
  return one.label < other.label ? -1 : one.label > other.label ? 1 : 0;
}
